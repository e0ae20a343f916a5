"""Brings events into each reason, and does what its next step says."""

from datetime import timedelta

from odoo import fields

from ...canonical.reasons import Reason
from ..documents.one_invoice import OneInvoice
from ..support.pulling import PullCommon
from .deciding import DecidingCommon, load

#: Of cases that no event waits for: they have tests of their own.
OF_NO_EVENT = frozenset((Reason.AT_RISK,))


class Pressing(DecidingCommon, PullCommon, OneInvoice):
    """``_make_<reason>`` brings an event into a reason, and returns it.
    ``_prepare_<reason>`` does what the next step has people do elsewhere, such as enter
    a document by hand; ``_solve_<reason>`` does the rest of it, as the event's user.
    """

    #: The record that a person has entered by hand.
    by_hand = None

    def _prepare(self, reason, event):
        if prepare := getattr(self, f"_prepare_{reason}", None):
            prepare(event)

    def _check_made(self, event, reason):
        """Check that an event says what to do, and is in a case if it waits."""
        self.assertEqual(event.reason, reason, event.detail)
        self.assertTrue(event.next_step)
        cases = event.case_link_ids.filtered("is_open").case_id
        waits = event.state in ("quarantined", "dead")
        self.assertEqual(cases.mapped("state"), ["open"] * waits)
        self.assertEqual(cases.mapped("reason"), [reason.value] * waits)
        self.assertTrue(all(cases.mapped("cause_key")))

    def _check_solved(self, event, is_harmless):
        """Check that an event is done, or bound to what a person made, or ignored where
        no money moved, and that the books are whole.
        """
        self.assertFalse(event.case_link_ids.filtered("is_open"), event.detail)
        if event.state != "done":
            self.assertEqual(event.state, "ignored", event.detail)
            bound = self.env["saas.resolution"].search([("choice", "=", "record")])
            self.assertTrue(is_harmless or bound, event.reason)
        self.assertWhole()

    def _apply(self, event, method, **vals):
        """Press a button of an event and apply its wizard, as the event's user."""
        action = getattr(event, method)()
        wizard = self.env[action["res_model"]].with_user(event.env.user)
        wizard = wizard.with_context(**action["context"]).create(vals)
        return wizard.action_apply()

    def _save(self, event, method, **vals):
        """Press a button of an event and save the form that it opens."""
        action = getattr(event, method)()
        records = self.env[action["res_model"]].with_user(event.env.user)
        records = records.with_context(**action.get("context", {}))
        if record_id := action.get("res_id"):
            records.browse(record_id).write(vals)
        else:
            records.create(vals)

    def _let_wait(self, event):
        """Let an event wait longer than its source allows."""
        event.received_at = fields.Datetime.now() - timedelta(
            hours=self.source.park_hours + 1
        )
        self.env["saas.source"]._cron_sweep()


class ReasonsOfContent(Pressing):
    """The event is not what it should be, or belongs somewhere else."""

    def _make_invalid_payload(self):
        event = load("customer.created", email=["not", "an", "address"])
        return self.deliver({**event, "id": "evt_unreadable"})

    def _solve_invalid_payload(self, event):
        self._apply(event, "action_ignore", note="It was sent again.")

    def _make_id_reused(self):
        self.patch(type(self.source._get_adapter()), "_id_fixes_content", True)
        self.deliver(load("customer.created"))
        return self.deliver({**load("customer.created"), "pending_webhooks": 7})

    def _solve_id_reused(self, event):
        event.action_accept_content()

    def _make_not_owner(self):
        self.env["saas.ownership"].create(
            {"company_id": self.company.id, "kind": "invoice"}
        )
        return self.deliver(load("invoice.finalized"))

    def _solve_not_owner(self, event):
        self._apply(event, "action_accept_once", note="The customer told us.")

    def _make_incomplete_payload(self):
        self.source.api_key = False
        event = load("invoice.finalized")
        self.api.put(load("invoice.finalized")["data"]["object"])
        event["data"]["object"]["lines"]["has_more"] = True
        return self.deliver(event)

    def _solve_incomplete_payload(self, event):
        event.source_id.new_api_key = next(iter(self.api.keys))
        event.action_retry()

    def _make_unsupported_type(self):
        name = "customer_cash_balance_transaction.created-funded"
        return self.deliver(load(name, type="from_the_future"))

    def _prepare_unsupported_type(self, event):
        self._enter_payment(200)

    def _solve_unsupported_type(self, event):
        self._apply(event, "action_ignore", note="Entered by hand.")

    def _make_missing_reference(self):
        event = self.deliver(load("refund.created"))
        self._let_wait(event)
        return event

    def _solve_missing_reference(self, event):
        """The object that it waited for is sent after all."""
        self.deliver(load("charge.succeeded"))

    def _make_held_by_person(self):
        event = self.store(load("invoice.finalized"))
        held = event.with_user(self.roles["operator"])
        self._apply(held, "action_hold", reason="The customer disputes it.")
        self.drain()
        return event

    def _solve_held_by_person(self, event):
        self._apply(event, "action_let_go", reason="It is settled.")

    def _make_wrong_mode(self):
        return self.deliver(
            {**load("invoice.finalized"), "livemode": not self.source.livemode}
        )

    def _solve_wrong_mode(self, event):
        self._apply(event, "action_ignore", note="A test.")
        self.assertFalse(self.env["saas.resolution"].search([]))

    def _make_unknown_account(self):
        return self.deliver({**load("invoice.finalized"), "account": "acct_typo"})

    def _solve_unknown_account(self, event):
        event.source_id.account_ref = "acct_typo"
        event.action_retry()


