from contextlib import contextmanager
from datetime import timedelta

from odoo import SUPERUSER_ID, fields, models

from odoo.addons.queue_job.exception import RetryableJobError

from ...canonical.errors import Transient
from ...canonical.reasons import State
from ...canonical.reference import Reference
from ...canonical.texts import fit

#: A source that is out of reach is asked again for half a day, ever less often; how
#: long each time is in the job function's retry pattern.
MAX_TRIES = 20


class SaasSource(models.Model):
    """Reading: objects that were not sent are asked for, and stored in the inbox.

    Only jobs ask, each in a transaction of its own. A drain never waits for another
    system: it enqueues a job, and its event parks until the object has arrived.
    """

    _inherit = "saas.source"

    def _can_fetch(self, kind, external_id):
        """Return whether there is a way to ask for a reference, and a key to do so."""
        self.ensure_one()
        return self._has_api_key() and self._get_adapter()._can_fetch(kind, external_id)

    def _enqueue_fetch(self, kind, external_id):
        """See to it that a job asks for the object of a reference. An equal job that
        has not ended yet is enough.

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

    def _fetch_missing(self):
        """Ask for what events have waited for some minutes: a webhook that was lost
        mends itself. Once a day for each reference, until a person is asked.
        """
        self.ensure_one()
        if not self._has_api_key():
            return
        now = fields.Datetime.now()
        events = self.env["saas.subscription.event"]
        adapter = self._get_adapter()
        asked = []
        for reference in events._get_references(
            self,
            parked_before=now - timedelta(minutes=self.fetch_minutes),
            asked_before=now - timedelta(days=1),
        ):
            if adapter._can_fetch(*reference):
                self._enqueue_fetch(*reference)
                asked.append(str(reference))
        waiting = events.search(
            [
                ("source_id", "=", self.id),
                ("state", "=", State.PARKED.value),
                ("waiting_for", "in", asked),
            ]
        )
        waiting.asked_at = now

    def _with_fetch_delay(self, key):
        return self.with_user(SUPERUSER_ID).with_delay(
            identity_key=f"saas_fetch:{self.id}:{key}",
            description=self.env._(
                "Fetch %(what)s from %(name)s", what=key, name=self.name
            ),
            max_retries=MAX_TRIES,
        )

    def _job_fetch(self, kind, external_id):
        """Ask for the object of a reference, and store it.

        :return: a sentence that says what came of it, shown on the job.
        :raises RetryableJobError: if the source can't answer now.
        :raises Quarantine: if it refuses, or has no such object. The job has failed
            then, and a person is told.
        """
        self.ensure_one()
        self.env["saas.environment"]._hold_job()
        with retrying():
            objects = self._get_adapter()._fetch(self, kind, external_id)
        return self._describe_stored(objects, self._store_objects(objects))

    def _job_fetch_list(self, kind, filters, after=None):
        """Read one page of a list, store it, and leave the next one to a job of its
        own: what was read is safe, whatever becomes of the rest. Returns and raises
        as :meth:`_job_fetch` does.
        """
        self.ensure_one()
        self.env["saas.environment"]._hold_job()
        with retrying():
            page = self._get_adapter()._read_page(self, kind, filters, after or "")
        new = self._store_objects(page.objects)
        if page.cursor:
            self._with_fetch_delay(f"{kind}:after={page.cursor}")._job_fetch_list(
                kind, filters, page.cursor
            )
        return self._describe_stored(page.objects, new)

    def _store_objects(self, objects):
        """Store objects as an adapter fetched or read them, as events of the inbox.
        What has not changed since it was last stored is known already.

        :param objects: plain dicts; events of the source are stored as they are.
        :return: how many were new.
        """
        self.ensure_one()
        arrivals = self._get_adapter()._wrap(self, objects)
        events = self._store_events(arrivals)
        if events:
            # A drain that begins before this transaction ends doesn't see them; the
            # next minute's sweep does.
            self._ensure_drain()
        return len(events)

    def _describe_stored(self, objects, new):
        return self.env._(
            "%(count)s objects read, %(new)s of them new", count=len(objects), new=new
        )

    def _on_pull_failed(self, exc_message="", **_failure):
        """Tell the source's responsible that a job could not read what it should."""
        self.ensure_one()
        self.message_post(
            body=self.env._("Reading from the source has failed: %s", fit(exc_message))
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


@contextmanager
def retrying():
    """Give a job back to its runner for trouble that passes by itself."""
    try:
        yield
    except Transient as error:
        raise RetryableJobError(str(error)) from error
