"""Notices, which Stripe calls thin events: what happened to which object, without it.
https://docs.stripe.com/event-destinations#thin-events
"""

from datetime import UTC, datetime


def make_notice(event, notice_id):
    """Return the notice of a snapshot event, with an id of its own.

    In: the event as JSON holds it; its object is read through the API.
    """
    data = event["data"]["object"]
    created = datetime.fromtimestamp(event["created"], UTC)
    return {
        "id": notice_id,
        "object": "v2.core.event",
        "type": f"v1.{event['type']}",
        "created": created.isoformat().replace("+00:00", "Z"),
        "livemode": event["livemode"],
        "context": None,
        "reason": None,
        "related_object": {
            "id": data["id"],
            "type": data["object"],
            "url": f"/v1/{data['object']}s/{data['id']}",
        },
        "snapshot_event": event["id"],
    }
