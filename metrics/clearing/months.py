from collections import defaultdict
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models

from ...canonical.display import metrics
from ...canonical.reasons import OPEN_STATES, State
from ...models.source.documents.own import TELLING
from .. import domains
from ..sample import Sample

_MONTHS = 3
_PROOFS = ("payouts", "differences", "days", "events")
#: What is not done with. Each has an index of its own.
_UNDONE = ([state.value for state in OPEN_STATES], [State.RECEIVED.value])


class SaasMetricsMonths(models.AbstractModel):
    """Reads whether the last months are proved, and when they were: every payout
    proved, every difference closed, every day compared, and nothing that waits.
    """

    _name = "saas.metrics.months"
    _description = "SaaS figures of months"

    def _read(self):
        """Return the samples of the companies in which the user works. A company with
        no source has none.
        """
        sources = self.env["saas.source"].search(
            [("company_id", "in", self.env.companies.ids), *TELLING]
        )
        months = self._get_months()
        if not sources:
            return []
        is_open, closed = self._read_proofs(sources, months)
        samples = []
        for company, own in sources.grouped("company_id").items():
            for first, last in months:
                label = {"month": f"{first:%Y-%m}"}
                counts = {
                    proof: sum(is_open[source.id, first, proof] for source in own)
                    for proof in _PROOFS
                }
                for proof, count in counts.items():
                    labels = {**label, "proof": proof}
                    place = {"company_id": company.id, "labels": labels}
                    samples.append(Sample(metrics.OPEN_PROOFS, count, **place))
                if any(counts.values()):
                    continue
                day = max(
                    source._localize_date(closed[source.id, first]) for source in own
                )
                days = max((day - last).days, 0)
                place = {"company_id": company.id, "labels": label}
                samples.append(Sample(metrics.PROVED_AFTER, days, **place))
        return samples

    def _get_months(self):
        """Return the first and the last day of each of the last whole months, the
        newest first.
        """
        this = fields.Date.context_today(self).replace(day=1)
        return [
            (
                this - relativedelta(months=number),
                this - relativedelta(months=number - 1) - timedelta(days=1),
            )
            for number in range(1, _MONTHS + 1)
        ]

    def _read_proofs(self, sources, months):
        """Return how much is open, and when the last of the rest was closed, by source,
        month and (for what is open) proof.
        """
        is_open, closed = defaultdict(int), defaultdict(lambda: datetime.min)
        for rows in (
            self._read_payouts(sources, months),
            self._read_differences(sources, months),
            self._read_days(sources, months),
            self._read_events(sources, months),
        ):
            for source_id, first, proof, count, moment in rows:
                is_open[source_id, first, proof] += count
                place = (source_id, first)
                closed[place] = max(closed[place], moment or datetime.min)
        return is_open, closed

    def _read_payouts(self, sources, months):
        by_day = self._get_domain(sources, months, "arrival_date")
        key = ["source_id", "arrival_date:month"]
        payouts = self.env["saas.payout"]
        for source, first, moment in payouts._read_group(
            [("state", "=", "paid"), *by_day], key, ["proved_at:max"]
        ):
            yield source.id, first, "payouts", 0, moment
        for source, first, count in payouts._read_group(
            [*domains.UNPROVED, *by_day], key, ["__count"]
        ):
            yield source.id, first, "payouts", count, None

    def _read_differences(self, sources, months):
        rows = self.env["saas.difference"]._read_group(
            self._get_domain(sources, months, "object_date"),
            ["source_id", "object_date:month", "state"],
            ["__count", "settled_at:max"],
        )
        for source, first, state, count, moment in rows:
            is_open = state == "open"
            yield source.id, first, "differences", count * is_open, moment

    def _read_days(self, sources, months):
        """Yield for each source and month how many days no run has compared, and when
        the run ended that compared the last one.
        """
        runs = self.env["saas.reconciliation"].search_fetch(
            [
                ("source_id", "in", sources.ids),
                ("state", "=", "done"),
                ("date_to", ">=", months[-1][0]),
                ("date_from", "<=", months[0][1]),
            ],
            ["source_id", "date_from", "date_to", "ended_at"],
            order="ended_at, id",
        )
        by_source = runs.grouped("source_id")
        for source in sources:
            for first, last in months:
                left = {
                    first + timedelta(days=number)
                    for number in range((last - first).days + 1)
                }
                moment = None
                for run in by_source.get(source, ()):
                    compared = {
                        day for day in left if run.date_from <= day <= run.date_to
                    }
                    if compared:
                        left, moment = left - compared, run.ended_at
                yield source.id, first, "days", len(left), moment

    def _read_events(self, sources, months):
        """Yield how many events of each month wait."""
        begin = datetime.combine(months[-1][0], time.min)
        end = datetime.combine(months[0][1], time.max)
        events = self.env["saas.subscription.event"].with_context(tz="UTC")
        for states in _UNDONE:
            rows = events._read_group(
                [
                    ("company_id", "in", sources.company_id.ids),
                    ("state", "in", states),
                    ("occurred_at", ">=", begin),
                    ("occurred_at", "<=", end),
                ],
                ["source_id", "occurred_at:month"],
                ["__count"],
            )
            for source, first, count in rows:
                yield source.id, first.date(), "events", count, None

    def _get_domain(self, sources, months, field):
        return [
            ("source_id", "in", sources.ids),
            (field, ">=", months[-1][0]),
            (field, "<=", months[0][1]),
        ]
