"""What nobody will pay any more: the loss that is booked of own invoices, who signs it,
and what money after all makes of it.

Covers dunning/write_off and wizards/payments/saas_dunning_write_off.
"""

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ...canonical.kinds import Kind
from ..outbound.collecting_common import CollectingCommon
from ..support.session import create_person
from .common import DunningCommon, on


@tagged("post_install", "-at_install")
class TestDunningWriteOff(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        bad = next(account for account, name in cls.accounts.items() if name == "BAD")
        cls.own.bad_debt_account_id = bad
        cls.reviewer = create_person(cls, "write_off_reviewer", "reviewer")
        cls.approver = create_person(cls, "write_off_approver", "approver")

    def owe(self, *args, number="own-1", **vals):
        """Return an invoice that is bound as one of Odoo's own."""
        move = super().owe(*args, saas_external_id=number, saas_state="open", **vals)
        bindings = self.env["saas.binding"]
        bindings.create(
            bindings._prepare_vals(self.own, Kind.INVOICE, number, move, rank=1)
        )
        return move

    def write_off(self, note="Insolvent"):
        """Write off what Ada owes, by the form, on the 70th day."""
        state = self.get_state().with_user(self.reviewer)
        with freeze_time(f"{on(70)} 12:00:00"):
            action = state.action_write_off()
            wizards = state.env[action["res_model"]]
            form = Form(wizards.with_context(**action["context"]))
            form.note = note
            wizard = form.save()
            result = wizard.action_apply()
            self.end_transaction()
        return result

    def read_loss(self):
        """Return the journal items of losses, as texts."""
        moves = self.env["account.move"].search(
            [("saas_tenant_id", "=", self.ada.id), ("move_type", "=", "entry")],
            order="date, id",
        )
        return [item for move in moves for item in self.journal_items(move)]

    def test_a_loss(self):
        move = self.owe()
        with freeze_time(f"{on(2)} 12:00:00"):
            self.pay(move, 30)
        self.dun(3)
        self.write_off()
        self.assertEqual(self.read_loss(), ["AR -70.00", "BAD +70.00"])
        self.assertEqual(move.saas_state, "uncollectible")
        self.assertEqual(move.amount_residual, 0)
        self.assertEqual(self.read_state(), ("0.00", False, 0))
        [row] = self.env["saas.sync.log"].search(
            [("action", "=", "invoice_uncollectible")]
        )
        self.assertEqual(row.detail, "Insolvent")
        self.assertEqual(self.env["saas.sync.log"]._verify_chain(self.own), 0)

    def test_in_another_currency(self):
        self.owe(amount=80, currency=self.eur)
        self.dun(3)
        state = self.get_state(currency=self.eur)
        with freeze_time(f"{on(70)} 12:00:00"):
            state._write_off(state._find_own_open(), "Insolvent")
        self.assertEqual(
            self.read_loss(), ["AR -100.00 (-80.00 EUR)", "BAD +100.00 (+80.00 EUR)"]
        )

    def test_only_own_invoices(self):
        move = self.owe()
        move.saas_source_id = self.source
        self.dun(3)
        with self.assertRaisesRegex(UserError, "given up there"):
            self.write_off()
        self.assertFalse(self.read_loss())

    def test_without_an_account(self):
        self.own.bad_debt_account_id = False
        self.owe()
        self.dun(3)
        with self.assertRaisesRegex(UserError, "no account for"):
            self.write_off()

    def test_an_approver_signs(self):
        """Who proposes it does not book it."""
        self.company.sudo().saas_four_eyes = "from_amount"
        self.owe()
        self.dun(3)
        # A preview has a cursor of its own.
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.write_off()
            self.assertFalse(self.read_loss())
            [approval] = self.env["saas.approval"].search([("state", "=", "waiting")])
            self.assertEqual(approval.amount, 100)
            self.assertEqual(approval.author_id, self.reviewer)
            with freeze_time(f"{on(70)} 13:00:00"):
                approval.with_user(self.approver).action_approve()
        self.assertEqual(approval.state, "approved", approval.answer)
        self.assertEqual(self.read_loss(), ["AR -100.00", "BAD +100.00"])


@tagged("post_install", "-at_install")
class TestMoneyAfterAll(CollectingCommon):
    def test_money_after_all_lowers_the_loss(self):
        """The gateway brings what was given up: nothing is lost any more, and the
        invoice is paid by the money.
        """
        bad = next(account for account, name in self.accounts.items() if name == "BAD")
        self.own.bad_debt_account_id = bad
        command = self.collect()
        self.env["saas.collections.standing"]._refresh(self.tenant)
        [state] = self.env["saas.dunning.state"].search([])
        state._write_off(command.move_id, "Insolvent")
        self.assertEqual(self.sum_up(bad), 35.7)
        self.assertEqual(command.move_id.saas_state, "uncollectible")
        self.tell(self.gateway, *self.paid(command, day=30))
        self.assertEqual(self.sum_up(bad), 0)
        receivable = self.company_data["default_account_receivable"]
        self.assertEqual(self.sum_up(receivable), 0)
        self.assertEqual(command.move_id.amount_residual, 0)
        self.env.cr.flush()
        self.assertFalse(state.amount)

    def sum_up(self, account):
        """Return the balance of an account."""
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("balance")), 2)
