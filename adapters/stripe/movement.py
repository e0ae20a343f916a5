"""Balance transactions: pulled, and those a dispute lists.
https://docs.stripe.com/api/balance_transactions/object
"""

from ...canonical.facts import BalanceTransaction, Movement, PayoutContents
from .event import read_currency

#: Of an object that stands where only its id was asked for: other ids it goes by.
_ALIASES = ("payment_intent",)


def read(event):
    data = event.data
    return [
        BalanceTransaction(
            category=data.text("reporting_category"),
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
    """Read which transactions a payout holds: a list that was put together here, as
    a balance transaction does not name its payout.
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
    aliases = []
    if isinstance(data.value["source"], dict):
        aliases = [data.object("source").ref(key, None) for key in _ALIASES]
    return (main, *filter(None, aliases))
