import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..canonical.kinds import Kind
from ..canonical.reasons import Reason, State
from ..canonical.reference import SEPARATOR, Reference

_logger = logging.getLogger(__name__)


class SaasSource(models.Model):
    """The sweep: sees to it that no event waits for luck."""

    _inherit = "saas.source"

    def _get_due_domain(self):
        """Return the domain of events that could be processed now."""
        return [
            ("source_id", "in", self.ids),
            ("state", "=", State.RECEIVED.value),
            "|",
            ("retry_at", "=", False),
            ("retry_at", "<=", fields.Datetime.now()),
        ]

    @api.model
    def _cron_sweep(self):
        """Enqueue what is due and no job covers, free what waits for something that
        is there, and hand to a person what has waited too long.
        """
        if not self.env["saas.environment"]._is_confirmed():
            return
        sources = self.search([("state", "=", "active")])
        sources._release_arrived()
        for source in sources:
            source._fetch_missing()
            source._escalate_parked()
        groups = self.env["saas.subscription.event"]._read_group(
            sources._get_due_domain(), ["source_id"]
        )
        for (source,) in groups:
            source._enqueue_drain()

    def _release_arrived(self):
        """Free parked events whose object is bound. The drain does so at once; this
        is for an object that arrived by another way, at the same moment.
        """
        self.env["saas.subscription.event"].flush_model(
            ["state", "waiting_for", "swept_refs"]
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT event.id FROM saas_subscription_event event
                   JOIN saas_binding binding
                     ON binding.source_id = event.source_id
                    AND binding.kind || %s || binding.external_id = event.waiting_for
                   WHERE event.state = 'parked' AND event.source_id = ANY(%s)
                     AND NOT COALESCE(event.swept_refs, '[]') ? event.waiting_for""",
                SEPARATOR,
                self.ids,
            )
        )
        if rows:
            events = self.env["saas.subscription.event"].browse(i for (i,) in rows)
            events._release_bound()

    def _escalate_parked(self):
        self.ensure_one()
        events = self.env["saas.subscription.event"].search(
            [
                ("source_id", "=", self.id),
                ("state", "=", State.PARKED.value),
                (
                    "received_at",
                    "<",
                    fields.Datetime.now() - timedelta(hours=self.park_hours),
                ),
            ]
        )
        for event in events:
            kind = Reference.parse(event.waiting_for).kind
            event._settle(
                State.QUARANTINED,
                Reason.UNKNOWN_TENANT
                if kind == Kind.CUSTOMER
                else Reason.MISSING_REFERENCE,
                self.env._("%s did not arrive in time", event.waiting_for),
            )
