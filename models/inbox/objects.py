from odoo import fields, models
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL

from ...canonical.errors import EventError
from ...canonical.kinds import DECIDABLE, Kind
from ...canonical.reasons import (
    ELSEWHERE,
    STOPPED_STATES,
    UNTIMED,
    Reason,
    State,
)
from ...canonical.reference import Reference

#: Kinds of facts that tell of an object of another kind.
_ALSO = {Kind.INVOICE: Kind.INVOICE_OPENING}
_ANY = SQL()


class SaasSubscriptionEvent(models.Model):
    """Knows which objects an event is about, so that it leads to what they are
    here, and a person's decision about one frees all events of it that wait.
    """

    _inherit = "saas.subscription.event"

    object_refs = fields.Json(
        readonly=True,
        groups=NO_ACCESS,
        help="The objects that this event tells of, noted when it is processed.",
    )

    def _read_facts(self):
        """Return the facts that an event states; none if it can't be read."""
        self.ensure_one()
        try:
            payload = self._read_payload()
            facts = self.source_id._get_adapter()._normalise(payload) or []
        except EventError:
            return []
        return [each for fact in facts for each in self.source_id._add_links(fact)]

    def _tells_of_books(self):
        """Return whether an event tells of a document or of money of its source."""
        self.ensure_one()
        return self.reason not in ELSEWHERE and any(
            fact.kind in DECIDABLE for fact in self._read_facts()
        )

    def _prepare_objects(self, facts):
        """Return the values that note which objects an event tells of, by all names
        that others may wait for. Of the customer of a document, it tells only by the
        way.
        """
        refs = {(fact.kind, fact.external_id) for fact in facts}
        for fact in facts:
            refs |= {ref for ref in fact.arrivals if ref[0] != Kind.CUSTOMER}
        told = sorted(str(Reference(*ref)) for ref in refs)
        return {"object_refs": told} if told != self.object_refs else {}

    def _find_blockers(self, source, references):
        """Return by reference the event that holds it up: it tells of the object, is
        here, and waits for a person, is held back by one, or only observed. What is
        here in part only does not count.

        :param references: texts, as in ``waiting_for``.
        """
        found = self._find_telling(
            source, references, [state.value for state in STOPPED_STATES]
        )
        found |= self._find_telling(
            source,
            references,
            (State.PARKED.value,),
            SQL("AND event.reason = ANY(%s)", [reason.value for reason in UNTIMED]),
        )
        return {
            reference: event
            for reference, event in found.items()
            if event.reason != Reason.INCOMPLETE_PAYLOAD
        }

    def _find_telling(self, source, references, states, condition=_ANY):
        """Return by reference the newest event that tells of the object and is in one
        of ``states``, which are some of those that wait.

        :param condition: a further condition on the events.
        """
        if not references:
            return {}
        self.flush_model(["state", "reason", "object_refs"])
        rows = self.env.execute_query(
            SQL(
                """SELECT ref, max(event.id)
                     FROM saas_subscription_event event, unnest(%s) ref
                    WHERE event.source_id = %s
                      AND event.state = ANY(%s)
                      AND event.state IN ('parked', 'quarantined', 'dead')
                      AND event.object_refs ? ref %s
                    GROUP BY ref""",
                list(references),
                source.id,
                list(states),
                condition,
            )
        )
        return {ref: self.browse(event_id) for ref, event_id in rows}

    def _get_about(self, source, refs):
        """Return the events that wait, or that a decision had ignored, and tell of one
        of these objects. What a person holds back is not among them: it is held against
        the decision when it is let go.

        :param refs: :class:`~...canonical.reference.Reference` of objects.
        """
        wanted = {str(ref) for ref in refs}
        wanted |= {str(Reference(_ALSO[r.kind], r[1])) for r in refs if r.kind in _ALSO}
        waiting = self.search(
            [
                ("source_id", "=", source.id),
                "|",
                *("&", *self._get_open_domain()),
                "&",
                ("state", "=", State.IGNORED.value),
                ("reason", "=", Reason.IGNORED_BY_PERSON.value),
            ]
        )
        for event in waiting.filtered(lambda event: event.object_refs is False):
            # It waited before this was noted, or ended its worker.
            event.write(event._prepare_objects(event._read_facts()))
        return waiting.filtered(lambda event: wanted & set(event.object_refs or ()))

    def _get_waiting_for(self, source, refs):
        """Return the events that wait for one of these objects, also those that were
        handed to a person because it did not arrive in time.
        """
        ids = {ref.external_id for ref in refs}
        late = self.search(
            [
                ("source_id", "=", source.id),
                ("state", "=", State.QUARANTINED.value),
                (
                    "reason",
                    "in",
                    (Reason.MISSING_REFERENCE.value, Reason.PARENT_IGNORED.value),
                ),
            ]
        )
        late = late.filtered(
            lambda event: any(
                external_id in (event.detail or "") for external_id in ids
            )
        )
        return late | self._get_waiting(source, [str(ref) for ref in refs])
