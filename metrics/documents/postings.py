from odoo import fields, models
from odoo.tools import SQL

from ...canonical.actions import LAGGED, Action
from ...canonical.display import metrics
from .. import domains
from ..sample import Sample, share, whole_seconds

_QUANTILES = ("0.5", "0.95")
#: Who acts in the log when no person does.
_NOBODY = ("pipeline", "__system__")


class SaasMetricsPostings(models.AbstractModel):
    """Reads from the log how long what was posted in the last week took, and how much
    of it was booked without a person.
    """

    _name = "saas.metrics.postings"
    _description = "SaaS figures of postings"

    def _read(self):
        """Return the samples of the companies in which the user works."""
        samples = []
        for company, source, action, count, untouched, times in self._aggregate():
            place = (company, source)
            if action is None:
                ratio = share(untouched, count)
                samples.append(Sample(metrics.WITHOUT_PERSON, ratio, *place))
                continue
            kind = LAGGED[Action(action)].value
            samples.append(Sample(metrics.POSTED, count, *place, {"kind": kind}))
            for quantile, seconds in zip(_QUANTILES, times or (), strict=False):
                labels = {"kind": kind, "quantile": quantile}
                value = whole_seconds(seconds)
                samples.append(Sample(metrics.POSTING_LAG, value, *place, labels))
        return samples

    def _aggregate(self):
        """Return for each source and action, and for each source alone, how many were
        posted, how many of them nobody touched, and the seconds they took.

        This is SQL because the ORM computes no percentiles.
        """
        self.env["saas.sync.log"].flush_model()
        self.env["saas.subscription.event"].flush_model(["occurred_at"])
        return self.env.execute_query(
            SQL(
                """SELECT log.company_id, log.source_id, log.action, count(*),
                          count(*) FILTER (WHERE NOT EXISTS (
                              SELECT FROM saas_sync_log other
                               WHERE other.event_id = log.event_id
                                 AND (other.actor NOT IN %(nobody)s
                                      OR other.action IN %(stopped)s))),
                          percentile_cont(%(quantiles)s::float[]) WITHIN GROUP (
                              ORDER BY extract(
                                  epoch FROM log.logged_at - event.occurred_at)::float)
                     FROM saas_sync_log log
                     JOIN saas_subscription_event event ON event.id = log.event_id
                    WHERE log.company_id = ANY(%(companies)s)
                      AND log.logged_at > %(since)s
                      AND log.action IN %(actions)s
                 GROUP BY GROUPING SETS (
                          (log.company_id, log.source_id, log.action),
                          (log.company_id, log.source_id))
                 ORDER BY 1, 2, 3""",
                nobody=_NOBODY,
                stopped=(Action.EVENT_QUARANTINED.value, Action.EVENT_DEAD.value),
                quantiles=[float(quantile) for quantile in _QUANTILES],
                companies=self.env.companies.ids,
                since=fields.Datetime.now() - domains.WEEK,
                actions=tuple(action.value for action in LAGGED),
            )
        )
