import logging
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..canonical.kinds import Kind
from ..canonical.reasons import UNTIMED, Reason, State
from ..canonical.reference import SEPARATOR, Reference
from ..canonical.review.changes import StateChange

_logger = logging.getLogger(__name__)

#: Why an event is left to a person when what it waits for did not arrive in time.
_LATE = (Reason.MISSING_REFERENCE.value, Reason.UNKNOWN_TENANT.value)


class SaasSweep(models.AbstractModel):
    """Sees to it that no event waits for luck."""

    _name = "saas.sweep"
    _description = "SaaS sweep"

    def _sweep(self):
        """Enqueue what is due and no job covers, free what waits for something that
        is there, and hand to a person what has waited too long.
        """
        if not self.env["saas.environment"]._is_confirmed():
            return
        sources = self.env["saas.source"].search([("state", "=", "active")])
        self._release_arrived(sources)
        self.env["saas.linking"]._sweep(sources)
        self.env["saas.usage.intake"]._sweep(sources)
        for source in sources:
            self.env["saas.reading.fetch"]._fetch_missing(source)
            self._escalate_parked(source)
        groups = self.env["saas.subscription.event"]._read_group(
            sources._get_due_domain(), ["source_id"]
        )
        for (source,) in groups:
            source._enqueue_drain()

    def _release_arrived(self, sources):
        """Free events whose object is bound, also those that it came too late for. The
        drain does so at once; this is for an object that arrived by another way, at the
        same moment.
        """
        self.env["saas.subscription.event"].flush_model(
            ["state", "reason", "waiting_for", "swept_refs"]
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT event.id FROM saas_subscription_event event
                   JOIN saas_binding binding
                     ON binding.source_id = event.source_id
                    AND binding.kind || %s || binding.external_id = event.waiting_for
                   WHERE (event.state = 'parked' OR event.state = 'quarantined'
                          AND event.reason = ANY(%s))
                     AND event.source_id = ANY(%s)
                     AND NOT COALESCE(event.swept_refs, '[]') ? event.waiting_for""",
                SEPARATOR,
                list(_LATE),
                sources.ids,
            )
        )
        if rows:
            events = self.env["saas.subscription.event"].browse(i for (i,) in rows)
            events._release_bound()

    def _escalate_parked(self, source):
        """Leave to a person what has waited longer than the source allows. What a
        person holds back, or observes, stays with them.
        """
        events = self.env["saas.subscription.event"].search(
            [
                ("source_id", "=", source.id),
                ("state", "=", State.PARKED.value),
                ("reason", "not in", [reason.value for reason in UNTIMED]),
                (
                    "received_at",
                    "<",
                    fields.Datetime.now() - timedelta(hours=source.park_hours),
                ),
            ]
        )
        self.env["saas.subscription.event"]._set_states(
            [
                StateChange(
                    event,
                    State.QUARANTINED,
                    self._get_late_reason(event),
                    self.env._("%s did not arrive in time.", event.waiting_for),
                )
                for event in events
            ]
        )

    def _get_late_reason(self, event):
        """Return why a person has to look at an event that has waited too long."""
        if Reference.parse(event.waiting_for).kind == Kind.CUSTOMER:
            return Reason.UNKNOWN_TENANT
        return Reason.MISSING_REFERENCE
