import time
from contextlib import ExitStack, closing

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..canonical.actions import EVENT_STATES
from ..canonical.marks import Sink
from ..canonical.reasons import OPEN_STATES, Reason, State
from ..models.concurrency import is_lost_race
from ..models.review.not_previewed import PreviewBusy, PreviewRefused
from ..models.roles import ROLES
from .preview_cursor import ENDED, Refused, create_poison, open_cursor

#: Class of the advisory locks that keep two previews off one source.
_LOCK_CLASS = 0x5AA7
#: How often to try without keeping drains off, and how often at all.
_FREE_TRIES, _TRIES = 2, 5
#: How long to wait before another try, in seconds.
_PAUSE = 0.1


class SaasPreview(models.AbstractModel):
    """Shows what would become of events, before it counts: the pipeline itself runs, in
    a transaction of its own that is always rolled back.

    Nothing of it is stored, sent or enqueued, and nobody waits for it longer than it
    takes PostgreSQL to say that a lock is taken: a preview that meets a drain, or a
    person who posts, gives way and tries again, at last with the drains kept off.

    What it can't hold back: code of other modules that opens a cursor of its own, or
    calls another system right away.
    """

    _name = "saas.preview"
    _description = "SaaS preview"

    #: Events that one preview processes at most, those that are freed with them.
    _most_events = 200

    def init(self):
        create_poison(self.env.cr)

    def _preview(self, events, change=None, company=None):
        """Return what would come of ``events`` if they were processed now, or of a
        change that a person is about to make.

        Events that wait are retried, those that are done are replayed. What they free
        is processed as well.

        :param events: of one company; the user has to see them, and have a role.
        :param change: a function of an environment that makes the change as the user.
            It sends back to the inbox itself what goes on because of it, and ``events``
            are those that it is about. What it raises is raised here.
        :param company: whose books are shown, where a change is about no event.
        :return: plain values, as ``saas.preview.books`` describes them.
        :raises UserError: if there is nothing to show, or too much is going on.
        """
        company = events.company_id or company
        self._check(events, company)
        # What is only observed is shown as it would come if it were on.
        observed = all(event.reason == Reason.OBSERVED for event in events)
        sink = Sink(is_observing=observed and not change)
        return self._repeat(
            events, sink, lambda own, *args: own._run(*args, change, company)
        )

    def _observe(self, events, read):
        """Process events whose area is only observed as if it were on, and return what
        ``read`` makes of it, before it is undone.

        :param events: of one source, whatever their number.
        :param read: a function of the superuser's environment in the preview, and of
            the highest ids of what was there before, as ``saas.preview.books`` reads
            them.
        :raises PreviewBusy: if others work on the same records just now.
        :raises UserError: if another module does not let itself be previewed.
        """
        return self._repeat(
            events, Sink(is_observing=True), lambda own, *args: own._look(*args, read)
        )

    def _repeat(self, events, sink, work):
        """Do some work in a transaction that is rolled back, until nobody is in its
        way.

        :param work: a function of this model in that transaction, the sink and the
            events, whose result is returned.
        """
        for turn in range(_TRIES):
            if turn:
                time.sleep(_PAUSE)
                sink.take()
            try:
                return self._try(events, sink, work, is_guarded=turn >= _FREE_TRIES)
            except Refused as error:
                raise self._make_refusal() from error
            except Exception as error:
                if getattr(error, "pgcode", None) in ENDED:
                    raise self._make_refusal() from error
                if not is_lost_race(error):
                    raise
        raise PreviewBusy(
            self.env._(
                "Others are working on the same records just now, so nothing can be "
                "shown. Nothing was changed. Try again in a moment."
            )
        )

    def _make_refusal(self):
        """Return what tells people that other code does not let itself be previewed."""
        return PreviewRefused(
            self.env._(
                "Another module wanted to save in the middle of this, which a preview "
                "does not let it. Nothing was kept. Without a preview the events can "
                "be processed all the same."
            )
        )

    def _check(self, events, company):
        """Raise unless the user may see what becomes of these events."""
        if not company:
            raise UserError(self.env._("Select the events that you want a preview of."))
        events._check_may_act(*ROLES)
        if len(company) > 1:
            raise UserError(
                self.env._(
                    "These events belong to several companies. Select those of one "
                    "company at a time."
                )
            )

    def _try(self, events, sink, work, is_guarded):
        """Run once.

        :param is_guarded: keep drains off meanwhile. That is held by a transaction
            before the preview's own, which so sees what they did.
        """
        registry = self.env.registry
        with ExitStack() as stack:
            if is_guarded:
                guard = stack.enter_context(closing(registry.cursor()))
                linking = self.env(cr=guard)["saas.linking"].sudo()
                linking._wait(events.source_id.sudo().with_env(linking.env))
            cr = stack.enter_context(open_cursor(registry))
            env = self.env(cr=cr, context={**self.env.context, **sink.in_context()})
            preview = self.with_env(env)
            preview._lock(events.with_env(env).sudo())
            return work(preview, sink, events.with_env(env))

    def _lock(self, events):
        """Keep other previews off the sources of events, and drains off the events."""
        for source in events.source_id.sorted("id"):
            self.env.cr.execute(
                "SELECT pg_try_advisory_xact_lock(%s, %s)", (_LOCK_CLASS, source.id)
            )
            if not self.env.cr.fetchone()[0]:
                raise PreviewBusy(
                    self.env._(
                        "Somebody else is looking at a preview of %s. Try again in a "
                        "moment.",
                        source.name,
                    )
                )
        query = SQL(
            """SELECT id FROM saas_subscription_event WHERE id = ANY(%s)
               ORDER BY id FOR NO KEY UPDATE NOWAIT""",
            events.ids,
        )
        self.env.cr.execute(query, log_exceptions=False)

    def _run(self, sink, events, change, company):
        """Do what would be done, read what came of it, and undo it to read what was
        there before, in the same snapshot.
        """
        company = company.with_env(self.env).sudo()
        root = self.env(user=SUPERUSER_ID, su=True, context=sink.in_context())
        books = self.env["saas.preview.books"].sudo().with_company(company)
        books = books.with_context(allowed_company_ids=company.ids)
        marks = books._read_marks()
        savepoint = self.env.cr.savepoint()
        left = self._process(root, sink, events, change, company)
        root.flush_all()
        root.invalidate_all()
        after = books._read(sink, marks, events, left)
        savepoint.rollback()
        return books._compare(after, marks)

    def _look(self, sink, events, read):
        """Process events, and return what ``read`` makes of it."""
        company = events.company_id.sudo()
        root = self.env(user=SUPERUSER_ID, su=True, context=sink.in_context())
        root = root(context={**root.context, "allowed_company_ids": company.ids})
        marks = self.env["saas.preview.books"].sudo()._read_marks()
        most = len(events) + self._most_events
        self._process(root, sink, events, None, company, most)
        self._flush(root)
        return read(root, marks)

    def _process(self, root, sink, events, change, company, most=None):
        """Process events as drains would, batch by batch, until nothing is freed.

        :param root: the environment that drains have.
        :param company: whose events are processed.
        :param most: how many events to process at most.
        :return: the events that are left out, because they are too many.
        """
        inbox = root["saas.subscription.event"]
        if change:
            change(self.env)
            due = self._get_freed(inbox, sink.rows, company)
            left = inbox
        else:
            due, left = self._send_back(inbox.browse(sorted(events.ids)), most)
        self._flush(root)
        seen, room = len(sink.rows), most or self._most_events
        while due and room:
            size = min(room, self._most_events)
            batch, due = due[:size], due[size:]
            room -= len(batch)
            for source, own in batch.grouped("source_id").items():
                drain = root["saas.drain"]._with_pipeline_context(source)
                drain._prefer_indexes()
                own = own.with_env(drain.env).sorted("id")
                drain._process(source.with_env(drain.env), own)
            self._flush(root)
            due |= self._get_freed(inbox, sink.rows[seen:], company)
            seen = len(sink.rows)
        return left | due

    def _send_back(self, events, most=None):
        """Put events into the inbox, as many as one preview may have, as the buttons
        do which retry and replay them.

        :return: the events that are to be processed, and those that are left out.
        """
        most = most or self._most_events
        events, left = events[:most], events[most:]
        waiting = (*OPEN_STATES, State.IGNORED)
        if again := events.filtered(lambda event: event.state in waiting):
            again._send_back_retried()
        done = events.filtered(lambda event: event.state == State.DONE)
        replays = done._replay() if done else done
        return (events - done | replays).sorted("id"), left

    def _get_freed(self, inbox, rows, company):
        """Return the events that came into the inbox by what was just done, and that a
        drain would process now.
        """
        came = EVENT_STATES[State.RECEIVED].value
        ids = {row["event_id"] for row in rows if row["action"] == came}
        now = fields.Datetime.now()
        return inbox.browse(sorted(ids)).filtered(
            lambda event: (
                event.state == State.RECEIVED
                and (not event.retry_at or event.retry_at <= now)
                and event.company_id == company
                and event.source_id.state == "active"
            )
        )

    def _flush(self, root):
        """Begin with an empty cache, as each job does."""
        root.flush_all()
        root.invalidate_all()
