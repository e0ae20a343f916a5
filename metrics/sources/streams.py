from collections import Counter

from odoo import fields, models

from ...canonical.display import metrics
from .. import parts, words
from ..sample import Sample

_SOURCES = "saas_billing_sync.saas_source_action"


class SaasMetricsStreams(models.AbstractModel):
    """Reads which streams go on and which stand still. There are few of them."""

    _name = "saas.metrics.streams"
    _description = "SaaS figures of streams"

    def _read(self):
        """Return the samples of the companies in which the user works."""
        counts = Counter()
        for state, cursors in self._get_by_state().items():
            for cursor in cursors:
                counts[cursor.company_id.id, cursor.source_id.id, state] += 1
        return [
            Sample(metrics.STREAMS, count, company, source, {"state": state})
            for (company, source, state), count in counts.items()
        ]

    def _get_by_state(self):
        """Return the streams of active sources by what they do: they stand still, they
        fail, or they move.
        """
        cursors = self.env["saas.cursor"].search(
            [
                ("company_id", "in", self.env.companies.ids),
                ("source_id.state", "=", "active"),
            ]
        )
        stalled = cursors._get_stalled(fields.Datetime.now())
        failing = (cursors - stalled).filtered("failures")
        return {
            "standing_still": stalled,
            "failing": failing,
            "moving": cursors - stalled - failing,
        }

    def _lay_out(self):
        """Return the section of streams of the page *Operations*."""
        states = {
            "standing_still": self.env._("Stands still"),
            "failing": self.env._("Fails"),
            "moving": self.env._("Moves"),
        }
        by_state = self._get_by_state()
        rows = [
            parts.row(
                [
                    cursor.source_id.name,
                    cursor.label or cursor.stream,
                    states[state],
                    words.moment(self.env, cursor.moved_at),
                    cursor.last_error or "–",
                ],
                parts.opening(
                    cursor.source_id.name, [("id", "=", cursor.source_id.id)], _SOURCES
                ),
                {"standing_still": "danger", "failing": "warning"}.get(state, ""),
            )
            for state, cursors in by_state.items()
            for cursor in cursors
        ]
        columns = [
            self.env._("Source"),
            self.env._("Stream"),
            self.env._("State"),
            self.env._("Last Read"),
            self.env._("Error"),
        ]
        empty = self.env._("No source is read by streams.")
        return parts.section(
            "streams", self.env._("Streams"), table=parts.table(columns, rows, empty)
        )
