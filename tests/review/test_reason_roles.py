"""The role that an event's next step names can do what it says: each reason is brought
about by real events, and that role presses the buttons.
"""

import re
from pathlib import Path

from odoo.tests import tagged

from ...canonical.reasons import Reason
from ..support.session import create_person
from .reasons import OF_NO_EVENT, ReasonsOfContent, ReasonsOfSetUp
from .reasons_books import ReasonsOfBooks
from .reasons_stages import ReasonsOfStages
from .reasons_subscriptions import ReasonsOfSubscriptions

#: What no code says yet.
_NOT_SAID = frozenset()
_ROOMS = ("adapters", "canonical", "handlers", "ledger", "pipeline", "review")


@tagged("post_install", "-at_install")
class TestReasonRoles(
    ReasonsOfStages,
    ReasonsOfSubscriptions,
    ReasonsOfBooks,
    ReasonsOfSetUp,
    ReasonsOfContent,
):
    """Whom the next step names does what it says. In the end the event is done, or
    bound to a record that a person made; it is ignored where no money moved. While it
    waits for a person, it is in an open case.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            role: create_person(cls, f"is_{role}", role)
            for role in ("operator", "manager", "reviewer")
        }

    def _check_likely(self, event):
        """Whom the next step names may apply the likely answer, if there is one; and
        whoever is offered it may open its dialog.
        """
        case = event.case_link_ids.filtered("is_open").case_id[:1]
        if not case:
            return
        method = self.env["saas.suggest"]._suggest(case)[case.id].method
        for role, user in self.roles.items():
            own = case.with_user(user).sudo(False)
            is_offered = own.may_apply_suggestion
            if role == event.actor:
                self.assertEqual(is_offered, bool(method), (role, method))
            # A retry has its effect looked at in a transaction of its own.
            if is_offered and method != "action_preview_retry":
                model = own.action_edit_suggestion()["res_model"]
                self.assertTrue(self.env[model].with_user(user).has_access("create"))
            if method == "action_map_tax" and role != "manager":
                self.assertFalse(is_offered)

    def test_every_reason_has_a_maker(self):
        for reason in set(Reason) - _NOT_SAID - OF_NO_EVENT:
            for verb in ("make", "solve"):
                self.assertTrue(hasattr(self, f"_{verb}_{reason}"), reason)

    def test_what_no_code_says_needs_no_maker(self):
        root = Path(__file__).parents[2]
        said = set()
        for room in _ROOMS:
            for path in (root / room).rglob("*.py"):
                said.update(re.findall(r"Reason\.([A-Z_]+)", path.read_text()))
        self.assertFalse(said & {reason.name for reason in _NOT_SAID})

    def test_the_named_role_can_do_it(self):
        for reason in sorted(set(Reason) - _NOT_SAID - OF_NO_EVENT):
            with self.subTest(reason=str(reason)):
                savepoint = self.env.cr.savepoint()
                with savepoint:
                    self._walk(reason)
                    self.env.flush_all()
                    savepoint.rollback()
                self.env.invalidate_all()
                self.api.reset()

    def _walk(self, reason):
        event = getattr(self, f"_make_{reason}")()
        self._check_made(event, reason)
        user = self.roles[event.actor]
        seen = event.with_user(user)
        self.assertTrue(seen.with_user(user).read(["next_step", "payload", "state"]))
        self._check_likely(event)
        is_harmless = not event._tells_of_books()
        self._prepare(reason, seen)
        getattr(self, f"_solve_{reason}")(seen)
        self.run_jobs()
        self.drain()
        self._check_solved(event, is_harmless)
