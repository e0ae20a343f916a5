"""Plays a tour for each reason: as somebody of the wrong group, who is refused, and as
one whom the next step names.
"""

from contextlib import nullcontext

from odoo.tests import HttpCase
from odoo.tools import SQL

from ...canonical.reasons import Reason, State
from ..review.reasons import Pressing
from ..support.session import OneBrowserMixin, create_person

#: Who decides nothing, and so is the wrong one for each role.
_WRONG = {"reviewer": "operator", "manager": "operator", "operator": "auditor"}
#: An operator may take this step too: it has events processed again, and no more.
_OPERATING = (
    Reason.MISSING_REFERENCE,
    Reason.POSTING_FAILED,
    Reason.CHANGED_BY_PERSON,
)
#: Who takes the last step where the next step names two: who it is for looks on, and is
#: the wrong one.
_LAST = {Reason.OBSERVED: "approver"}
#: What is a case is opened from the queue, all else from the list of events.
_QUEUE, _EVENTS = "/odoo/saas-exceptions", "/odoo/saas-events"
#: What each page loads. A tour is undone, and what is made in it would be made anew.
_BUNDLES = ("web.assets_web", "web.assets_tests", "web_tour.automatic")
#: Tables outside of this addon that a decision changes.
_BOOKS = (
    *("account.move", "account.move.line", "account.partial.reconcile"),
    *("account.payment", "account.account", "account.journal", "res.partner"),
    *("res.currency", "res.currency.rate", "queue.job", "mail.message"),
    *("mail.activity", "res.company"),
)


class ReasonTours(OneBrowserMixin, Pressing, HttpCase):
    """A class of tours takes the reasons that its other bases bring about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        roles = ("operator", "manager", "reviewer", "approver", "auditor")
        cls.roles = {role: create_person(cls, f"is_{role}", role) for role in roles}
        # Whom the bot greets at their first look has got a message by that.
        cls.env["res.users"].search([]).odoobot_state = "disabled"
        for name in _BUNDLES:
            bundle = cls.env["ir.qweb"]._get_asset_bundle(name)
            bundle.js()
            bundle.css()

    def enter_registry_test_mode(self):
        # It is entered already, as the browser needs it.
        return nullcontext()

    @classmethod
    def _get_reasons(cls):
        """Return the reasons that this class brings about."""
        return [reason for reason in Reason if hasattr(cls, f"_make_{reason}")]

    def _play_all(self):
        for reason in self._get_reasons():
            with self.subTest(reason=str(reason)):
                savepoint = self.env.cr.savepoint()
                with savepoint:
                    self._play(reason)
                    self.env.flush_all()
                    savepoint.rollback()
                self.env.invalidate_all()
                self.api.reset()

    def _play(self, reason):
        event = getattr(self, f"_make_{reason}")()
        self._check_made(event, reason)
        before = self._read_all()
        right = _LAST.get(reason, event.actor)
        wrong = event.actor if reason in _LAST else _WRONG[event.actor]
        if reason in _OPERATING:
            wrong = "auditor"
        is_harmless = not event._tells_of_books()
        is_case = event.state in (State.QUARANTINED, State.DEAD)
        page = _QUEUE if is_case else _EVENTS
        self._tour(page, f"saas_reason_{reason}_refused", wrong)
        self.assertEqual(self._read_all(), before)
        self._prepare(reason, event)
        self._tour(page, f"saas_reason_{reason}", right)
        self._finish(reason, event)
        self._check_solved(event, is_harmless)

    def _tour(self, page, name, role):
        self.start_tour(page, name, login=self.roles[role].login, timeout=180)
        self.env.invalidate_all()

    def _finish(self, reason, event):
        """Let happen what comes of a step by itself."""
        finish = getattr(self, f"_finish_{reason}", None)
        if finish:
            finish(event)
        self.run_jobs()
        self.drain()

    def _read_all(self):
        """Return the books, and of each table that a decision may change a digest."""
        self.env.flush_all()
        models = [
            model
            for name, model in self.env.registry.items()
            if name in _BOOKS or name.startswith("saas.")
        ]
        tables = sorted(
            {
                model._table
                for model in models
                if model._auto and not model._abstract and not model._transient
            }
        )
        digest = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s, md5(string_agg(t::text, '' ORDER BY t.id)) FROM %s t",
                table,
                SQL.identifier(table),
            )
            for table in tables
        )
        return self.books(), dict(self.env.execute_query(digest))
