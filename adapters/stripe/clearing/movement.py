"""Reads balance transactions: those of Stripe's list, and those that a dispute lists.
https://docs.stripe.com/api/balance_transactions/object
"""

from ....canonical.categories import Category
from ....canonical.errors import Quarantine
from ....canonical.facts import ListedMovement, Movement, PayoutContents
from ....canonical.reasons import Reason
from ..event import read_currency

#: The keys of other ids that an object goes by, where the object stands in the place of
#: its id.
_ALIASES = ("payment_intent",)
#: Stripe's reporting categories that are understood here; any other keeps Stripe's
#: word. What was not captured is in form a refund of the charge, which is no fact of
#: its own: the charge's own movement is of all that was authorised.
#: https://docs.stripe.com/reports/reporting-categories
CATEGORIES = {
    "charge": Category.CHARGE,
    "charge_failure": Category.CHARGE_FAILURE,
    "partial_capture_reversal": Category.NOT_CAPTURED,
    "refund": Category.REFUND,
    "refund_failure": Category.REFUND_FAILURE,
    "dispute": Category.DISPUTE,
    "dispute_reversal": Category.DISPUTE_REVERSAL,
    "payout": Category.PAYOUT,
    "payout_reversal": Category.PAYOUT_REVERSAL,
    "fee": Category.FEE,
    "network_cost": Category.NETWORK_COST,
    "tax": Category.TAX,
}


def read(event):
    """Return one fact about a balance transaction, in minor units of its currency, in a
    list.

    :raises Quarantine: if the object that moved the money was not expanded.
    """
    data = event.data
    return [
        ListedMovement(
            category=_read_category(data),
            type=data.text("type", ""),
            description=data.text("description", ""),
            object_ids=_read_object_ids(data),
            available_at=data.moment("available_on", None),
            is_available=data.text("status", "") == "available",
            exchange_rate=data.decimal("exchange_rate", None),
            **_read_amounts(data),
        )
    ]


def read_contents(event):
    """Return one fact about which transactions a payout holds, in a list. The object
    was put together here, because a balance transaction does not name its payout.
    """
    data = event.data
    return [
        PayoutContents(
            external_id=data.text("id"),
            transactions=tuple(
                part.text("id") for part in data.objects("transactions")
            ),
        )
    ]


def read_movement(data):
    """Return one of the balance transactions that a dispute lists."""
    return Movement(**_read_amounts(data))


def _read_category(data):
    word = data.text("reporting_category")
    return CATEGORIES.get(word, word)


def _read_amounts(data):
    return {
        "external_id": data.text("id"),
        "amount": data.integer("amount"),
        "fee": data.integer("fee", 0),
        "fee_tax": sum(
            part.integer("amount")
            for part in data.objects("fee_details")
            if part.text("type", "") == "tax"
        ),
        "net": data.integer("net"),
        "moved_at": data.moment("created"),
        **read_currency(data),
    }


def _read_object_ids(data):
    main = data.ref("source", None)
    if not main:
        return ()
    if _read_category(data) == Category.NOT_CAPTURED:
        return _read_payment_ids(data, main)
    aliases = []
    if isinstance(data.value["source"], dict):
        aliases = [data.object("source").ref(key, None) for key in _ALIASES]
    return (main, *filter(None, aliases))


def _read_payment_ids(data, main):
    """Return the ids of the payment that a reversal is of, where Stripe has put a
    refund in between.
    """
    if main.startswith(("ch_", "py_", "pi_")):
        return (main,)
    source = data.value["source"]
    payment = isinstance(source, dict) and data.object("source").ref(
        "payment_intent", None
    )
    if not payment:
        raise Quarantine(
            Reason.INCOMPLETE_PAYLOAD,
            "The source of the balance transaction was not expanded. Read the balance "
            "transactions again.",
        )
    return (payment, main)
