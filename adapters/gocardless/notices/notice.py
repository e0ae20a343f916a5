"""Reads what GoCardless sends: that something has happened to an object, without the
object. https://developer.gocardless.com/api-reference/#core-endpoints-events
"""

from ....canonical.facts import Notice
from ....canonical.kinds import Kind

#: What is fetched because of an event of each kind of object, and what the event's
#: links call it.
_OBJECTS = {
    "mandates": (Kind.MANDATE, "mandate"),
    "payments": (Kind.PAYMENT, "payment"),
    "payouts": (Kind.PAYOUT, "payout"),
    "refunds": (Kind.REFUND, "refund"),
}
#: Events after which there is something to book, or to mirror, or an order of ours is
#: over. A payment tells nothing to the books before it is confirmed.
TYPES = tuple(
    f"{name}.{action}"
    for name, actions in {
        "payments": """
            cancelled chargeback_cancelled chargeback_settled charged_back confirmed
            customer_approval_denied failed late_failure_settled paid_out
        """,
        "payouts": "fx_rate_confirmed paid",
        "refunds": "bounced failed funds_returned paid refund_settled",
    }.items()
    for action in actions.split()
)


def find(event_type):
    """Return what reads events of a type, or None if nothing does: of mandates, all
    are, because a mirror has every state.
    """
    return read if event_type.partition(".")[0] == "mandates" else None


def read(event):
    """Return one fact in a list: the object is to be fetched."""
    kind, _link = _OBJECTS[event.text("resource_type")]
    return [
        Notice(
            external_id=event.ref("id"),
            is_alone=True,
            object_kind=kind,
            object_ref=get_object_id(event),
        )
    ]


def get_object_id(event):
    """Return the id of the object that an event is about.

    :raises Quarantine: if it names none.
    """
    _kind, link = _OBJECTS.get(event.text("resource_type"), (None, "resource"))
    return event.ref(f"links.{link}")
