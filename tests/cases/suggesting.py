"""A person with every role, who looks at the likely answers to cases."""

from ..review.reasons import ReasonsOfContent, ReasonsOfSetUp
from ..review.reasons_books import ReasonsOfBooks
from ..review.reasons_stages import ReasonsOfStages
from ..review.reasons_subscriptions import ReasonsOfSubscriptions
from ..support.session import create_person


class SuggestCommon(
    ReasonsOfStages,
    ReasonsOfBooks,
    ReasonsOfSetUp,
    ReasonsOfSubscriptions,
    ReasonsOfContent,
):
    """Somebody with every role looks at cases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            role: create_person(cls, f"suggest_{role}", role)
            for role in ("operator", "manager", "reviewer")
        }
        cls.person = create_person(cls, "suggest_person", "manager", "reviewer")

    def second(self, name, **vals):
        """Return another source of the company."""
        journal = self._create_clearing_journal(name, name[:4].upper())
        vals = {"tax_mapping_ids": [], "secret_ids": [], **vals}
        return self._create_source(name=name, clearing_journal_id=journal.id, **vals)

    def case(self, event, user=None):
        """Return the one case that an event waits for, as a person sees it."""
        self.env.flush_all()
        case = event.case_link_ids.filtered("is_open").case_id
        self.assertEqual(len(case), 1, event.detail)
        case = case.with_user(user or self.person).sudo(False)
        case.invalidate_recordset()
        return case

    def answer(self, event, user=None):
        """Return the likely answer to the case that an event waits for."""
        case = self.case(event, user)
        answer = case.env["saas.suggest"]._suggest(case)[case.id]
        self.assertEqual((case.suggestion, case.suggestion_why), answer[:2])
        self.assertTrue(answer.why.endswith((".", "%")), answer.why)
        self.assertTrue(answer.say or not answer.method)
        return answer

    def apply(self, event):
        """Press Apply Suggestion, and then the dialog's first button."""
        case = self.case(event)
        with self.enter_registry_test_mode():
            action = case.action_apply_suggestion()
        wizard = case.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("This is a preview", wizard.preview)
        self.assertIn("go on once", wizard.head or "go on once")
        is_retry = wizard._name == "saas.preview.show"
        wizard.action_retry() if is_retry else wizard.action_apply()
        self.drain()
        return wizard
