"""``payout.*``. https://docs.stripe.com/api/payouts/object"""

from ....canonical.facts import Payout
from ..event import read_currency, read_failed_at

_FAILED_TYPES = ("payout.failed", "payout.canceled")


def read(event):
    """Return one fact about a payout, in a list."""
    data = event.data
    state = data.text("status")
    failed = state in ("failed", "canceled")
    texts = (
        data.text("id"),
        data.text("statement_descriptor", ""),
        data.text("trace_id.value", ""),
    )
    return [
        Payout(
            external_id=data.text("id"),
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
