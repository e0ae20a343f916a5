from odoo import SUPERUSER_ID, api, models

from ...canonical.display.texts import fit
from ...canonical.kinds import Kind
from ...canonical.reference import Reference

#: A source that is out of reach is asked again for half a day, ever less often; how
#: long each time is in the job function's retry pattern.
MAX_TRIES = 20


class SaasSource(models.Model):
    """The jobs that fetch objects that were not sent, or read lists of them, and store
    them in the inbox.

    Only jobs call a source, each in a transaction of its own. A drain never waits for
    another system: it enqueues a job, and its event parks until the object has arrived.
    ``saas.reading.fetch`` and ``saas.reading.movements`` do the work.
    """

    _inherit = "saas.source"

    def _can_fetch(self, kind, external_id):
        """Return whether the object of a reference can be fetched: there is a way, and
        a key.
        """
        self.ensure_one()
        subject = Reference(kind, external_id).subject
        return self._has_api_key() and self._get_adapter()._can_fetch(*subject)

    def _get_streams(self):
        """Return the streams that are read of this source, by name."""
        self.ensure_one()
        return {s.name: s for s in self._get_adapter()._get_streams(self)}

    def _enqueue_fetch(self, kind, external_id):
        """See to it that a job fetches the object of a reference. An equal job that has
        not ended yet is enough.

        :param kind: a :class:`~...canonical.kinds.Kind`, as an event waits for it.
        """
        self.ensure_one()
        reference = Reference(kind, external_id)
        self._with_fetch_delay(str(reference))._job_fetch(*reference)

    def _enqueue_read(self, kind, **filters):
        """See to it that jobs read all objects in a list, one job for each page.

        :param kind: a :class:`~...canonical.kinds.Kind`.
        :param filters: what the list is limited to, such as a customer's id.
        """
        self.ensure_one()
        key = ":".join([kind, *(f"{k}={v}" for k, v in sorted(filters.items()))])
        self._with_fetch_delay(key)._job_fetch_list(kind, filters)

    def _enqueue_read_payout(self, payout_ref):
        """See to it that a job reads the movements in a payout, if there is a key.

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
            self._with_fetch_delay(Kind.MOVEMENT)._job_pull_balance()

    def _with_fetch_delay(self, key):
        """Return this source for a job that reads.

        :param key: what tells that two jobs read the same.
        """
        return self.with_user(SUPERUSER_ID).with_delay(
            identity_key=f"saas_fetch:{self.id}:{key}",
            description=self.env._(
                "Fetch %(what)s from %(name)s", what=key, name=self.name
            ),
            max_retries=MAX_TRIES,
        )

    def _job_fetch(self, kind, external_id):
        """Fetch the object of a reference, and store it.

        :return: a sentence that says what came of it, shown on the job.
        :raises RetryableJobError: if the source can't answer now.
        :raises Quarantine: if it refuses, or has no such object. The job has failed
            then, and a person is told.
        """
        self.ensure_one()
        return self.env["saas.reading.fetch"]._fetch(self, kind, external_id)

    def _job_fetch_list(self, kind, filters, after=None):
        """Read one page of a list, store it, and leave the next one to a job of its
        own. What it returns and raises is what :meth:`_job_fetch` does.

        :param after: the cursor of the page before; None for the first one.
        """
        self.ensure_one()
        return self.env["saas.reading.fetch"]._read(self, kind, filters, after)

    def _job_pull_payout(self, payout_ref):
        """Read the movements in a payout. What it returns and raises is what
        :meth:`_job_fetch` does.

        :param payout_ref: the payout's id at the source.
        """
        self.ensure_one()
        return self.env["saas.reading.movements"]._read_payout(self, payout_ref)

    def _job_pull_balance(self):
        """Read the movements made since the last time. Returns and raises as
        :meth:`_job_fetch` does.
        """
        self.ensure_one()
        return self.env["saas.reading.movements"]._read_new(self)

    @api.model
    def _cron_pull_balance(self):
        """Read new movements, and the movements in payouts that are not known yet."""
        self.env["saas.reading.movements"]._enqueue_all()

    @api.model
    def _cron_read_streams(self):
        """Read what is due of systems that don't push."""
        self.env["saas.reading.stream"]._enqueue_due()

    @api.model
    def _cron_recover(self):
        """Read what webhooks have missed, for every source that can be read."""
        self.env["saas.reading.run"]._recover_all()

    def _on_pull_failed(self, exc_message="", **_failure):
        """Tell the source's responsible that a job could not read what it should."""
        self.ensure_one()
        self.message_post(
            body=self.env._("The source could not be read: %s", fit(exc_message))
        )
        self.env["saas.activities"]._ask(
            self,
            "mail_activity_pull_failed",
            self,
            self.env._(
                "Reading from the source has failed: check the API key, then requeue "
                "the failed job"
            ),
        )
