from odoo import fields, models
from odoo.tools import SQL

from ..canonical.display import metrics
from . import domains
from .sample import Sample, whole_seconds

_QUANTILES = ("0.5", "0.95", "0.99")


class SaasMetricsEvents(models.AbstractModel):
    """Reads how many events wait, go through and stop, and how long they take. Each
    query goes by an index that holds what waits, or the last day: not all events.
    """

    _name = "saas.metrics.events"
    _description = "SaaS figures of events"

    def _read(self):
        """Return the samples of the companies in which the user works."""
        return [*self._read_waiting(), *self._read_open(), *self._read_processed()]

    def _read_waiting(self):
        now = fields.Datetime.now()
        events = self.env["saas.subscription.event"]
        own = [("company_id", "in", self.env.companies.ids)]
        keys = ["company_id", "source_id", "lane"]
        events.flush_model()
        query = events._search([*domains.WAITING, *own])
        rows = self.env.execute_query(
            SQL(
                """SELECT event.company_id, event.source_id,
                          COALESCE(event.lane, 'realtime'), count(*), min(%s)
                     FROM saas_subscription_event event
                    WHERE event.id IN %s
                 GROUP BY 1, 2, 3""",
                domains.DUE_SINCE,
                query.subselect(),
            )
        )
        tried = events._read_group([*domains.RETRYING, *own], keys, ["__count"])
        samples = []
        for company, source, lane, count, oldest in rows:
            place = (company, source, {"lane": lane})
            # What is tried again later is not late.
            age = whole_seconds(max(0, (now - oldest).total_seconds()))
            samples.append(Sample(metrics.WAITING, count, *place))
            samples.append(Sample(metrics.WAITING_OLDEST, age, *place))
        for company, source, lane, count in tried:
            labels = {"lane": lane or "realtime"}
            samples.append(
                Sample(metrics.RETRYING, count, company.id, source.id, labels)
            )
        return samples

    def _read_open(self):
        rows = self.env["saas.subscription.event"]._read_group(
            [*domains.OPEN, ("company_id", "in", self.env.companies.ids)],
            ["company_id", "source_id", "state", "reason"],
            ["__count"],
        )
        return [
            Sample(
                metrics.OPEN,
                count,
                company.id,
                source.id,
                {"state": state, "reason": reason or ""},
            )
            for company, source, state, reason, count in rows
        ]

    def _read_processed(self):
        samples = []
        for company, source, lane, _hour, day, last_hour, times in self._aggregate():
            if lane is None:
                continue
            for window, count in (("hour", last_hour), ("day", day)):
                labels = {"lane": lane, "window": window}
                samples.append(
                    Sample(metrics.PROCESSED, count, company, source, labels)
                )
            for quantile, seconds in zip(_QUANTILES, times, strict=True):
                labels = {"lane": lane, "quantile": quantile}
                value = whole_seconds(seconds)
                samples.append(Sample(metrics.LATENCY, value, company, source, labels))
        return samples

    def _read_hours(self):
        """Return what was done with in each of the last 24 hours, oldest first, as
        tuples of the hour's beginning, how many events, and the seconds within which
        95 of 100 of them were.
        """
        return [
            (hour, count, whole_seconds(times[1]))
            for _company, _source, _lane, hour, count, _last, times in self._aggregate(
                by_hour=True
            )
        ]

    def _aggregate(self, by_hour=False):
        """Return the events of the last day by source and lane, or by hour alone.

        This is SQL because the ORM computes no percentiles.
        """
        now = fields.Datetime.now()
        self.env["saas.subscription.event"].flush_model()
        keys = SQL(
            "date_trunc('hour', processed_at)"
            if by_hour
            else "company_id, source_id, coalesce(lane, 'realtime')"
        )
        shown = SQL("NULL, NULL, NULL, %s", keys) if by_hour else SQL("%s, NULL", keys)
        return self.env.execute_query(
            SQL(
                """SELECT %(shown)s, count(*),
                          count(*) FILTER (WHERE processed_at > %(hour)s),
                          percentile_cont(%(quantiles)s::float[]) WITHIN GROUP (
                              ORDER BY extract(epoch FROM processed_at - received_at)
                                       ::float)
                     FROM saas_subscription_event
                    WHERE company_id = ANY(%(companies)s)
                      AND processed_at > %(day)s
                 GROUP BY %(keys)s ORDER BY %(keys)s""",
                shown=shown,
                keys=keys,
                hour=now - domains.HOUR,
                day=now - domains.DAY,
                quantiles=[float(quantile) for quantile in _QUANTILES],
                companies=self.env.companies.ids,
            )
        )
