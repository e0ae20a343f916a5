from datetime import UTC, datetime

from odoo import api, models

from .fetch import retrying

_PATH = "/v1/balance_transactions"


class SaasSource(models.Model):
    """Reads the movements of the balance at the source, into the inbox."""

    _inherit = "saas.source"

    def _enqueue_payout_pull(self, payout_ref):
        """See to it that a job reads what a payout consists of, if there is a key."""
        self.ensure_one()
        if self._has_api_key():
            key = f"payout_transactions:{payout_ref}"
            self._with_fetch_delay(key)._job_pull_payout(payout_ref)

    def _enqueue_balance_pull(self):
        """See to it that a job reads the newest movements, if there is a key."""
        self.ensure_one()
        if self._has_api_key():
            self._with_fetch_delay("balance_transaction")._job_pull_balance()

    @api.model
    def _cron_pull_balance(self):
        """Read what is new, and what payouts consist of that nobody has told yet."""
        if not self.env["saas.environment"]._is_confirmed():
            return
        sources = self.search([("state", "=", "active")])
        for source in sources:
            source._enqueue_balance_pull()
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
            payout.source_id._enqueue_payout_pull(payout.external_id)

    def _job_pull_payout(self, payout_ref):
        """Read the balance transactions of a payout, and last which these are: a
        transaction itself does not name its payout.

        :return: a sentence that says what was done, shown on the job.
        """
        self.ensure_one()
        self.env["saas.environment"]._hold_job()
        refs, new = [], 0
        for page in self._read_balance(payout=payout_ref):
            refs += [{"id": data["id"]} for data in page]
            new += self._store_pulled(page)
        contents = {
            "id": payout_ref,
            "object": "payout_transactions",
            "transactions": refs,
        }
        new += self._store_pulled([contents])
        return self._describe_pulled(refs, new)

    def _job_pull_balance(self):
        """Read the balance transactions made since the last time. Those of the last
        moment are read again: more may have been made in it.
        """
        self.ensure_one()
        self.env["saas.environment"]._hold_job()
        params = {}
        if self.balance_cursor:
            since = self.balance_cursor.replace(tzinfo=UTC)
            params["created"] = {"gte": int(since.timestamp())}
        refs, new, latest = [], 0, 0
        for page in self._read_balance(**params):
            refs += [data["id"] for data in page]
            new += self._store_pulled(page)
            latest = max(latest, *(data["created"] for data in page))
        if latest:
            self.balance_cursor = datetime.fromtimestamp(latest, UTC).replace(
                tzinfo=None
            )
        return self._describe_pulled(refs, new)

    def _read_balance(self, **params):
        """Yield pages of balance transactions, newest first.

        :raises RetryableJobError: if the source can't be reached now.
        :raises Quarantine: if it refuses. The job has failed then, and a person is
            told.
        """
        pages = self._get_adapter()._list(self, _PATH, expand=["data.source"], **params)
        with retrying():
            for page in pages:
                yield [_slim(data) for data in page]


def _slim(data):
    """Leave of the object a movement is of what tells which it is: the rest of it
    changes, and would make the same movement look new.
    """
    whole = data.get("source")
    if isinstance(whole, dict):
        kept = {key: whole.get(key) for key in ("id", "object", "payment_intent")}
        intent = kept["payment_intent"]
        if isinstance(intent, dict):
            kept["payment_intent"] = intent["id"]
        data = {**data, "source": kept}
    return data
