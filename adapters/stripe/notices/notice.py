"""Reads notices, which Stripe calls thin events: they have no data. A notice about a v1
resource names the snapshot event that has the data, which a subscribed endpoint gets as
well.
https://docs.stripe.com/event-destinations
"""

from datetime import UTC, datetime

from ....canonical.envelope import Envelope
from ....canonical.facts import Notice
from ....canonical.kinds import Kind

KIND = "v2.core.event"
#: The kinds of the objects that a notice may be about, where Stripe's word differs.
_KINDS = {"charge": Kind.PAYMENT, "payment_intent": Kind.PAYMENT}


def identify(notice):
    """Return the envelope of a notice, a reader."""
    text = notice.text("created")
    try:
        created = datetime.fromisoformat(text)
        if created.tzinfo is None or not 2000 <= created.year < 2100:
            raise ValueError(text)
    except ValueError:
        raise notice.error("created", "a moment as ISO 8601 has it", text) from None
    return Envelope(
        external_id=notice.ref("id"),
        event_type=notice.text("type"),
        occurred_at=created.astimezone(UTC),
        livemode=notice.flag("livemode") if notice.has("livemode") else None,
        account=_read_account(notice),
    )


def _read_account(notice):
    """Return the account: the last of a context such as ``org_1/acct_2``."""
    last = notice.text("context", "").rpartition("/")[2]
    return last if last.startswith("acct_") else ""


def read(notice, understood, is_complete=False):
    """Return the facts of a notice, or None if there is nothing to learn from it.

    :param understood: the types of snapshot events that are understood.
    :param is_complete: whether the API told of it, which says more than a webhook.
    """
    version, _dot, name = notice.text("type").partition(".")
    if version != "v1" or name not in understood:
        return None
    related = notice.object("related_object")
    kind = related.text("type", "")
    return [
        Notice(
            external_id=notice.ref("id"),
            content_ref=notice.text("snapshot_event", None),
            is_complete=is_complete,
            object_kind=_KINDS.get(kind, kind),
            object_ref=related.text("id", ""),
        )
    ]
