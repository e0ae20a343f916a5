from collections import defaultdict

from odoo import fields, models

from ..canonical.display import metrics
from ..canonical.display.metric import Board
from ..models.source.documents.own import TELLING
from . import domains, parts, words

#: After how many seconds the oldest event waits too long.
_LATE = 3600
_STATE_TONES = {"dead": "danger", "quarantined": "warning"}


class SaasMetricsOperationsPage(models.AbstractModel):
    """Lays out the page *Operations*: whether events get through, and what stands."""

    _name = "saas.metrics.operations_page"
    _description = "SaaS operations page"

    def _lay_out(self):
        """Return the page's sections."""
        samples = defaultdict(list)
        for sample in self.env["saas.metrics.figures"]._read(Board.OPERATIONS):
            samples[sample.metric].append(sample)
        names = self._get_source_names()
        return [
            parts.section("now", self.env._("Now"), self._lay_out_tiles(samples)),
            self._lay_out_lanes(samples, names),
            self._lay_out_hours(),
            self._lay_out_reasons(samples),
            self.env["saas.metrics.rhythm"]._lay_out(samples, names),
            self.env["saas.metrics.streams"]._lay_out(),
            self.env["saas.metrics.calls"]._lay_out(names),
            self.env["saas.metrics.jobs"]._lay_out(samples),
        ]

    def _get_source_names(self):
        sources = self.env["saas.source"].search(
            [("company_id", "in", self.env.companies.ids), *TELLING]
        )
        return {source.id: source.name for source in sources}

    def _lay_out_tiles(self, samples):
        tiles = [
            self._count(
                name,
                label,
                [s for s in samples[metric] if labels.items() <= s.labels.items()],
                terms,
            )
            for name, label, metric, labels, terms in (
                (
                    "waiting",
                    self.env._("To Be Processed"),
                    metrics.WAITING,
                    {},
                    domains.WAITING,
                ),
                (
                    "retrying",
                    self.env._("To Be Tried Again"),
                    metrics.RETRYING,
                    {},
                    domains.RETRYING,
                ),
                *self._get_stopped(),
                *self._get_done(),
            )
        ]
        alerts = self.env["saas.metrics.alerts"]._lay_out(samples[metrics.ALERTS])
        return [alerts, tiles[0], self._lay_out_oldest(samples), *tiles[1:]]

    def _get_stopped(self):
        """Yield what the tiles of events that stopped count, a tile for each state."""
        for state, label in (
            ("parked", self.env._("Wait for Another Event")),
            ("quarantined", self.env._("Wait for a Person")),
            ("dead", self.env._("Given Up")),
        ):
            terms = [("state", "=", state)]
            yield state, label, metrics.OPEN, {"state": state}, terms

    def _get_done(self):
        """Yield what the tiles of events that are done with count."""
        for window, span, label in (
            ("hour", domains.HOUR, self.env._("Done in an Hour")),
            ("day", domains.DAY, self.env._("Done in a Day")),
        ):
            since = fields.Datetime.to_string(fields.Datetime.now() - span)
            terms = [("processed_at", ">", since)]
            yield f"done_{window}", label, metrics.PROCESSED, {"window": window}, terms

    def _lay_out_oldest(self, samples):
        """Return the tile of the age of the oldest event that waits."""
        oldest = max((s.value for s in samples[metrics.WAITING_OLDEST]), default=0)
        label = self.env._("The Oldest Waits")
        text = words.duration(self.env, oldest)
        opens = parts.opening(label, domains.WAITING)
        tone = "danger" if oldest > _LATE else ""
        return parts.tile("oldest", label, oldest, text, opens, tone)

    def _count(self, name, label, samples, terms):
        """Return the tile of the sum of samples, which opens what they count."""
        total = sum(sample.value for sample in samples)
        text = words.number(self.env, total)
        tone = _STATE_TONES.get(name, "") if total else ""
        return parts.tile(name, label, total, text, parts.opening(label, terms), tone)

    def _lay_out_lanes(self, samples, names):
        """One row for each source and lane in which anything is or was."""
        found = defaultdict(dict)
        for metric, label in (
            (metrics.WAITING, None),
            (metrics.WAITING_OLDEST, None),
            (metrics.PROCESSED, "window"),
            (metrics.LATENCY, "quantile"),
        ):
            for sample in samples[metric]:
                key = (metric, label and sample.get(label))
                found[sample.source_id, sample.get("lane")][key] = sample.value
        rows = [
            self._lay_out_lane(names.get(source), source, lane, values)
            for (source, lane), values in sorted(found.items())
        ]
        columns = [
            self.env._("Source"),
            self.env._("Lane"),
            self.env._("Waiting"),
            self.env._("Oldest"),
            self.env._("Last Hour"),
            self.env._("Last Day"),
            self.env._("Median"),
            self.env._("95 %"),
            self.env._("99 %"),
        ]
        empty = self.env._("No event came in the last day.")
        title = self.env._("Lanes, and From Receipt to Done")
        return parts.section("lanes", title, table=parts.table(columns, rows, empty))

    def _lay_out_lane(self, name, source, lane, values):
        """Return the row of one lane of a source."""
        lanes = dict(self.env["saas.subscription.event"]._fields["lane"].selection)
        keys = [(metrics.LATENCY, quantile) for quantile in ("0.5", "0.95", "0.99")]
        oldest, *times = (
            words.time_or_dash(self.env, values.get(key))
            for key in ((metrics.WAITING_OLDEST, None), *keys)
        )
        counts = [
            values.get((metrics.PROCESSED, window), 0) for window in ("hour", "day")
        ]
        waiting = values.get((metrics.WAITING, None), 0)
        terms = [*domains.WAITING, ("source_id", "=", source), *domains.by_lane(lane)]
        cells = [name, lanes[lane], waiting, oldest, *counts, *times]
        return parts.row(cells, parts.opening(name, terms))

    def _lay_out_hours(self):
        hours = self.env["saas.metrics.events"]._read_hours()
        local = [
            fields.Datetime.context_timestamp(self, hour)
            for hour, _count, _p95 in hours
        ]
        bars = [
            (self.env._("Events done with"), [count for _hour, count, _p95 in hours])
        ]
        lines = [
            (
                self.env._("Seconds for 95 % of them"),
                [p95 for _hour, _count, p95 in hours],
            )
        ]
        picture = parts.chart([f"{hour:%H:%M}" for hour in local], bars, lines)
        return parts.section("hours", self.env._("The Last Day by Hour"), chart=picture)

    def _lay_out_reasons(self, samples):
        event = self.env["saas.subscription.event"]
        states, reasons = (
            dict(event._fields[name]._description_selection(self.env))
            for name in ("state", "reason")
        )
        counts = defaultdict(int)
        for sample in samples[metrics.OPEN]:
            counts[sample.get("state"), sample.get("reason")] += sample.value
        rows = [
            parts.row(
                [states[state], reasons.get(reason, "–"), count],
                parts.opening(
                    reasons.get(reason, states[state]),
                    [("state", "=", state), ("reason", "=", reason or False)],
                ),
                _STATE_TONES.get(state, ""),
            )
            for (state, reason), count in sorted(
                counts.items(), key=lambda pair: (-pair[1], pair[0])
            )
        ]
        columns = [self.env._("State"), self.env._("Why"), self.env._("Events")]
        return parts.section(
            "reasons",
            self.env._("What Stopped"),
            table=parts.table(columns, rows, self.env._("Nothing has stopped.")),
        )
