"""What stops events is a case: opened, closed and counted as they come and go.

Covers models/review/exception.py, models/review/exception_follow.py,
models/review/exception_amount.py, models/review/exception_free.py,
models/inbox/payments/stake.py.
"""

import importlib.util
import random
from pathlib import Path

from odoo import Command
from odoo.tests import new_test_user, tagged

from ...canonical.reasons import Reason, State
from ..support import stripe_fixtures
from ..support.common import SEED
from .case_common import CaseCommon


@tagged("post_install", "-at_install")
class TestCases(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        roles = ("manager", "reviewer")
        cls.person = new_test_user(
            cls.env,
            "case_worker",
            groups=",".join(f"saas_billing_sync.group_saas_{role}" for role in roles),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _set_up(self, **vals):
        """Complete the set-up, as a person does."""
        self.source.with_user(self.person).sudo(False).write(vals)

    # -- opened and closed -------------------------------------------------------

    def test_all_causes_are_told_at_once(self):
        """An invoice with three unknown prices opens three cases, and goes on when the
        last of them is settled.
        """
        event = self.deliver(self.invoice(1, "p1", "p2", "p3"))
        self.assertState(event, "quarantined", "unmapped_product")
        self.assertEqual(self.keys(), ["p1|of_p1", "p2|of_p2", "p3|of_p3"])
        self.map_product("p1", self.person)
        self.map_product("of_p2", self.person)
        self.assertEqual(self.keys(state="open"), ["p3|of_p3"])
        self.assertState(event, "quarantined", "unmapped_product")
        self.assertNotIn("p1", event.detail)
        self.map_product("p3", self.person)
        self.drain()
        self.assertState(event, "done")
        self.assertEqual(set(self.cases().mapped("state")), {"resolved"})
        self.assertWhole()

    def test_products_and_taxes_are_told_together(self):
        self.source.tax_mapping_ids.unlink()
        event = self.deliver(self.invoice(1, "p1"))
        reasons = sorted(self.cases().mapped("reason"))
        self.assertEqual(reasons, ["unmapped_product", "unmapped_tax"])
        self.map_product("p1", self.person)
        self.drain()
        self.assertState(event, "quarantined", "unmapped_tax")
        self.assertEqual(self.cases(state="open").mapped("reason"), ["unmapped_tax"])

    def test_one_mapping_frees_all_that_wait_for_it(self):
        events = self.deliver(*(self.invoice(n, "p1") for n in range(4)))
        other = self.deliver(self.invoice("other", "p2"))
        self.assertEqual(self.cases().mapped("event_count"), [4, 1])
        self.map_product("p1", self.person)
        self.assertEqual(set(events.mapped("state")), {"received"})
        self.assertState(other, "quarantined", "unmapped_product")
        self.drain()
        self.assertState(events, "done")

    def test_a_retry_keeps_its_case_until_it_is_known(self):
        event = self.deliver(self.invoice(1, "p1"))
        [case] = self.cases()
        event.action_retry()
        self.assertEqual((case.state, case.waiting_count), ("open", 0))
        self.drain()
        self.assertEqual(self.cases(), case)
        self.assertEqual((case.state, case.waiting_count), ("open", 1))

    def test_what_recurs_is_told_again(self):
        self.deliver(self.invoice(1, "p1"))
        mapping = self.map_product("p1", self.person)
        self.drain()
        mapping.unlink()
        self.deliver(self.invoice(2, "p1"))
        first, second = self.cases()
        self.assertEqual((first.state, second.state), ("resolved", "open"))
        self.assertEqual(second.previous_id, first)

    def test_what_is_ignored_is_closed_as_such(self):
        event = self.deliver(self.invoice(1, "p1"))
        wizard = self.env["saas.event.ignore"].create(
            {"event_ids": [Command.set(event.ids)], "note": "not ours"}
        )
        wizard.action_apply()
        self.assertState(event, "ignored", "ignored_by_person")
        self.assertEqual(self.cases().state, "ignored")
        self.assertTrue(self.cases().closed_at)

    def test_what_waited_too_long_opens_one(self):
        charge = stripe_fixtures.load("basil", "credit_note.created-post_payment")
        event = self.deliver(charge)
        self.assertState(event, "parked")
        self.assertFalse(self.cases())
        self.env.cr.execute(
            "UPDATE saas_subscription_event SET received_at = '2020-01-01'"
        )
        self.env.invalidate_all()
        self.env["saas.sweep"]._escalate_parked(self.source)
        self.assertState(event, "quarantined", "missing_reference")
        self.assertEqual(self.cases().cause_key, event.waiting_for)

    def test_each_way_into_the_inbox_and_out_is_followed(self):
        """A case is open while one of its events waits, whoever moved it."""
        events = self.deliver(*(self.invoice(n, "p1") for n in range(3)))
        [case] = self.cases()
        first, second, third = events
        first._set_state(State.DONE)
        self.assertEqual((case.state, case.event_count), ("open", 2))
        second._set_state(State.PARKED, waiting_for="invoice:in_x")
        self.assertEqual((case.state, case.event_count), ("open", 1))
        third._set_state(State.IGNORED)
        self.assertEqual(case.state, "resolved")

    # -- freed -------------------------------------------------------------------

    def test_the_set_up_frees_what_waits_for_its_field(self):
        self.source.default_product_id = self.product_a
        journal = self.source.sale_journal_id
        self.source.sale_journal_id = False
        event = self.deliver(self.invoice(1, "p1"))
        self.assertState(event, "quarantined", "incomplete_setup")
        self.assertEqual(self.keys(), ["sale_journal_id"])
        self._set_up(sale_journal_id=journal.id)
        self.drain()
        self.assertState(event, "done")

    def test_a_default_product_settles_all_products(self):
        events = self.deliver(self.invoice(1, "p1"), self.invoice(2, "p2"))
        self._set_up(default_product_id=self.product_a.id)
        self.drain()
        self.assertState(events, "done")

    def test_an_account_of_the_company_frees_what_waits_for_it(self):
        account = self.company.transfer_account_id
        self.company.transfer_account_id = False
        event = self.deliver(stripe_fixtures.load("basil", "payout.paid"))
        self.assertState(event, "quarantined", "incomplete_setup")
        self.assertEqual(self.keys(), ["transfer_account_id"])
        self.company.transfer_account_id = account
        self.drain()
        self.assertState(event, "done")

    def test_an_open_period_frees_what_waited_in_every_source(self):
        self.source.default_product_id = self.product_a
        self.company.fiscalyear_lock_date = "2026-11-30"
        event = self.deliver(self.invoice(1, "p1"))
        self.assertState(event, "quarantined", "period_locked")
        self.assertEqual(self.keys(), ["fiscalyear_lock_date:2026-11"])
        self.company.fiscalyear_lock_date = False
        self.drain()
        self.assertState(event, "done")
        self.assertEqual(self.cases().state, "resolved")

    # -- at stake ----------------------------------------------------------------

    def test_an_object_counts_once(self):
        """Two events of one invoice are one amount; each cause has all of it."""
        self.deliver(
            self.invoice(1, "p1", "p2"), self.invoice(1, "p1", "p2", event="again")
        )
        for case in self.cases():
            self.assertEqual((case.event_count, case.amount), (2, 238.0))
            self.assertTrue(case.amount_known)
        self.deliver(self.invoice(2, "p1"))
        self.assertEqual(self.cases().mapped("amount"), [357.0, 238.0])

    def test_amounts_are_at_the_rate_of_their_day(self):
        """At 0.8 EUR for a dollar; without a rate nobody knows."""
        payload = stripe_fixtures.load("basil", "invoice.finalized-eur")
        self.deliver(payload)
        self.assertEqual(self.cases().mapped("amount"), [148.75])
        self.eur.rate_ids.name = "2026-11-12"
        self._set_up(default_product_id=self.product_a.id)
        self.drain()
        case = self.cases(state="open")
        self.assertEqual(case.reason, "currency_mismatch")
        self.assertFalse(case.amount_known)

    def test_what_cannot_be_read_ranks_above_any_amount(self):
        self.deliver(*(self.invoice(n, "p1") for n in range(3)))
        payload = self.invoice("x", "p1")
        payload["data"]["object"]["lines"]["data"] = 3
        self.assertState(self.deliver(payload), "quarantined", "invalid_payload")
        queue = self.env["saas.exception"].search([("state", "=", "open")])
        self.assertEqual(queue[0].reason, "invalid_payload")
        self.assertFalse(queue[0].amount_known)
        self.assertEqual(queue[0].severity, "3")

    def test_what_is_parked_behind_a_customer_counts(self):
        event = self.deliver(self.invoice(1, "p1"))
        event._set_state(State.PARKED, waiting_for="customer:cus_1")
        late = self.deliver(self.invoice(2, "p1"))
        late._set_state(
            State.QUARANTINED, Reason.UNKNOWN_TENANT, "Late.", "customer:cus_1"
        )
        case = self.cases(cause_key="customer:cus_1")
        self.assertEqual((case.amount, case.parked_count), (238.0, 1))

    # -- in any order --------------------------------------------------------------

    def test_in_any_order_the_same_cases_are_open(self):
        payloads = [
            self.invoice(1, "p1", "p2"),
            self.invoice(1, "p1", "p2", event="1b"),
            self.invoice(2, "p2"),
            self.invoice(3, "p3", "p1"),
            stripe_fixtures.load("basil", "customer.created"),
            stripe_fixtures.load("basil", "charge.succeeded"),
        ]
        found = set()
        for number in range(6):
            chance = random.Random(f"{SEED} {number}")
            order = [*payloads, *payloads[:2]]
            chance.shuffle(order)
            with self.env.cr.savepoint() as savepoint:
                while order:
                    self.deliver(*order[: chance.randint(1, 3)])
                    order = order[chance.randint(1, 3) :]
                self.deliver(*payloads)
                found.add(
                    tuple(
                        sorted(
                            (c.reason, c.cause_key, c.event_count, c.amount)
                            for c in self.cases(state="open")
                        )
                    )
                )
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(len(found), 1)
        self.assertEqual(len(found.pop()), 3)

    # -- upgraded ------------------------------------------------------------------

    def test_the_upgrade_opens_the_cases_of_what_waits(self):
        """It may run twice, and ends where the drain would have."""
        self.deliver(self.invoice(1, "p1", "p2"), self.invoice(2, "p2"))
        self.source.tax_mapping_ids.unlink()
        self._set_up(default_product_id=self.product_a.id)
        self.drain()
        self.deliver(self.invoice(3, "p1"))
        told = self._tell()
        self.assertEqual(len(told), 1)
        self.env.cr.execute("DELETE FROM saas_exception_event")
        self.env.cr.execute("DELETE FROM saas_exception")
        self.env.cr.execute(
            "UPDATE saas_subscription_event SET stake_company = NULL, object_ref = NULL"
        )
        self.env.invalidate_all()
        path = Path(__file__).parents[2] / "migrations/19.0.4.0.0/post-open-cases.py"
        spec = importlib.util.spec_from_file_location("post_open_cases", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        for _time in range(2):
            script.migrate(self.env.cr, "19.0.3.0.0")
            self.env.invalidate_all()
            self.assertEqual(self._tell(), told)

    def _tell(self):
        return sorted(
            (c.reason, c.cause_key, c.event_count, c.amount, c.amount_known)
            for c in self.cases(state="open")
        )
