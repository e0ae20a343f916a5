from datetime import timedelta

from odoo import fields, models

from ...canonical.errors import Quarantine
from ...canonical.facts import ELSEWHERE_KINDS
from ...canonical.kinds import Kind
from ...canonical.marks import URGENT
from ...canonical.reasons import Cause, State
from ...canonical.reference import Reference
from ...models.concurrency import retrying


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
        reference = Reference(kind, external_id)
        told = self._get_newest_event(source)
        caller = source.with_context(**URGENT.in_context())
        try:
            with retrying():
                objects = source._get_adapter()._fetch(caller, *reference.subject)
        except Quarantine as error:
            return self._leave_to_person(source, reference, error)
        new = self._store(source, objects)
        if kind == Kind.ANSWER:
            self._conclude_notices(source, reference, told)
        return self._describe(objects, new)

    def _get_newest_event(self, source):
        """Return the id of the newest event of a source that is here now: what is read
        from now on is newer than what it tells of.
        """
        newest = self.env["saas.subscription.event"].search(
            [("source_id", "=", source.id)], order="id desc", limit=1
        )
        return newest.id or 0

    def _conclude_notices(self, source, reference, told):
        """Let the notices go on whose object was read after they had come.

        A clock is not asked: an event has its id before it can be seen, and the reading
        began with those in sight.

        :param told: the id of the newest event that was here when the reading began.
        """
        bindings = self.env["saas.binding"]
        known = bindings._find(source, reference.kind, [reference.external_id])
        if binding := known.get(reference.external_id):
            binding.rank = max(binding.rank, told)
        else:
            bindings.create(bindings._prepare_vals(source, *reference, rank=told))
        events = self.env["saas.subscription.event"]
        waiting = events._get_waiting(source, [str(reference)])
        if due := waiting.filtered(lambda event: event.id <= told):
            due._set_state(State.RECEIVED, waiting_for=False)
            source._enqueue_drain()

    def _leave_to_person(self, source, reference, error):
        """Leave what waits for an object that the API key may not read to a person, who
        would otherwise hear of it days later. If the object arrives all the same, it
        goes on.

        Where only a linked source's events wait for it, nobody is told that it is not
        here: another linked source may have it.

        :raises Quarantine: the error, if it is another one, or nothing waits.
        """
        is_refused = error.cause == Cause.KEY_REFUSED
        if not is_refused and self._is_asked_elsewhere(source, reference):
            return self.env._("The source has no %s.", reference)
        waiting = self.env["saas.subscription.event"]._get_waiting(
            source, [str(reference)]
        )
        waiting = waiting.filtered(lambda event: event.state == State.PARKED)
        if not waiting or not is_refused:
            raise error
        waiting._set_state(
            State.QUARANTINED, error.reason, error.detail, cause=error.cause
        )
        source._on_pull_failed(str(error))
        return self.env._(
            "The source refused %(what)s: %(why)s", what=reference, why=error.detail
        )

    def _is_asked_elsewhere(self, source, reference):
        """Return whether events of linked sources wait for a reference's object."""
        waiting = ELSEWHERE_KINDS.get(reference.kind)
        return bool(waiting) and bool(
            self.env["saas.linking"]._get_waiting(
                source._get_linked(),
                [("waiting_for", "=", str(Reference(waiting, reference.external_id)))],
            )
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
        does no harm: from the source itself, or from those linked to it that may have
        it. Each reference is fetched once a day, until a person is asked.
        """
        if not any(one._has_api_key() for one in source | source._get_linked()):
            return
        now = fields.Datetime.now()
        events = self.env["saas.subscription.event"]
        asked = []
        for reference in events._get_references(
            source,
            parked_before=now - timedelta(minutes=source.fetch_minutes),
            asked_before=now - timedelta(days=1),
        ):
            holders, subject = self.env["saas.binding"]._find_holders(source, reference)
            for holder in holders:
                holder._enqueue_fetch(*subject)
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
        events = source._store_events(arrivals, bulk=len(arrivals) > 1)
        if events:
            source._enqueue_drain()
        return len(events)

    def _describe(self, objects, new):
        return self.env._(
            "%(count)s objects were read, %(new)s of them new.",
            count=len(objects),
            new=new,
        )
