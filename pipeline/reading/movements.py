from datetime import UTC

from odoo import models

from ...canonical.moments import naive
from ...models.concurrency import retrying


class SaasReadingMovements(models.AbstractModel):
    """Reads the movements of the balance at a source into the inbox."""

    _name = "saas.reading.movements"
    _inherit = "saas.reading.fetch"
    _description = "SaaS reading of movements"

    def _enqueue_all(self):
        """Have all sources read new movements, and the movements in payouts that are
        not known yet.
        """
        if not self.env["saas.environment"]._is_confirmed():
            return
        sources = self.env["saas.source"].search([("state", "=", "active")])
        for source in sources:
            source._enqueue_read_movements()
        payouts = self.env["saas.payout"].search(
            [
                ("source_id", "in", sources.ids),
                ("automatic", "=", True),
                ("state", "=", "paid"),
                ("contents_known", "=", False),
                ("proof_state", "!=", "cutover"),
            ]
        )
        for payout in payouts:
            payout.source_id._enqueue_read_payout(payout.external_id)

    def _read_payout(self, source, payout_ref):
        """Read the movements in a payout, and last which these are: a movement itself
        does not name its payout.

        :param payout_ref: the payout's id at the source.
        :return: a sentence that says what was done, shown on the job.
        :raises RetryableJobError: if the source can't be reached now.
        :raises Quarantine: if it refuses. The job has failed then, and a person is
            told.
        """
        self.env["saas.environment"]._hold_job()
        adapter, movements, new = source._get_adapter(), [], 0
        with retrying():
            for page in adapter._read_payout(source, payout_ref):
                movements += page.objects
                new += self._store(source, page.objects)
        contents = adapter._prepare_payout_contents(payout_ref, movements)
        new += self._store(source, [contents])
        return self._describe(movements, new)

    def _read_new(self, source):
        """Read the movements made since the last time. Those of the last moment are
        read again, because more may have been made in it. Returns and raises as
        :meth:`_read_payout` does.
        """
        self.env["saas.environment"]._hold_job()
        since = source.balance_cursor and source.balance_cursor.replace(tzinfo=UTC)
        movements, new, moments = [], 0, []
        with retrying():
            for page in source._get_adapter()._read_movements(source, since or None):
                movements += page.objects
                new += self._store(source, page.objects)
                moments.append(page.newest_at)
        if latest := max(filter(None, moments), default=None):
            source.balance_cursor = naive(latest)
        return self._describe(movements, new)
