"""Reads ``charge.dispute.*``: five events that each send a snapshot of a dispute.
https://docs.stripe.com/api/disputes/object
"""

from ....canonical.facts import Dispute
from ..event import read_currency
from ..words import read_word
from .movement import read_movement


def read(event):
    """Return one fact about a dispute, with the movements that it lists, in a list."""
    data = event.data
    closed = event.type == "charge.dispute.closed"
    return [
        Dispute(
            external_id=data.ref("id"),
            version=event.version,
            payment=data.ref("payment_intent", None) or data.ref("charge"),
            amount=data.integer("amount"),
            state=read_word(data, "status", "dispute"),
            reason=data.text("reason", ""),
            opened_at=data.moment("created"),
            due_at=data.moment("evidence_details.due_by", None),
            closed_at=event.occurred_at if closed else None,
            movements=tuple(
                read_movement(part) for part in data.objects("balance_transactions")
            ),
            **read_currency(data),
        )
    ]
