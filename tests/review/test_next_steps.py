"""A next step fits what stopped the event, frees what waited however long, names what
holds an event up, and leads to the right company.
"""

import inspect
import re
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..support.reconciling import ReconcileCommon
from .deciding import DecidingCommon, load


@tagged("post_install", "-at_install")
class TestNextSteps(DecidingCommon):
    def _let_wait(self, event):
        event.received_at = fields.Datetime.now() - timedelta(
            hours=self.source.park_hours + 1
        )
        self.env["saas.source"]._cron_sweep()

    # -- what it waited for is never forgotten ---------------------------------------

    def test_late_object_frees_what_was_left_to_a_person(self):
        refund = self.deliver(load("refund.created"))
        reference = refund.waiting_for
        self._let_wait(refund)
        self.assertState(refund, "quarantined", "missing_reference")
        self.assertEqual(refund.waiting_for, reference)
        self.deliver(load("charge.succeeded"))
        self.assertState(refund, "done")
        self.assertFalse(refund.waiting_for)
        self.assertWhole()

    def test_kept_when_retried_and_ignored(self):
        refund = self.deliver(load("refund.created"))
        reference = refund.waiting_for
        refund.action_retry()
        self.assertEqual((refund.state, refund.waiting_for), ("received", reference))
        self.drain()
        self.assertState(refund, "parked")
        self._ignore(refund)
        self.assertEqual((refund.state, refund.waiting_for), ("ignored", reference))

    def test_choosing_a_customer_frees_the_late_ones(self):
        late = self.deliver(load("charge.succeeded", customer="cus_late"))
        self._let_wait(late)
        self.assertState(late, "quarantined", "unknown_tenant")
        other = load("invoice.finalized", id="in_late", customer="cus_late")
        other["id"] = "evt_late"
        self._press(
            late, "action_choose_customer", choice="partner", partner_id=self.partner.id
        )
        self.assertState(late | self.deliver(other), "done")

    def test_binding_frees_the_late_ones(self):
        event = self._quarantine_invoice("invoice.finalized-to_credit")
        credit = self.deliver(load("credit_note.created-pre_payment"))
        self.assertState(credit, "parked")
        self._let_wait(credit)
        self.assertState(credit, "quarantined", "missing_reference")
        self.assertEqual(credit.blocked_by_id, event)
        move = self._enter_document()
        self._bind(event, move, note="By hand.")
        self.assertState(event | credit, "done")

    # -- what holds it up -------------------------------------------------------------

    def test_a_parked_event_names_what_holds_it_up(self):
        event = self._quarantine_invoice("invoice.finalized-to_credit")
        credit = self.deliver(load("credit_note.created-pre_payment"))
        self.assertState(credit, "parked")
        seen = credit.with_user(self.reviewer)
        self.assertEqual(seen.blocked_by_id, event.with_user(self.reviewer))
        self.assertIn("Unmapped product", seen.next_step)
        self.assertIn("Integration manager", seen.next_step)
        self.assertEqual(seen.action_open_blocker()["res_id"], event.id)
        references = credit._get_references(
            self.source,
            fields.Datetime.now() + timedelta(days=1),
            fields.Datetime.now(),
        )
        self.assertEqual(references, [])
        event.action_retry()
        self.drain()
        self.assertState(event | credit, "done")

    # -- what stopped it ------------------------------------------------------------

    def test_decimals_are_told_and_set(self):
        self.eur.rounding = 1
        changes = {"amount": 11901, "amount_captured": 11901, "currency": "eur"}
        event = self.deliver(load("charge.succeeded", **changes))
        self.assertState(event, "quarantined", "currency_mismatch")
        self.assertIn("Rounding Factor has to be 0.01", event.detail)
        self.assertIn("Rounding Factor", event.next_step)
        self._press(event, "action_set_up_currency")
        self.assertEqual(self.eur.decimal_places, 2)
        self.assertState(event, "done")

    def test_a_rate_is_asked_for(self):
        self.eur.rate_ids.unlink()
        event = self.deliver(load("invoice.finalized-eur"))
        self.assertTrue(event.with_user(self.reviewer).may_set_up_currency)
        with self.assertRaisesRegex(UserError, "Enter how many EUR one USD was"):
            self._press(event, "action_set_up_currency")
        for slip in (-1, 1e300, 1e-300):
            with self.assertRaisesRegex(UserError, "between 0.0000001 and 10,000,000"):
                self._press(event, "action_set_up_currency", rate=slip)
        with self.assertRaises(AccessError):
            event.with_user(self._user("operator")).action_set_up_currency()
        self._press(event, "action_set_up_currency", rate=0.8)
        [row] = event.log_ids.filtered(lambda row: row.action == "currency_set_up")
        self.assertIn("1 USD is 0.8 EUR, and 1 EUR is 1.25 USD.", row.detail)
        self.assertState(event, "done")

    def test_inactive_currency(self):
        self.eur.active = False
        event = self.deliver(load("invoice.finalized-eur"))
        wizard = self._press(event, "action_set_up_currency")
        self.assertFalse(wizard.is_rate_needed)
        self.assertState(event, "done")

    def test_retry_of_all_alike_says_what_comes_of_it(self):
        first = self._quarantine_invoice()
        self.source.default_product_id = False
        second = self.deliver(load("invoice.finalized-discount"))
        self.assertState(second, "quarantined", "unmapped_product")
        self.source.default_product_id = self.product_a
        with self.enter_registry_test_mode():
            action = first.with_user(self._user("operator")).action_retry_like()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self._user("operator"))
        self.assertEqual(wizard.event_ids, first | second)
        self.assertRegex(re.sub(r"<[^>]+>|\s+", " ", wizard.preview), r"Done: +2")
        self.assertState(first | second, "quarantined", "unmapped_product")
        told = wizard.action_retry()
        self.assertIn("2 events are processed now", told["params"]["message"])
        self.drain()
        self.assertState(first | second, "done")
        self.source.state = "paused"
        event = self.store(load("invoice.finalized-inclusive"))
        told = event.with_user(self._user("operator")).action_retry()
        self.assertIn("is paused", told["params"]["message"])

    def _user(self, role, companies=None):
        companies = companies or self.company
        known = self.env["res.users"].search([("login", "=", f"steps_{role}")])
        return known or new_test_user(
            self.env,
            f"steps_{role}",
            groups=f"saas_billing_sync.group_saas_{role}",
            company_id=companies[:1].id,
            company_ids=[Command.set(companies.ids)],
        )

    # -- the right company ----------------------------------------------------------

    def test_a_rate_lands_in_the_company_of_the_event(self):
        """Another company is current on the user's screen."""
        other = self.env["res.company"].create({"name": "Other Inc."})
        self.eur.rate_ids.unlink()
        event = self.deliver(load("invoice.finalized-eur"))
        user = self._user("reviewer", other | self.company)
        event = event.with_user(user).with_context(
            allowed_company_ids=(other | self.company).ids
        )
        self.assertEqual(event.env.company, other)
        self.assertIn(f"In {self.company.name}:", event.next_step)
        action = event.action_set_up_currency()
        wizards = self.env[action["res_model"]].with_user(user)
        wizard = wizards.with_context(**action["context"]).create({"rate": 0.8})
        wizard.action_apply()
        self.assertEqual(self.eur.rate_ids.company_id, self.company)

    def test_every_window_opens_in_the_right_company(self):
        """Whatever action leads from an event, a difference or a source."""
        self.deliver(load("charge.succeeded"))
        event = self._quarantine_invoice()
        difference = self.env["saas.difference"].create(
            {
                "source_id": self.source.id,
                "kind": "invoice",
                "external_id": "in_1",
                "result": "different",
                "field": "total",
                "event_id": event.id,
                "res_model": "res.partner",
                "res_id": self.partner.id,
            }
        )
        other = self.env["res.company"].create({"name": "Other Inc."})
        opened = set()
        for record in (event, difference, self.source):
            record = record.with_context(allowed_company_ids=other.ids)
            for name, method in inspect.getmembers(type(record), callable):
                own = "saas_billing_sync" in (getattr(method, "__module__", "") or "")
                if not own or not name.startswith("action_"):
                    continue
                try:
                    with self.env.cr.savepoint():
                        action = method(record)
                except UserError:
                    continue
                if (
                    not isinstance(action, dict)
                    or action["type"] != "ir.actions.act_window"
                ):
                    continue
                opened.add(name)
                with self.subTest(model=record._name, action=name):
                    self.assertEqual(
                        action["context"]["allowed_company_ids"], self.company.ids
                    )
        self.assertGreater(len(opened), 12)


