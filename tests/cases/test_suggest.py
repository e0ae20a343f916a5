"""Each case is told its likely answer first, or why there is none.

Covers models/review/exception_suggest, review/suggest, review/suggest_set_up,
review/suggest_steps and review/documents/suggest_record.
"""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...canonical.reasons import Reason
from ...canonical.review.causes import KEYS
from ...canonical.review.suggestions import LIKELY, POSSIBLE, SURE
from ...review.suggest import MODELS
from ..review.deciding import load
from ..review.reasons import OF_NO_EVENT
from .suggesting import SuggestCommon


@tagged("post_install", "-at_install")
class TestSuggest(SuggestCommon):
    def test_every_reason_has_a_cause_key_a_suggestion_and_a_next_step(self):
        """No reason is left out of any of the lists, so that none is a dead end."""
        steps = self.env["saas.subscription.event"]._get_next_steps()
        none = self.env["saas.suggest"]._get_unsuggested()
        for reason in Reason:
            with self.subTest(reason=reason):
                self.assertIn(reason, KEYS)
                actor, step = steps[reason]
                self.assertIn(actor, self.roles)
                self.assertRegex(step, r"^[A-Z].*\.$")
                self.assertRegex(none[reason], r"^[A-Z].*\.$")
        self.assertLessEqual(set(MODELS), set(Reason))
        for model in MODELS.values():
            self.assertTrue(callable(self.env[model]._suggest))

    def test_each_reason_s_case_says_something(self):
        """Whatever stops an event, its case can be opened and says what is likely, or
        why nothing is.
        """
        for reason in sorted(set(Reason) - OF_NO_EVENT):
            with self.subTest(reason=str(reason)):
                savepoint = self.env.cr.savepoint()
                with savepoint:
                    event = getattr(self, f"_make_{reason}")()
                    if event.state in ("quarantined", "dead"):
                        answer = self.answer(event)
                        self.assertEqual(bool(answer.method), bool(answer.confidence))
                    savepoint.rollback()
                self.env.invalidate_all()
                self.api.reset()

    def test_what_has_no_answer_is_not_applied(self):
        event = self._make_changed_by_person()
        with self.assertRaisesRegex(UserError, "There is no likely answer"):
            self.case(event).action_apply_suggestion()

    # -- the set-up ------------------------------------------------------------------

    def test_missing_accounts_are_made(self):
        event = self._make_incomplete_setup()
        answer = self.answer(event)
        self.assertEqual(answer.confidence, LIKELY)
        self.assertIn("Create Missing Accounts", answer.say)
        self.apply(event)
        self.assertState(event, "done")
        self.assertTrue(self.source.fee_account_id)

    def test_another_source_s_account_is_named(self):
        fees = self.source.fee_account_id
        second = self.second("Second", fee_account_id=fees.id)
        event = self._make_incomplete_setup()
        self.assertIn(second.name, self.answer(event).why)
        self.apply(event)
        self.assertEqual(self.source.fee_account_id, fees)

    def test_the_only_journal(self):
        self.source.sale_journal_id = False
        event = self.deliver(self.finalized())
        self.assertState(event, "quarantined", "incomplete_setup")
        self.assertEqual(self.answer(event).confidence, SURE)
        self.apply(event)
        self.assertState(event, "done")
        journal = self.source.sale_journal_id
        self.assertEqual(journal, self.company_data["default_journal_sale"])

    # -- money -----------------------------------------------------------------------

    def test_the_rate_of_another_company_goes_before_a_later_one(self):
        [rate] = self.eur.rate_ids
        rate.name = "2026-11-20"
        event = self.deliver(self._load_eur())
        answer = self.answer(event)
        self.assertEqual((answer.values, answer.confidence), ({"rate": 0.8}, POSSIBLE))
        self.assertIn("2026-11-20", answer.why)
        other = self.env["res.company"].create(
            {"name": "Sister", "currency_id": self.company.currency_id.id}
        )
        self.person.company_ids |= other
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.eur.id,
                "company_id": other.id,
                "name": "2026-11-09",
                "company_rate": 0.5,
            }
        )
        answer = self.answer(event)
        self.assertEqual((answer.values, answer.confidence), ({"rate": 0.5}, LIKELY))
        self.assertIn("Sister", answer.why)
        self.apply(event)
        self.assertState(event, "done")
        self.assertIn("(+119.00 EUR)", self.books())
        self.assertIn("AR +238.00", self.books())

    def test_a_rate_of_a_stranger_s_company_is_not_told(self):
        [rate] = self.eur.rate_ids
        other = self.env["res.company"].create(
            {"name": "Stranger", "currency_id": self.company.currency_id.id}
        )
        rate.write({"company_id": other.id, "name": "2026-11-01"})
        event = self.deliver(self._load_eur())
        self.assertFalse(self.answer(event).method)

    def test_an_inactive_currency_with_a_rate_is_made_active(self):
        self.eur.active = False
        event = self.deliver(self._load_eur())
        answer = self.answer(event)
        self.assertEqual((answer.values, answer.confidence), ({}, SURE))
        self.apply(event)
        self.assertTrue(self.eur.active)
        self.assertState(event, "done")

    def _load_eur(self):
        return load("invoice.finalized-eur")

    # -- records ---------------------------------------------------------------------

    def test_a_record_is_found_by_its_number_and_never_by_its_amount(self):
        self.company.fiscalyear_lock_date = "2026-11-02"
        payload = load("invoice.finalized")
        event = self.deliver(payload)
        self.assertState(event, "quarantined", "period_locked")
        day = {"invoice_date": "2026-11-03", "date": "2026-11-03"}
        move = self._enter_document(**day)
        self.assertEqual(move.amount_total, 119)
        self.assertFalse(self.answer(event).method)
        move.ref = payload["data"]["object"]["number"]
        answer = self.answer(event)
        self.assertEqual(answer.values, {"move_id": move.id})
        self.assertIn(move.ref, answer.why)
        second = self._enter_document(**day)
        second.ref = move.ref
        self.assertFalse(self.answer(event).method)

    def test_the_source_is_asked_for_what_never_came(self):
        event = self._make_missing_reference()
        for name in ("charge.succeeded", "payment_intent.succeeded"):
            self.api.put(load(name)["data"]["object"])
        answer = self.answer(event)
        self.assertIn(event.waiting_for, answer.say)
        self.apply(event)
        self.run_jobs()
        self.drain()
        self.assertState(event, "done")

    def test_nothing_is_asked_without_a_key(self):
        self.source.api_key = False
        event = self._make_missing_reference()
        self.assertFalse(self.answer(event).method)

    # -- what failed, and what belongs elsewhere -------------------------------------

    def test_what_failed_is_tried_in_a_preview_first(self):
        event = self._make_retries_exhausted()
        self.assertEqual(self.answer(event).confidence, LIKELY)
        self.apply(event)
        self.assertState(event, "done")

    def test_a_probe_that_fails_books_nothing_and_says_why(self):
        event = self._make_posting_failed()
        case = self.case(event)
        with self.enter_registry_test_mode():
            action = case.action_apply_suggestion()
        wizard = case.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("Posting failed", wizard.preview)
        self.assertState(event, "quarantined", "posting_failed")

    def test_a_test_event_leads_to_the_source_of_tests(self):
        self.source.api_key = False
        self.source.livemode = True
        event = self.deliver({**self.finalized(), "livemode": False})
        self.assertEqual(self.answer(event).confidence, POSSIBLE)
        second = self.second("Tests", livemode=False)
        answer = self.answer(event)
        self.assertIn(second.name, answer.why)
        self.apply(event)
        self.assertState(event, "ignored", "ignored_by_person")

    def test_an_account_that_has_a_source_by_now(self):
        event = self._make_unknown_account()
        self.assertFalse(self.answer(event).method)
        other = self.second("Other", account_ref="acct_typo")
        self.assertIn(other.name, self.answer(event).say)
