"""A Stripe account: its events in the order in which they happened, and the books."""

import json
from dataclasses import dataclass
from datetime import datetime

from ...make_believe.stripe.fate import DONE, Fate
from ...make_believe.stripe.shapes.asked import ApiShape
from ...make_believe.stripe.shapes.basil import BasilShape
from ...make_believe.stripe.shapes.classic import ClassicShape
from ...make_believe.stripe.shapes.notice import make_notice
from ..books.ledger import Ledger
from ..catalogue import EU
from .balance import Balance


@dataclass
class Event:
    """An event as it is sent, and the state it is meant to end in. One that is not
    sent can only be read through the API.
    """

    id: str
    type: str
    moment: datetime
    body: bytes
    entity: str
    fate: Fate
    is_sent: bool = True
    #: Sent after people have changed something in Odoo.
    is_later: bool = False


class Account:
    """Collects what happens at one Stripe account. ``has_api`` says whether Odoo can
    also ask it, ``is_resolved`` whether people have done what they were asked to.
    """

    def __init__(self, entity, has_api=False, is_resolved=False):
        self.entity = entity
        self.has_api = has_api
        self.is_resolved = is_resolved
        #: Whether what is told now is sent after people have changed something.
        self.is_later = False
        self.shape = BasilShape(entity) if entity is EU else ClassicShape(entity)
        self.ledger = Ledger(entity, has_api, is_resolved)
        self.balance = Balance(self)
        self.events = []
        self.tenants = []
        self._kept = []

    def keep(self, kind, *things):
        """Note what the API shows an object of, and its shape's method."""
        self._kept.append((kind, things))

    def list_kept(self, kind):
        """Return what is kept of a kind, as plain values."""
        return [things[-1] for name, things in self._kept if name == kind]

    def become(self, fate):
        """Return what becomes of something, before or after people have acted."""
        return fate.resolved() if self.is_resolved else fate

    def list_ids(self):
        """Return the ids of all objects that the API shows, as a set."""
        return {data["id"] for data in self.list_objects()}

    def list_objects(self):
        """Return all objects as the API shows them now. It is asked for its newest
        version, whatever the events are written in.
        """
        shape = ApiShape(self.entity)
        return [getattr(shape, kind)(*things) for kind, things in self._kept]

    def emit(self, event_type, moment, data, fate=DONE, **details):
        """Note an event about an object as it is now; return it."""
        event_id = self._make_id()
        payload = self.shape.event(event_id, event_type, moment, data, **details)
        body = json.dumps(payload, indent=2, ensure_ascii=False).encode()
        event = Event(
            event_id,
            event_type,
            moment,
            body,
            self.entity.key,
            self.become(fate),
            is_later=self.is_later,
        )
        self.events.append(event)
        return event

    def _make_id(self):
        """Return an id for the next event, which is legible, unlike Stripe's."""
        return f"evt_{self.entity.key}_{len(self.events) + 1:04d}"

    def notify(self, event, is_sent=True):
        """Tell an event as a thin one as well, which has no content. The event itself
        is to be read through the API, and is sent or not. Return the thin one.
        """
        event.is_sent = is_sent
        snapshot = json.loads(event.body)
        self._kept.append(("snapshot", (snapshot,)))
        thin_id = self._make_id()
        notice = make_notice(snapshot, thin_id)
        body = json.dumps(notice, indent=2).encode()
        thin = Event(thin_id, notice["type"], event.moment, body, self.entity.key, DONE)
        self.events.append(thin)
        return thin

    def repeat(self, event):
        """Tell the same fact in a second event, as Stripe sometimes does; return
        it.
        """
        payload = json.loads(event.body)
        self.is_later = event.is_later
        again = self.emit(
            event.type, event.moment, payload["data"]["object"], event.fate
        )
        return again
