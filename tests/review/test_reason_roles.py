"""The role that an event's next step names can do what it says: each reason is brought
about by real events, and that role presses the buttons.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from ...canonical.errors import Transient
from ...canonical.reasons import Reason
from ..documents.one_invoice import OneInvoice
from ..support.pulling import PullCommon
from .deciding import DecidingCommon, load

#: No code says so yet: it is for when several systems may own one object.
_NOT_SAID = {Reason.NOT_OWNER}
_ROOMS = ("adapters", "canonical", "handlers", "ledger", "pipeline", "review")


@tagged("post_install", "-at_install")
class TestReasonRoles(DecidingCommon, PullCommon, OneInvoice):
    """``_make_<reason>`` brings an event into a reason, and returns it.
    ``_solve_<reason>`` does what its next step says, as the role that it names. In the
    end the event is done, or bound to a record that a person made; it is ignored where
    no money moved.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            role: new_test_user(
                cls.env,
                f"is_{role}",
                groups=f"saas_billing_sync.group_saas_{role}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for role in ("operator", "manager", "reviewer")
        }

    def test_every_reason_has_a_maker(self):
        for reason in set(Reason) - _NOT_SAID:
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
        for reason in sorted(set(Reason) - _NOT_SAID):
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
        self.assertEqual(event.reason, reason, event.detail)
        self.assertTrue(event.next_step)
        user = self.roles[event.actor]
        seen = event.with_user(user)
        self.assertTrue(seen.with_user(user).read(["next_step", "payload", "state"]))
        getattr(self, f"_solve_{reason}")(seen)
        self.run_jobs()
        self.drain()
        if event.state != "done":
            self.assertEqual(event.state, "ignored", event.detail)
            self.assertTrue(self._is_free_of_money(event), event.reason)
        self.assertWhole()

    def _is_free_of_money(self, event):
        """Return whether no money moved at the source, or a person said which record
        the movement is.
        """
        if self.env["saas.resolution"].search([("choice", "=", "record")]):
            return True
        return not event._tells_of_books()

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

    # -- content ------------------------------------------------------------------

    def _make_invalid_payload(self):
        event = load("customer.created", email=["not", "an", "address"])
        return self.deliver({**event, "id": "evt_unreadable"})

    def _solve_invalid_payload(self, event):
        self._apply(event, "action_ignore", note="It was sent again.")

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
        self.deliver(load("invoice.finalized"))
        name = "credit_note.created-post_payment"
        return self.deliver(load(name, type="post_mortem"))

    def _solve_unsupported_type(self, event):
        self._enter_document("out_refund", 10)
        self._apply(event, "action_ignore", note="Entered by hand.")

    def _make_missing_reference(self):
        event = self.deliver(load("refund.created"))
        self._let_wait(event)
        return event

    def _solve_missing_reference(self, event):
        """The object that it waited for is sent after all."""
        self.deliver(load("charge.succeeded"))

    # -- sender -------------------------------------------------------------------

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

    # -- set-up -------------------------------------------------------------------

    def _make_unknown_tenant(self):
        event = self.deliver(load("charge.succeeded", customer="cus_late"))
        self._let_wait(event)
        return event

    def _solve_unknown_tenant(self, event):
        told = self._apply(
            event,
            "action_choose_customer",
            choice="partner",
            partner_id=self.env["res.partner"].create({"name": "Late"}).id,
        )
        self.assertIn("processed now", told["params"]["message"])

    def _make_duplicate_customer(self):
        for name in ("One", "Two"):
            self.env["res.partner"].create({"name": name, "email": "two@example.com"})
        event = load("customer.created", id="cus_two", email="two@example.com")
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
        self.source.new_api_key = "rk_live_that_was_revoked"
        self.pass_time(self.source.fetch_minutes + 1)
        self.env["saas.source"]._cron_sweep()
        self.run_jobs()
        return event

    def _solve_source_refused(self, event):
        self.api.put(load("charge.succeeded")["data"]["object"])
        event.source_id.new_api_key = next(iter(self.api.keys))
        event.action_retry()
        self.run_jobs()
        self.pass_time(self.source.fetch_minutes + 1)
        self.env["saas.source"]._cron_sweep()

    # -- books --------------------------------------------------------------------

    def _make_amount_mismatch(self):
        return self.deliver(load("invoice.finalized", total=11901))

    def _solve_amount_mismatch(self, event):
        move = self._enter_document()
        self._apply(
            event, "action_bind_record", move_id=move.id, note="A cent is theirs."
        )

    def _make_currency_mismatch(self):
        self.eur.rate_ids.unlink()
        return self.deliver(load("invoice.finalized-eur"))

    def _solve_currency_mismatch(self, event):
        self._apply(event, "action_set_up_currency", rate=0.8)
        rate = self.eur.rate_ids
        self.assertEqual(rate.company_id, self.company)

    def _make_period_locked(self):
        self.company.fiscalyear_lock_date = "2026-11-02"
        return self.deliver(load("invoice.finalized"))

    def _solve_period_locked(self, event):
        move = self._enter_document(invoice_date="2026-11-03", date="2026-11-03")
        note = "November began."
        self._apply(event, "action_bind_record", move_id=move.id, note=note)

    def _make_posting_failed(self):
        self.company_data["default_account_revenue"].active = False
        return self.deliver(load("invoice.finalized"))

    def _solve_posting_failed(self, event):
        self.company_data["default_account_revenue"].active = True
        event.action_retry()

    def _make_retries_exhausted(self):
        """What fails by the way can't be brought about from outside."""
        self.source.max_attempts = 1
        handler = self.env.registry["saas.handler.invoice"]
        with patch.object(handler, "_apply", side_effect=Transient("time-out")):
            return self.deliver(load("invoice.finalized"))

    def _solve_retries_exhausted(self, event):
        event.action_retry()

    def _make_changed_by_person(self):
        self.deliver(self.finalized())
        self._credit_by_hand(30)
        return self.deliver(self.voided(3))

    def _solve_changed_by_person(self, event):
        self._credit_by_hand(70)
        event.action_retry()

    def _credit_by_hand(self, net):
        ref = self.finalized()["data"]["object"]["id"]
        move = self.env["account.move"].search([("saas_external_id", "=", ref)])
        credit = move._reverse_moves([{"invoice_date": move.invoice_date}])
        credit.invoice_line_ids[0].price_unit = net
        credit.action_post()
        lines = (move | credit).line_ids
        lines.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        ).reconcile()

    # -- ignored ------------------------------------------------------------------

    def _make_ignored_by_person(self):
        event = self._quarantine_invoice()
        self._ignore(event)
        return event

    def _solve_ignored_by_person(self, event):
        self._apply(event, "action_book_after_all", note="It is not there.")

    def _make_parent_ignored(self):
        event = self._quarantine_invoice("invoice.finalized-to_credit")
        credit = self.deliver(load("credit_note.created-pre_payment"))
        self._ignore(event)
        return credit

    def _solve_parent_ignored(self, event):
        parent = self.env["saas.subscription.event"].search(
            [("reason", "=", "ignored_by_person")]
        )
        parent = parent.with_user(event.env.user)
        self._apply(parent, "action_book_after_all", note="It is not there.")

    def _make_money_not_booked(self):
        event = load("payout.paid")
        event.update(id="evt_card", type="issuing_transaction.created")
        event["data"]["object"] = {"id": "ipi_1", "object": "issuing_transaction"}
        return self.deliver(event)

    def _solve_money_not_booked(self, event):
        moved = load(
            "pulled.balance_transaction-stripe_fee",
            reporting_category="issuing_transaction",
            type="issuing_transaction",
        )
        moved = self.deliver(moved)
        self.assertState(moved, "done")
        fact = moved._read_facts()[0]
        entry = self._enter_entry(
            self.company_data["default_account_expense"],
            self.clearing_journal.default_account_id,
            -fact.net / 100,
        )
        moved = moved.with_user(event.env.user)
        note = "Bought with the card."
        self._apply(moved, "action_bind_record", move_id=entry.id, note=note)
        self.drain()
        [record] = self.env["saas.balance.transaction"].search([])
        self.assertEqual(record.match_state, "matched")

    def _make_before_cutover(self):
        failed = load("payout.failed")
        arrives = datetime.fromtimestamp(failed["data"]["object"]["arrival_date"], UTC)
        self.source.cutover_date = arrives.date() + timedelta(days=1)
        return self.deliver(failed)

    def _solve_before_cutover(self, event):
        clearing = self.clearing_journal.default_account_id
        amount = event.sudo()._read_facts()[0].amount / 100
        sent = self.company.transfer_account_id
        entry = self._enter_entry(clearing, sent, amount)
        note = "The old books have the payout."
        self._apply(event, "action_bind_record", move_id=entry.id, note=note)
