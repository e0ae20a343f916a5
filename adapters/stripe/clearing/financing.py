"""Reads ``capital.financing_transaction.created``: how much of a repayment is the fee.
The balance transaction has the whole of it.
https://docs.stripe.com/api/capital/financing_transactions/object
"""

from ....canonical.facts import LoanCost, MovementNotice
from ..event import read_currency
from ..words import read_word


def read(event):
    """Return the fee in a repayment, or in one that was taken back, and that money has
    moved, as facts in a list.
    """
    data = event.data
    details = data.object("details")
    notice = MovementNotice(external_id=data.ref("id"), is_unnamed=True)
    word = read_word(data, "type", "capital.financing_transaction")
    if word is None:
        return [notice]  # nobody knows what its fee is for
    return [
        notice,
        LoanCost(
            external_id=data.ref("id"),
            amount=abs(details.integer("fee_amount", 0)),
            is_repayment=word == "payment",
            undoes=details.ref("reversed_transaction", None),
            booked_at=data.moment("created_at"),
            **read_currency(details),
        ),
    ]
