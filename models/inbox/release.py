from math import inf

from odoo import fields, models
from odoo.orm.models import NO_ACCESS

from ...canonical.facts import get_arrivals_elsewhere
from ...canonical.kinds import Kind
from ...canonical.reasons import State
from ...canonical.reference import Reference


class SaasSubscriptionEvent(models.Model):
    """Frees an event that waits when a new object arrives, and by each object only
    once.

    An event can bring what others wait for and wait itself, as a charge that lists one
    of its two refunds. Processed again, it brings the same again. If that counted, it
    would free itself, or two such events each other, for ever. So what an event has
    brought is remembered while it waits, and counts once. What was applied before an
    event was decided does not free it either: it was decided with that in sight.

    Each release uses up something that is never used again, so without an arrival from
    outside there is a last one. Then the event waits until its time is up.
    """

    _inherit = "saas.subscription.event"

    brought_refs = fields.Json(
        readonly=True,
        groups=NO_ACCESS,
        help="The objects that this event has brought while it waits, and that "
        "other events may wait for.",
    )
    swept_refs = fields.Json(
        readonly=True,
        groups=NO_ACCESS,
        help="The objects that this event waited for, and that were there when the "
        "sweep looked.",
    )

    asked_at = fields.Datetime(
        readonly=True,
        help="When the object that the event waits for was last fetched through "
        "the source's API.",
    )

    def _release_for(self, source, items):
        """Free what waits for something new that these events have brought.

        :param items: what became of their facts.
        :return: the references of what is new, as texts; where the source is linked,
            also those by which events of linked sources wait for it.
        """
        # What waits for an event itself goes on, whenever it was decided.
        turns = {e: {str(Reference(Kind.EVENT, e.external_id)): inf} for e in self}
        for item in items:
            for ref in _get_arrivals(source, item):
                _keep_last(turns[item.event], str(Reference(*ref)), item.turn)
        news = {}
        for event, brought in turns.items():
            for reference in event._get_news(brought):
                _keep_last(news, reference, brought[reference])
        # If several facts of an event wait, the event names the object that the first
        # one waits for.
        decided = {i.event: i.turn for i in reversed(items) if i.is_waiting}
        waiting = self._get_waiting(source, news)
        waiting.filtered(
            lambda event: decided.get(event, 0) <= news[event.waiting_for]
        )._set_state(State.RECEIVED, waiting_for=False)
        return news

    def _get_news(self, references):
        """Return the ``references`` that this event has not brought before, and
        remember them unless the event has ended.
        """
        self.ensure_one()
        known = self.brought_refs or []
        news = set(references).difference(known)
        if news and State(self.state) not in (State.DONE, State.IGNORED):
            self.brought_refs = sorted(news.union(known))
        return news

    def _release(self, source, refs):
        """Send events that wait for one of ``refs`` back to the inbox.

        :param refs: iterable of (kind, external id) that have just arrived.
        """
        references = [str(Reference(*ref)) for ref in refs]
        self._get_waiting(source, references)._set_state(
            State.RECEIVED, waiting_for=False
        )

    def _get_waiting_for_customer(self, customer):
        """Return the events that wait for the same customer as this one, of what they
        told when they came.
        """
        self.ensure_one()
        waiting = self._get_waiting(
            self.source_id, [str(Reference(Kind.CUSTOMER, customer))]
        )
        return self | waiting

    def _release_bound(self):
        """Send events that wait for something that is bound back to the inbox. If that
        is not what they need, they wait on: it frees none of them again.
        """
        for event in self:
            event.swept_refs = [*(event.swept_refs or []), event.waiting_for]
        self._set_state(State.RECEIVED, waiting_for=False)

    def _get_waiting(self, source, references):
        """Return the events that wait for one of ``references``, also those that were
        left to a person because it did not arrive in time, or for another cause as
        well.
        """
        if not references:
            return self.browse()
        return self.search(
            [
                ("source_id", "=", source.id),
                ("state", "in", (State.PARKED.value, State.QUARANTINED.value)),
                ("waiting_for", "in", list(references)),
            ]
        )

    def _get_references(self, source, parked_before, asked_before):
        """Return what events of ``source`` wait for since before a moment, and which
        nobody asked for since another one: a list of
        :class:`~...canonical.reference.Reference`. What is here already and waits for a
        person is not among them: to have it once more would help nobody.
        """
        groups = self._read_group(
            [
                ("source_id", "=", source.id),
                ("state", "=", State.PARKED.value),
                # What a person holds back waits for nothing.
                ("waiting_for", "!=", False),
                ("write_date", "<", parked_before),
            ],
            ["waiting_for"],
            ["asked_at:max"],
            limit=1000,
        )
        due = [
            reference
            for reference, asked_at in groups
            if not asked_at or asked_at < asked_before
        ]
        here = self._find_blockers(source, due)
        return [
            Reference.parse(reference) for reference in due if reference not in here
        ]


def _get_arrivals(source, item):
    """Return what an item has brought, as kinds and ids."""
    if not item.has_arrived:
        return []
    elsewhere = get_arrivals_elsewhere(item.fact) if source.is_linked else []
    return [*item.fact.arrivals, *elsewhere]


def _keep_last(turns, reference, turn):
    turns[reference] = max(turn, turns.get(reference, 0))
