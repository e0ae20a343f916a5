from decimal import Decimal

from odoo import models

from ...canonical.display import metrics
from ...canonical.display.histogram import ENDS
from .. import parts, words
from ..sample import Sample

_SHARES = tuple(map(Decimal, ("0.5", "0.95", "0.99")))


class SaasMetricsCalls(models.AbstractModel):
    """Reads how long sources take to answer when they are called."""

    _name = "saas.metrics.calls"
    _description = "SaaS figures of calls"

    def _read(self):
        """Return the samples of the companies in which the user works: of all time, as
        machines compute what they want of two readings.
        """
        times = self.env["saas.call.time"]._read(self.env.companies, is_day=False)
        return [
            Sample(metrics.CALLS, histogram, company_id, source_id)
            for (company_id, source_id), histogram in times.items()
        ]

    def _lay_out(self, names):
        """Return the section of calls of the page *Operations*.

        :param names: of the sources, by id.
        """
        times = self.env["saas.call.time"]._read(self.env.companies, is_day=True)
        rows = [
            parts.row(
                [
                    names.get(source_id),
                    words.number(self.env, histogram.count),
                    *(self._describe(histogram.estimate(share)) for share in _SHARES),
                ]
            )
            for (_company_id, source_id), histogram in times.items()
        ]
        columns = [
            self.env._("Source"),
            self.env._("Calls"),
            self.env._("Median"),
            self.env._("95 %"),
            self.env._("99 %"),
        ]
        empty = self.env._("No source was called in the last day.")
        return parts.section(
            "calls",
            self.env._("Calls to Sources, and How Long They Took, in a Day"),
            table=parts.table(columns, rows, empty),
        )

    def _describe(self, seconds):
        if seconds is None:
            return self.env._("over %s s", ENDS[-1])
        return words.split_seconds(self.env, seconds)
