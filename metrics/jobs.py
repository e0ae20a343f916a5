from odoo import fields, models

from ..canonical.display import metrics
from . import domains, parts, words
from .sample import Sample, whole_seconds


class SaasMetricsJobs(models.AbstractModel):
    """Reads what waits in the queue. Its rows say nothing of what a job is about, so
    whoever sees figures may see how many there are.
    """

    _name = "saas.metrics.jobs"
    _description = "SaaS figures of jobs"

    def _read(self):
        """Return the samples of the whole database."""
        now = fields.Datetime.now()
        rows = (
            self.env["queue.job"]
            .sudo()
            ._read_group(
                domains.JOBS, ["channel", "state"], ["__count", "date_created:min"]
            )
        )
        samples = []
        for channel, state, count, oldest in rows:
            labels = {"channel": channel, "state": state}
            age = whole_seconds((now - (oldest or now)).total_seconds())
            samples.append(Sample(metrics.JOBS, count, labels=labels))
            samples.append(Sample(metrics.JOBS_OLDEST, age, labels=labels))
        return samples

    def _lay_out(self, samples):
        """Return the section of jobs of the page *Operations*."""
        ages = {
            (sample.get("channel"), sample.get("state")): sample.value
            for sample in samples[metrics.JOBS_OLDEST]
        }
        rows = [
            parts.row(
                [
                    sample.get("channel"),
                    sample.get("state"),
                    sample.value,
                    words.time_or_dash(
                        self.env, ages[sample.get("channel"), sample.get("state")]
                    ),
                ],
                tone="danger" if sample.get("state") == "failed" else "",
            )
            for sample in samples[metrics.JOBS]
        ]
        columns = [
            self.env._("Channel"),
            self.env._("State"),
            self.env._("Jobs"),
            self.env._("Oldest"),
        ]
        empty = self.env._("No job waits.")
        return parts.section(
            "jobs",
            self.env._("Jobs of All Companies"),
            table=parts.table(columns, rows, empty),
        )
