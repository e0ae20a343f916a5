from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ...canonical.display import metrics
from ...canonical.review.alerts import Measured, round_down, round_up

#: What was heard so many seconds ago is not silent, though it may have no rhythm.
_HEARD_LATELY = 24 * 3600


class SaasAlertSources(models.AbstractModel):
    """Measures whether sources are heard, let in and as they were. Each method returns
    what was found, a ``Measured`` by the source's id.
    """

    _name = "saas.alert.sources"
    _description = "SaaS alerts about sources"

    def _measure_silence(self, _rules):
        """For how many times its longest pause an active source was not heard.

        A source that is silent for long loses its rhythm, since that is read of the
        last weeks. Then nobody can tell, and what is raised stays until it is heard.
        """
        read = {metric: {} for metric in metrics.METRICS}
        for sample in self.env["saas.metrics.rhythm"]._read():
            read[sample.metric][sample.source_id] = sample.value
        found = {}
        for source_id, silence in read[metrics.SILENCE].items():
            if not read[metrics.ACTIVE][source_id]:
                continue
            if pause := read[metrics.USUAL_PAUSE].get(source_id):
                found[source_id] = Measured(round_up(silence / pause))
            elif silence > _HEARD_LATELY:
                found[source_id] = Measured(None)
        return found

    def _measure_refused(self, rules):
        """How many requests were refused because their signature was wrong."""
        counts = self.env["saas.refusals"]._read(rules)
        return {source_id: Measured(count) for source_id, count in counts.items()}

    def _measure_streams(self, _rules):
        """For how many of its intervals the slowest stream was not read, of those that
        stand still and could be read.
        """
        now = fields.Datetime.now()
        cursors = self.env["saas.cursor"].search_fetch(
            [
                ("company_id", "in", self.env.companies.ids),
                ("source_id.state", "=", "active"),
                ("is_stalled", "=", True),
            ],
            ["source_id", "label", "stream", "moved_at", "minutes"],
        )
        found = {}
        for cursor in cursors:
            pause = timedelta(minutes=cursor.minutes)
            late = Measured(
                round_up((now - cursor.moved_at) / pause),
                cursor.label or cursor.stream,
            )
            first = found.get(cursor.source_id.id, late)
            found[cursor.source_id.id] = max(first, late, key=lambda each: each.value)
        return found

    def _measure_secrets(self, _rules):
        """In how many days the last signing secret of an active source ends. One that
        ends while another goes on is no trouble: that is how a secret is rolled.
        """
        self.env["saas.source.secret"].flush_model()
        self.env["saas.source"].flush_model(["state"])
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """SELECT secret.source_id, max(secret.valid_until)
                     FROM saas_source_secret secret
                     JOIN saas_source source ON source.id = secret.source_id
                    WHERE source.state = 'active'
                 GROUP BY secret.source_id
                   HAVING bool_and(secret.valid_until IS NOT NULL)"""
            )
        )
        return {
            source_id: Measured(round_down((until - now) / timedelta(days=1)))
            for source_id, until in rows
        }

    def _measure_drift(self, rules):
        """How many versions of its interface, and types that are not handled, a source
        has sent for the first time.
        """
        seen = self.env["saas.seen"]
        seen._note()
        return {
            source_id: Measured(count, names)
            for source_id, (count, names) in seen._read(rules).items()
        }

    def _measure_fields(self, rules):
        """How many of a hundred events lack a field that was always there."""
        return {
            source_id: Measured(share, names)
            for source_id, (share, names) in self.env["saas.usual.field"]
            ._look(rules)
            .items()
        }
