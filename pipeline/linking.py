from psycopg2 import errorcodes

from odoo import models
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError

from ..canonical.kinds import LINKED
from ..canonical.reasons import State
from ..canonical.reference import Reference
from ..models.concurrency import is_lost_race

#: Class of the advisory locks that keep two drains off one journal.
LOCK_CLASS = 0x5AA5
#: How long to wait for a partition at most, in seconds.
_PATIENCE = 10
#: Events that one job sends back to the inbox.
_PAGE = 500


class SaasLinking(models.AbstractModel):
    """Keeps apart the drains of sources that are linked, and frees across sources what
    waits for an object of another one.

    Each source has a partition: its inbox, and, where something may be booked, the
    invoice journal whose numbers only one drain may draw at a time. A drain holds the
    partitions of all that its source is linked to as well: it may look for their
    objects, reconcile them, and free their events. The locks are only tried for, so
    nobody waits for another and nothing can deadlock. A drain whose snapshot is older
    than the last one's end can't see what that brought, so it begins anew: the heads of
    the log chains tell, which each drain moves on. So an object and the event that
    waits for it always meet; the sweep is for what a person brought.
    """

    _name = "saas.linking"
    _description = "SaaS links between sources"

    def _lock(self, source):
        """Keep the inbox of ``source``, and those of all sources linked to it, for this
        transaction until it ends.

        :raises RetryableJobError: if another job has one of them, or if a drain of a
            linked source has ended since this transaction's snapshot was taken. The
            job comes back in a second, and that is not counted as a try.
        """
        sources = self._get_neighbours(source)
        self._try(self._get_inboxes(sources))
        if source.is_linked:
            self._check_snapshot(sources)

    def _lock_journals(self, source):
        """Keep the invoice journals of the same sources as well: something may be
        booked.

        :raises RetryableJobError: if another job has one of them.
        """
        self._try(self._get_journals(self._get_neighbours(source)))

    def _try(self, keys):
        for key in keys:
            self.env.cr.execute(
                "SELECT pg_try_advisory_xact_lock(%s, %s)", (LOCK_CLASS, key)
            )
            if not self.env.cr.fetchone()[0]:
                raise RetryableJobError(
                    "Another job drains this partition.", seconds=1, ignore_retry=True
                )

    def _wait(self, sources):
        """Wait until no drain of ``sources`` runs, and let none begin until this
        transaction ends. What they have done is seen by a transaction that begins
        then, and not by this one.

        :raises psycopg2.errors.LockNotAvailable: if it takes longer than a batch does.
        """
        every = sources.union(*map(self._get_neighbours, sources))
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", f"{_PATIENCE}s"))
        for key in (*self._get_inboxes(every), *self._get_journals(every)):
            query = SQL("SELECT pg_advisory_xact_lock(%s, %s)", LOCK_CLASS, key)
            self.env.cr.execute(query, log_exceptions=False)

    def _get_neighbours(self, source):
        """Return a source with all whose partitions its drains hold as well."""
        return source | source._get_linked() if source.is_linked else source

    def _get_inboxes(self, sources):
        """Return the keys of inboxes in one order, so that of two who want the same,
        one gets all.
        """
        return sorted(-each.id for each in sources)

    def _get_journals(self, sources):
        """Return the keys of invoice journals, in one order as well."""
        return sorted(sources.sale_journal_id.ids)

    def _check_snapshot(self, sources):
        """Make sure that this transaction sees all that drains of ``sources`` did."""
        query = SQL(
            """SELECT id FROM saas_sync_log_chain WHERE source_id = ANY(%s)
               ORDER BY id FOR NO KEY UPDATE NOWAIT""",
            sources.ids,
        )
        try:
            self.env.cr.execute(query, log_exceptions=False)
        except Exception as error:
            is_held = getattr(error, "pgcode", None) == errorcodes.LOCK_NOT_AVAILABLE
            if not is_held and not is_lost_race(error):
                raise
            raise RetryableJobError(
                "Another job has just drained a linked partition.",
                seconds=1,
                ignore_retry=True,
            ) from error

    def _release(self, source, references):
        """Free what waits in linked sources for something new that events of ``source``
        have brought, and have it processed.

        :param references: texts, as in ``waiting_for``; those of linked sources count.
        """
        references = [ref for ref in references if Reference.parse(ref).kind in LINKED]
        if not references:
            return
        linked = source._get_linked()
        waiting = self._get_waiting(linked, [("waiting_for", "in", references)])
        if waiting:
            waiting._set_state(State.RECEIVED, waiting_for=False)
            waiting.source_id._enqueue_drain()

    def _sweep(self, sources):
        """Free what waits for an object of a linked source that is there, by whatever
        way it came.
        """
        linked = sources.filtered("is_linked")
        if not linked:
            return
        events = self._get_waiting(linked, [("waiting_for", "=like", "linked\\_%")])
        for source, own in events.grouped("source_id").items():
            found = self.env["saas.binding"]._find_elsewhere(
                source, [Reference.parse(text) for text in own.mapped("waiting_for")]
            )
            there = {str(reference) for reference, known in found.items() if known}
            own.filtered(
                lambda event, there=there: (
                    event.waiting_for in there
                    and event.waiting_for not in (event.swept_refs or ())
                )
            )._release_bound()

    def _get_waiting(self, sources, domain):
        """Return the events that wait in sources, also those that were left to a person
        because what they wait for did not arrive in time.
        """
        return self.env["saas.subscription.event"].search(
            [
                ("source_id", "in", sources.ids),
                ("state", "in", (State.PARKED.value, State.QUARANTINED.value)),
                *domain,
            ]
        )

    def _process_again(self, source, after):
        """Send back to the inbox what was processed before sources were linked, and
        names objects of others; a page of it, and the next one in a job of its own.

        :param after: the id of the last event that was sent back before.
        :return: a sentence that says how far it is.
        :raises RetryableJobError: while a drain runs that may not know of the link.
        """
        self.env["saas.environment"]._hold_job()
        self._lock(source)
        sources = source | source._get_linked()
        events = self.env["saas.subscription.event"]
        domain = [
            ("source_id", "in", sources.ids),
            ("names_others", "=", True),
            ("state", "=", State.DONE.value),
        ]
        page = events.search([*domain, ("id", ">", after)], order="id", limit=_PAGE)
        page._process_linked()
        sources._enqueue_drain()
        if len(page) < _PAGE:
            return self.env._(
                "%s events are processed again, the last ones.", len(page)
            )
        last = page[-1].id
        source._enqueue_linking(last)
        return self.env._(
            "%(count)s events are processed again. %(left)s more follow.",
            count=len(page),
            left=events.search_count([*domain, ("id", ">", last)]),
        )
