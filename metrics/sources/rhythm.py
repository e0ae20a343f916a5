from odoo import fields, models
from odoo.tools import SQL

from ...canonical.display import metrics
from .. import parts, words
from ..sample import Sample, share, whole_seconds

_SOURCES = "saas_billing_sync.saas_source_action"
#: How many hours are looked at: four weeks.
_HOURS = 672
_WEEK = 168
#: In how many of them a source must have been heard, or nobody knows its rhythm.
_LEAST_HEARD = 14


class SaasMetricsRhythm(models.AbstractModel):
    """Reads whether sources are silent, against their own rhythm.

    It asks for each of the last 672 hours whether there is an event: so many look-ups
    in an index for each source, however many events there are.
    """

    _name = "saas.metrics.rhythm"
    _description = "SaaS figures of silence"

    def _read(self):
        """Return the samples of the companies in which the user works."""
        samples = []
        for source_id, company, is_active, last, hours in self._read_hours():
            place = (company, source_id)
            samples.append(Sample(metrics.ACTIVE, int(is_active), *place))
            if not last:
                continue
            silence = whole_seconds((fields.Datetime.now() - last).total_seconds())
            samples.append(Sample(metrics.SILENCE, silence, *place))
            heard = sorted(hours or ())
            if len(heard) >= _LEAST_HEARD:
                pause = _get_longest_pause(heard)
                samples.append(Sample(metrics.USUAL_PAUSE, 3600 * pause, *place))
            if (ratio := _get_availability(set(heard))) is not None:
                samples.append(Sample(metrics.AVAILABILITY, ratio, *place))
        return samples

    def _read_hours(self):
        """Return for each source its company, whether it is active, when it was last
        heard, and the hours in which it was: how many hours ago each ended.
        """
        self.env["saas.subscription.event"].flush_model(["received_at"])
        self.env["saas.source"].flush_model(["state", "is_own"])
        return self.env.execute_query(
            SQL(
                """SELECT source.id, source.company_id, source.state = 'active',
                          newest.received_at, heard.hours
                     FROM saas_source source
                     LEFT JOIN LATERAL (
                          SELECT received_at FROM saas_subscription_event
                           WHERE source_id = source.id
                        ORDER BY received_at DESC LIMIT 1) newest ON TRUE
                     LEFT JOIN LATERAL (
                          SELECT array_agg(ago) AS hours
                            FROM generate_series(0, %(hours)s - 1) ago
                      CROSS JOIN LATERAL (
                          SELECT 1 FROM saas_subscription_event
                           WHERE source_id = source.id
                             AND received_at
                                 > %(now)s::timestamp - (ago + 1) * interval '1 hour'
                             AND received_at
                                 <= %(now)s::timestamp - ago * interval '1 hour'
                           LIMIT 1) found) heard ON TRUE
                    WHERE source.company_id = ANY(%(companies)s)
                      AND source.is_own IS NOT TRUE
                 ORDER BY source.id""",
                hours=_HOURS,
                now=fields.Datetime.now(),
                companies=self.env.companies.ids,
            )
        )

    def _lay_out(self, samples, names):
        """Return the section of silence of the page *Operations*."""
        silence, pause, availability, active = (
            {sample.source_id: sample.value for sample in samples[metric]}
            for metric in (
                metrics.SILENCE,
                metrics.USUAL_PAUSE,
                metrics.AVAILABILITY,
                metrics.ACTIVE,
            )
        )
        rows = []
        for source, name in names.items():
            silent = silence.get(source, 0)
            is_silent = silent > pause.get(source, silent)
            tone = "warning" if active.get(source) and is_silent else ""
            ratio = availability.get(source)
            rows.append(
                parts.row(
                    [
                        name,
                        self.env._("Active")
                        if active.get(source)
                        else self.env._("Paused"),
                        words.time_or_dash(self.env, silence.get(source)),
                        words.time_or_dash(self.env, pause.get(source)),
                        "–" if ratio is None else words.percent(self.env, ratio),
                    ],
                    parts.opening(name, [("id", "=", source)], _SOURCES),
                    tone,
                )
            )
        columns = [
            self.env._("Source"),
            self.env._("State"),
            self.env._("Silent For"),
            self.env._("Usual Pause"),
        ]
        columns.append(self.env._("Heard When It Should Be"))
        return parts.section(
            "sources",
            self.env._("Silence, Against the Own Rhythm"),
            table=parts.table(columns, rows, self.env._("There is no source yet.")),
        )


def _get_longest_pause(heard):
    """Return the longest time between two hours in which a source was heard."""
    return max(
        later - earlier for earlier, later in zip(heard, heard[1:], strict=False)
    )


def _get_availability(heard):
    """Return the share of the hours of the last week that keep to the three before;
    None if these have no rhythm.
    """
    expected = [
        hour
        for hour in range(_WEEK)
        if sum(hour + week * _WEEK in heard for week in (1, 2, 3)) >= 2
    ]
    if not expected:
        return None
    return share(sum(hour in heard for hour in expected), len(expected))
