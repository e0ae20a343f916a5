from odoo import fields, models
from odoo.tools import SQL

from ...canonical.review.alerts import Measured


class SaasAlertUsage(models.AbstractModel):
    """Measures whether usage is counted, and is all there. Each method returns what was
    found, a ``Measured`` by the source's id.
    """

    _name = "saas.alert.usage"
    _description = "SaaS alerts about usage"

    def _measure_waiting(self, _rules):
        """For how many hours the oldest usage waits: since its event was received."""
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """SELECT record.source_id, min(event.received_at)
                     FROM (SELECT source_id, company_id, min(event_id) AS event_id
                             FROM saas_usage_record
                            WHERE state IN ('parked', 'conflict')
                         GROUP BY source_id, company_id) record
                     JOIN saas_subscription_event event ON event.id = record.event_id
                    WHERE record.company_id = ANY(%s)
                 GROUP BY record.source_id""",
                self.env.companies.ids,
            )
        )
        return {
            source_id: Measured(int((now - since).total_seconds() // 3600))
            for source_id, since in rows
        }

    def _measure_differing(self, _rules):
        """How many days differ from their records, and how many records are missing, or
        are there beyond what was stored.
        """
        own = ("company_id", "in", self.env.companies.ids)
        counts = {
            source.id: count
            for source, count in self.env["saas.usage.bucket"]._read_group(
                [("differs", "=", True), own], ["source_id"], ["__count"]
            )
        }
        for source in self.env["saas.source"].search([("usage_missing", "!=", 0), own]):
            counts[source.id] = counts.get(source.id, 0) + abs(source.usage_missing)
        return {source_id: Measured(count) for source_id, count in counts.items()}
