from datetime import UTC

from odoo import api, models

from ...canonical.kinds import Kind
from ...canonical.moments import naive
from ...canonical.reference import Reference
from .fetch import retrying


class SaasSource(models.Model):
    """Reads the movements of the balance at the source, into the inbox."""

    _inherit = "saas.source"

    def _enqueue_read_payout(self, payout_ref):
        """See to it that a job reads what a payout consists of, if there is a key.

        :param payout_ref: the payout's id at the source.
        """
        self.ensure_one()
        if self._has_api_key():
            key = str(Reference(Kind.PAYOUT_CONTENTS, payout_ref))
            self._with_fetch_delay(key)._job_pull_payout(payout_ref)

    def _enqueue_read_movements(self):
        """See to it that a job reads the newest movements, if there is a key."""
        self.ensure_one()
        if self._has_api_key():
            self._with_fetch_delay(Kind.BALANCE_TRANSACTION)._job_pull_balance()

    @api.model
    def _cron_pull_balance(self):
        """Read what is new, and what payouts consist of that nobody has told yet."""
        if not self.env["saas.environment"]._is_confirmed():
            return
        sources = self.search([("state", "=", "active")])
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

    def _job_pull_payout(self, payout_ref):
        """Read the movements in a payout, and last which these are: a movement itself
        does not name its payout.

        :param payout_ref: the payout's id at the source.
        :return: a sentence that says what was done, shown on the job.
        :raises RetryableJobError: if the source can't be reached now.
        :raises Quarantine: if it refuses. The job has failed then, and a person is
            told.
        """
        self.ensure_one()
        self.env["saas.environment"]._hold_job()
        adapter, movements, new = self._get_adapter(), [], 0
        with retrying():
            for page in adapter._read_payout(self, payout_ref):
                movements += page.objects
                new += self._store_objects(page.objects)
        contents = adapter._prepare_payout_contents(payout_ref, movements)
        new += self._store_objects([contents])
        return self._describe_stored(movements, new)

    def _job_pull_balance(self):
        """Read the movements made since the last time. Those of the last moment are
        read again: more may have been made in it. Returns and raises as
        :meth:`_job_pull_payout` does.
        """
        self.ensure_one()
        self.env["saas.environment"]._hold_job()
        since = self.balance_cursor and self.balance_cursor.replace(tzinfo=UTC)
        movements, new, moments = [], 0, []
        with retrying():
            for page in self._get_adapter()._read_movements(self, since or None):
                movements += page.objects
                new += self._store_objects(page.objects)
                moments.append(page.newest_at)
        if latest := max(filter(None, moments), default=None):
            self.balance_cursor = naive(latest)
        return self._describe_stored(movements, new)
