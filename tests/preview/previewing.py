"""Holds a preview against what really comes of its events afterwards: all that is
stored, and all that people are shown.
"""

import json
import re
from collections import Counter
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

from ...canonical.marks import Sink
from ..support.books import Undo, read_books

#: What tells one run from another.
_IDS = ("id", "event_id", "was")
#: An event that is replayed gets a random name, and some texts name a tenant's id.
_NONCE = re.compile(r":replay:[0-9a-f]+|(?<=[Tt]enant )\d+")


class PreviewingMixin:
    """For a TransactionCase with a source, as ``SaasCommon`` makes it."""

    def preview(self, events, change=None, user=None):
        """Return what a preview of events shows."""
        events = events.with_user(user) if user else events
        with self.enter_registry_test_mode():
            company = self.company if change else None
            return events.env["saas.preview"]._preview(events, change, company)

    def assertForetold(self, source=None, events=None, change=None, act=None):
        """Check that a preview tells all that then comes.

        :param events: what the preview is of; all that is due if it is None.
        :param change: what a person is about to do, as the preview takes it.
        :param act: what the person then does; nothing where the events are due.
        :return: what the preview has shown.
        """
        source = source or self.source
        if events is None:
            due = source._get_due_domain()
            events = self.env["saas.subscription.event"].search(due, order="id")
        marks = self._books()._read_marks()
        log = self._last("saas.sync.log")
        with self._spy(source) as stored:
            shown = self.preview(events, change)
        if act:
            act()
        self._drain_all()
        rows = self.env["saas.sync.log"].search([("id", ">", log)], order="id")
        sink = SimpleNamespace(rows=[_as_row(row) for row in rows])
        self.assertEqual(stored, [read_all(source, sink.rows)])
        booked = self._books()._read(sink, marks, events, events.browse())
        numbers = _get_numbers(self.env)
        self.assertEqual(_comparable(shown, numbers), _comparable(booked, numbers))
        return shown

    @contextmanager
    def undone(self):
        """Undo what the block does."""
        try:
            with self.env.cr.savepoint():
                yield
                raise Undo
        except Undo:
            self.env.invalidate_all()

    def _drain_all(self):
        """Drain until nothing is due at any source."""
        sources = self.env["saas.source"].search([])
        while due := [source for source in sources if source._has_due_events()]:
            for source in due:
                self.drain(source)
        self.env.flush_all()
        self.env.invalidate_all()

    def _books(self):
        books = self.env["saas.preview.books"].with_company(self.company)
        return books.with_context(allowed_company_ids=self.company.ids)

    def _last(self, model):
        return self.env[model].search([], order="id desc", limit=1).id or 0

    @contextmanager
    def _spy(self, source):
        """Read all that is stored at the end of a preview, in its own transaction."""
        stored = []
        cls = type(self.env["saas.preview.books"])
        real = cls._read

        def read(books, sink, *args):
            inside = source.with_env(books.env(user=source.env.uid, su=True))
            stored.append(read_all(inside, sink.rows))
            return real(books, sink, *args)

        with patch.object(cls, "_read", read):
            yield stored


class PreviewedDrains(PreviewingMixin):
    """Has each drain of a test's story foretold, and keeps what was shown."""

    def setUp(self):
        super().setUp()
        self.shown = []
        self.is_foretold = False

    def drain(self, source=None):
        source = source or self.source
        if source._has_due_events() and not self.is_foretold:
            self.is_foretold = True
            try:
                self.shown.append(self.assertForetold(source))
            finally:
                self.is_foretold = False
        return super().drain(source)

    def _run_job(self, job):
        if job.method_name == "_job_drain":
            self.drain(job.recordset.with_env(self.env))
        return super()._run_job(job)


def read_all(source, rows):
    """Return all that is stored of a source and its company's books, and what the log
    says, as sorted texts without ids and numbers.

    :param rows: of the log, since a moment.
    """
    env = source.env
    company = source.company_id
    books = read_books(source)
    books["lines"] = Counter(
        (
            str(line.date),
            line.account_id.code,
            line.name or "",
            line.balance,
            ",".join(sorted(line.tax_tag_ids.mapped("name"))),
            line.move_id.payment_reference or "",
            line.move_id.ref or "",
        )
        for line in env["account.move.line"].search([("company_id", "=", company.id)])
    )
    books.update(_read_mirrors(env, company))
    books["log"] = Counter(
        (
            env["saas.subscription.event"].browse(row.get("event_id")).external_id,
            row["action"],
            row.get("res_model") or "",
            row.get("detail") or "",
        )
        for row in rows
    )
    numbers = _get_numbers(env)
    return sorted(_anonymise(text, numbers) for text in _flatten(books))


def _read_mirrors(env, company):
    """Return events, bindings, jobs and messages."""
    found = {}
    found["events"] = Counter(
        (
            event.external_id,
            event.state,
            event.reason,
            event.detail,
            event.waiting_for,
            event.attempts,
            event.tenant_id.name,
            str(event.figures),
        )
        for event in env["saas.subscription.event"].search(
            [("company_id", "=", company.id)]
        )
    )
    found["bindings"] = Counter(
        (b.kind, b.external_id, b.res_model, b.rank, b.amount, b.parent_ref)
        for b in env["saas.binding"].search([("company_id", "=", company.id)])
    )
    found["jobs"] = Counter(
        (job.name, job.method_name)
        for job in env["queue.job"].search([("method_name", "!=", "_job_drain")])
    )
    found["outbox"] = Counter(
        (m.target_id.name, m.type, m.sequence)
        for m in env["saas.outbound.message"].search([])
    )
    return found


def _flatten(books):
    for section, values in books.items():
        if isinstance(values, Counter):
            for value, count in values.items():
                yield f"{section} {count} x {value}"
        else:
            for value in values:
                yield f"{section} {value}"


def _get_numbers(env):
    """Return what finds the numbers of entries in a text."""
    names = {move.name for move in env["account.move"].search([]) if move.name}
    ordered = sorted(names - {"/"}, key=len, reverse=True)
    drawn = rf"{Sink.PREFIX}\w+/\d+|\bNew \d+\b"
    return re.compile("|".join([*map(re.escape, ordered), drawn]))


def _anonymise(text, numbers):
    return _NONCE.sub("#", numbers.sub("#", text))


def _comparable(shown, numbers):
    """Return what people are shown as sorted texts that two runs can be compared by."""
    texts = []
    for section, values in shown.items():
        if section in ("known", "undone", "changed"):
            continue
        if isinstance(values, list):
            for value in values:
                kept = {k: v for k, v in value.items() if k not in _IDS}
                texts.append(f"{section} {json.dumps(kept, sort_keys=True)}")
        else:
            texts.append(f"{section} {values}")
    return sorted(_anonymise(text, numbers) for text in texts)


def _as_row(row):
    return {
        "event_id": row.event_id.id,
        "action": row.action,
        "res_model": row.res_model,
        "res_id": row.res_id,
        "detail": row.detail,
    }
