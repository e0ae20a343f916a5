from contextlib import contextmanager
from datetime import timedelta

from odoo import fields, models

from odoo.addons.queue_job.exception import RetryableJobError

from ...canonical.errors import Quarantine, Transient
from ...canonical.reasons import Cause, State
from ...canonical.reference import Reference


class SaasReadingFetch(models.AbstractModel):
    """Fetches objects that were not sent, or reads lists of them, and stores them in
    the inbox. Only jobs call this, each in a transaction of its own.
    """

    _name = "saas.reading.fetch"
    _description = "SaaS fetching"

    def _fetch(self, source, kind, external_id):
        """Fetch the object of a reference, and store it.

        :return: a sentence that says what came of it, shown on the job.
        :raises RetryableJobError: if the source can't answer now.
        :raises Quarantine: if it refuses, or has no such object, and no event waits for
            it. The job has failed then, and a person is told.
        """
        self.env["saas.environment"]._hold_job()
        try:
            with retrying():
                objects = source._get_adapter()._fetch(source, kind, external_id)
        except Quarantine as error:
            return self._leave_to_person(source, Reference(kind, external_id), error)
        return self._describe(objects, self._store(source, objects))

    def _leave_to_person(self, source, reference, error):
        """Leave what waits for an object that the API key may not read to a person, who
        would otherwise hear of it days later. If the object arrives all the same, it
        goes on.

        :raises Quarantine: the error, if it is another one, or nothing waits.
        """
        waiting = self.env["saas.subscription.event"]._get_waiting(
            source, [str(reference)]
        )
        waiting = waiting.filtered(lambda event: event.state == State.PARKED)
        if not waiting or error.cause != Cause.KEY_REFUSED:
            raise error
        waiting._set_state(
            State.QUARANTINED, error.reason, error.detail, cause=error.cause
        )
        source._on_pull_failed(str(error))
        return self.env._(
            "The source refused %(what)s: %(why)s", what=reference, why=error.detail
        )

    def _read(self, source, kind, filters, after=None):
        """Read one page of a list, store it, and leave the next one to a job of its
        own: what was read is safe, whatever becomes of the rest. What it returns and
        raises is what :meth:`_fetch` does.
        """
        self.env["saas.environment"]._hold_job()
        with retrying():
            page = source._get_adapter()._read_page(source, kind, filters, after or "")
        new = self._store(source, page.objects)
        if page.cursor:
            source._with_fetch_delay(f"{kind}:after={page.cursor}")._job_fetch_list(
                kind, filters, page.cursor
            )
        return self._describe(page.objects, new)

    def _fetch_missing(self, source):
        """Fetch what events have waited for for some minutes, so that a lost webhook
        does no harm. Each reference is fetched once a day, until a person is asked.
        """
        if not source._has_api_key():
            return
        now = fields.Datetime.now()
        events = self.env["saas.subscription.event"]
        adapter = source._get_adapter()
        asked = []
        for reference in events._get_references(
            source,
            parked_before=now - timedelta(minutes=source.fetch_minutes),
            asked_before=now - timedelta(days=1),
        ):
            if adapter._can_fetch(*reference):
                source._enqueue_fetch(*reference)
                asked.append(str(reference))
        waiting = events.search(
            [
                ("source_id", "=", source.id),
                ("state", "=", State.PARKED.value),
                ("waiting_for", "in", asked),
            ]
        )
        waiting.asked_at = now

    def _store(self, source, objects):
        """Store objects as an adapter fetched or read them, as events of the inbox.
        What has not changed since it was last stored is known already.

        :param objects: plain dicts; events of the source are stored as they are.
        :return: how many were new.
        """
        arrivals = source._get_adapter()._wrap(source, objects)
        events = source._store_events(arrivals)
        if events:
            # A drain that begins before this transaction ends doesn't see them, but the
            # sweep of the next minute does.
            source._ensure_drain()
        return len(events)

    def _describe(self, objects, new):
        return self.env._(
            "%(count)s objects were read, %(new)s of them new.",
            count=len(objects),
            new=new,
        )


@contextmanager
def retrying():
    """Give a job back to its runner for trouble that passes by itself."""
    try:
        yield
    except Transient as error:
        raise RetryableJobError(str(error)) from error
