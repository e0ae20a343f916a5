"""How events become facts, by their types.

What GoCardless sends has no content, so most of it is a notice; what was fetched or
read because of that has a type that GoCardless doesn't send: see ``pulled.py``.
"""

from .clearing import movement, payout
from .customers import customer
from .notices import notice
from .payments import mandate, payment, refund

#: Each function takes a ``GoCardlessEvent`` and returns a list of facts, perhaps empty.
#: https://developer.gocardless.com/api-reference/#event-types
NORMALISERS = dict.fromkeys(notice.TYPES, notice.read)

#: What reads objects that were fetched or read.
PULLED = {
    # customers
    "pulled.customers": customer.read,
    # payments
    "pulled.mandates": mandate.read,
    "pulled.payments": payment.read,
    "pulled.refunds": refund.read,
    # clearing
    "pulled.payouts": payout.read,
    "pulled.payout_items": movement.read,
    "pulled.payout_contents": movement.read_contents,
}
