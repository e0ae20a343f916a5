"""Reads what a fee consists of: the ``fee_details`` of a balance transaction.
https://docs.stripe.com/api/balance_transactions/object
"""

from ....canonical.categories import FeeKind
from ....canonical.facts import FeePart

#: Kinds of fees by Stripe's types; any other is not understood here.
_KINDS = {
    "stripe_fee": FeeKind.PROCESSING,
    "application_fee": FeeKind.APPLICATION,
    "payment_method_passthrough_fee": FeeKind.PASSED_THROUGH,
    "tax": FeeKind.TAX,
    "withheld_tax": FeeKind.WITHHELD_TAX,
}


def read_fees(data):
    """Return the parts of a balance transaction's fee, in minor units of its currency;
    none where Stripe states no details. What the details leave open, or state in
    another currency, is a fee of an unknown kind.
    """
    details = data.objects("fee_details")
    currency = data.text("currency")
    if not details:
        return ()
    fees = tuple(
        FeePart(
            kind=_KINDS.get(part.text("type", ""), FeeKind.UNKNOWN),
            amount=part.integer("amount"),
        )
        for part in details
        if part.text("currency", currency) == currency
    )
    rest = data.integer("fee", 0) - sum(part.amount for part in fees)
    return (*fees, FeePart(kind=FeeKind.UNKNOWN, amount=rest)) if rest else fees