class ReasonsOfSetUp(Pressing):
    """A customer or the set-up is not clear."""

    def _make_unknown_tenant(self):
        event = self.deliver(load("charge.succeeded", customer="cus_late"))
        self._let_wait(event)
        return event

    def _prepare_unknown_tenant(self, event):
        self.by_hand = self.env["res.partner"].create({"name": "Late"})

    def _solve_unknown_tenant(self, event):
        told = self._apply(
            event,
            "action_choose_customer",
            choice="partner",
            partner_id=self.by_hand.id,
        )
        self.assertIn("processed now", told["params"]["message"])

    def _make_duplicate_customer(self):
        for name in ("One", "Two"):
            self.env["res.partner"].create({"name": name, "vat": "DE811907980"})
        number = {"type": "eu_vat", "value": "DE811907980"}
        event = load("customer.created", id="cus_two", tax_ids={"data": [number]})
        return self.deliver({**event, "id": "evt_two"})

    def _solve_duplicate_customer(self, event):
        partner = self.env["res.partner"].search([("name", "=", "Two")], limit=1)
        self._apply(
            event, "action_choose_customer", choice="partner", partner_id=partner.id
        )

    def _make_unmapped_product(self):
        self.source.default_product_id = False
        return self.deliver(load("invoice.finalized"))

    def _solve_unmapped_product(self, event):
        """It goes on by itself."""
        self._save(event, "action_map_product", product_id=self.product_b.id)
        self.assertEqual(event.state, "received")

    def _make_unmapped_tax(self):
        self.source.tax_mapping_ids.unlink()
        return self.deliver(load("invoice.finalized"))

    def _solve_unmapped_tax(self, event):
        self._save(event, "action_map_tax", tax_id=self.vat_19.id)
        self.assertEqual(event.state, "received")

    def _make_tax_mismatch(self):
        mappings = self.source.tax_mapping_ids
        mappings.tax_id = self._create_vat(7)
        return self.deliver(load("invoice.finalized"))

    def _solve_tax_mismatch(self, event):
        self._save(event, "action_map_tax", tax_id=self.vat_19.id)
        self.assertEqual(event.state, "received")

    def _make_incomplete_setup(self):
        self.source.fee_account_id = False
        return self.deliver(load("pulled.balance_transaction-stripe_fee"))

    def _solve_incomplete_setup(self, event):
        event.source_id.action_create_missing_accounts()
        event.action_retry()

    def _make_source_refused(self):
        event = self.deliver(load("refund.created"))
        self.source.new_api_key = "rk_test_that_was_revoked"
        self.pass_time(self.source.fetch_minutes + 1)
        self.env["saas.source"]._cron_sweep()
        self.run_jobs()
        return event

    def _prepare_source_refused(self, event):
        for name in ("charge.succeeded", "payment_intent.succeeded"):
            self.api.put(load(name)["data"]["object"])

    def _solve_source_refused(self, event):
        event.source_id.new_api_key = next(iter(self.api.keys))
        event.action_retry()
        self._fetch_again()

    def _fetch_again(self):
        self.run_jobs()
        self.pass_time(self.source.fetch_minutes + 1)
        self.env["saas.source"]._cron_sweep()