@tagged("post_install", "-at_install")
class TestOneList(ReconcileCommon):
    """A difference whose object waits here says so, and closes with it."""

    def test_a_difference_leads_to_the_event_that_waits(self):
        self.tell("customer.created", "invoice.finalized")
        self.book("customer.created")
        self.source.default_product_id = False
        event = self.deliver(load("invoice.finalized"))
        self.assertState(event, "quarantined", "unmapped_product")
        self.reconcile()
        found = self.find()
        self.assertEqual(found.mapped("waiting_event_id"), event)
        self.assertIn("Unmapped product", found[0].next_step)
        self.assertEqual(found[0].action_open_event()["res_id"], event.id)
        with self.assertRaisesRegex(UserError, "wait for a person"):
            found.action_reimport()
        with self.env.cr.savepoint() as savepoint:
            decision = self.env["saas.review.decision"]
            decision._ignore(event, "It is in the old books.")
            self.assertEqual(set(found.mapped("state")), {"accepted"})
            savepoint.rollback()
        self.env.invalidate_all()
        self.source.default_product_id = self.product_a
        event.action_retry()
        self.drain()
        self.run_jobs()
        self.drain()
        self.run_jobs()
        self.assertEqual(set(found.mapped("state")), {"resolved"})
        self.assertEqual(self.found(), [])
