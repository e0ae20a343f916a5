from odoo import models

from ..canonical.display.metric import Board
from ..canonical.display.metrics import METRICS

#: What reads the figures of a board, in the order in which pages show them.
_READERS = {
    Board.OPERATIONS: ("events", "rhythm", "streams", "calls", "jobs", "alerts"),
    Board.FINANCE: ("postings", "receivables", "exceptions", "payouts", "months"),
}


class SaasMetricsFigures(models.AbstractModel):
    """Reads all figures of a board: for its page, and for machines."""

    _name = "saas.metrics.figures"
    _description = "SaaS figures"

    def _read(self, *boards):
        """Return the samples of some boards, for the companies in which the user
        works, with their access rights.
        """
        return [
            sample
            for board in boards
            for reader in _READERS[board]
            for sample in self.env[f"saas.metrics.{reader}"]._read()
        ]

    def _read_for_machines(self, company):
        """Return the values of all figures of one company, by figure, as pairs of its
        labels' values, in their order and as texts, and the value.
        """
        reader = self.with_context(allowed_company_ids=company.ids)
        sources = reader.env["saas.source"].search([("company_id", "=", company.id)])
        names = {source.id: source.name for source in sources}
        told = {metric: [] for metric in METRICS}
        for sample in reader._read(*Board):
            labels = {
                "company_id": sample.company_id,
                "source_id": sample.source_id,
                "source": names.get(sample.source_id),
                **sample.labels,
            }
            values = [str(labels[name]) for name in sample.metric.label_names]
            told[sample.metric].append((values, sample.value))
        return told
