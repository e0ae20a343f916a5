"""``payout.*``. https://docs.stripe.com/api/payouts/object"""

from ....canonical.facts import Payout
from ..event import read_currency, read_failed_at
from ..words import read_word

_FAILED_TYPES = ("payout.failed", "payout.canceled")
#: What an event says of a payout by its type, where the payout's own word is not known.
_TOLD = {
    "payout.paid": "paid",
    "payout.failed": "failed",
    "payout.canceled": "canceled",
    "payout.reconciliation_completed": "paid",
}


def read(event):
    """Return one fact about a payout, in a list. A payout of an unknown state that no
    type of event explains stays what it was, and a new one is on its way.
    """
    data = event.data
    state = read_word(data, "status", "payout") or _TOLD.get(event.type, "pending")
    failed = state in ("failed", "canceled")
    texts = (
        data.ref("id"),
        data.text("statement_descriptor", ""),
        data.text("trace_id.value", ""),
    )
    return [
        Payout(
            external_id=data.ref("id"),
            amount=data.integer("amount"),
            state=state,
            automatic=data.flag("automatic"),
            arrives_at=data.moment("arrival_date"),
            failed_at=read_failed_at(event, _FAILED_TYPES) if failed else None,
            contents_ready=data.text("reconciliation_status", "") != "in_progress",
            bank_texts=tuple(filter(None, texts)),
            **read_currency(data),
        )
    ]
