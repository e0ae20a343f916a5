from odoo import fields, models
from odoo.tools import SQL

from ...canonical.reasons import State
from ...canonical.review.alerts import Measured, round_up
from .. import domains


class SaasAlertEvents(models.AbstractModel):
    """Measures whether events get through. Each method returns what was found, a
    ``Measured`` by the source's id.
    """

    _name = "saas.alert.events"
    _description = "SaaS alerts about events"

    def _measure_fast_lane(self, _rules):
        """For how many minutes the oldest event in the fast lane is due."""
        return self._measure_lane(SQL("event.lane IS DISTINCT FROM 'batch'"))

    def _measure_batch_lane(self, _rules):
        """For how many minutes the oldest event in the batch lane is due."""
        return self._measure_lane(SQL("event.lane = 'batch'"))

    def _measure_lane(self, in_lane):
        """Return since how many minutes the oldest event is due in a lane of each
        active source, as the figures of events count it.
        """
        self.env["saas.subscription.event"].flush_model()
        self.env["saas.source"].flush_model(["state"])
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """SELECT event.source_id, min(%s)
                     FROM saas_subscription_event event
                     JOIN saas_source source ON source.id = event.source_id
                    WHERE event.state = %s AND %s AND source.state = 'active'
                      AND (event.retry_at IS NULL OR event.retry_at <= %s)
                 GROUP BY event.source_id""",
                domains.DUE_SINCE,
                *(State.RECEIVED.value, in_lane, now),
            )
        )
        return {
            source_id: Measured(max(0, round_up((now - since).total_seconds() / 60)))
            for source_id, since in rows
        }

    def _measure_dead(self, _rules):
        """How many events were given up."""
        rows = self.env["saas.subscription.event"]._read_group(
            [
                ("company_id", "in", self.env.companies.ids),
                ("state", "=", State.DEAD.value),
            ],
            ["source_id"],
            ["__count"],
        )
        return {source.id: Measured(count) for source, count in rows}
