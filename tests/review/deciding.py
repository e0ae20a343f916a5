"""A reviewer who decides about objects, and enters by hand what they are."""

from odoo import Command
from odoo.exceptions import UserError

from ..support import stripe_fixtures
from ..support.common import SaasCommon
from ..support.session import create_person

_DAY = "2026-11-02"


def load(name, **changes):
    """Return an event in the newer shape."""
    return stripe_fixtures.load("basil", name, **changes)


class DecidingCommon(SaasCommon):
    """Presses the buttons of events as a finance reviewer does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviewer = create_person(cls, "decider", "reviewer")

    def setUp(self):
        super().setUp()
        self.deliver(load("customer.created"))
        self.partner = self.env["saas.tenant"].search([], order="id desc", limit=1)
        self.partner = self.partner.partner_id

    # -- what people do -----------------------------------------------------------

    def _press(self, event, method, **vals):
        """Press a button of an event and apply its wizard, as a reviewer."""
        event = event.with_user(self.reviewer)
        action = getattr(event, method)()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.reviewer)
            .with_context(**action["context"])
            .create(vals)
        )
        wizard.action_apply()
        self.drain()
        return wizard

    def _ignore(self, event, note="It is in the old books."):
        return self._press(event, "action_ignore", note=note)

    def _bind(self, event, record, **vals):
        field = "payment_id" if record._name == "account.payment" else "move_id"
        return self._press(event, "action_bind_record", **{field: record.id}, **vals)

    def _refuse(self, event, record, words, **vals):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self._bind(event, record, **vals)
        self.assertIn(words, str(caught.exception))

    def _enter_document(self, move_type="out_invoice", price=100, **vals):
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.partner.id,
                "invoice_date": _DAY,
                "date": _DAY,
                "journal_id": self.company_data["default_journal_sale"].id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product_a.id,
                            "price_unit": price,
                            "tax_ids": [Command.set(self.vat_19.ids)],
                        }
                    )
                ],
                **vals,
            }
        )
        move.action_post()
        return move

    def _enter_payment(self, amount=119, payment_type="inbound", **vals):
        journal = self.clearing_journal
        methods = journal[f"{payment_type}_payment_method_line_ids"]
        payment = self.env["account.payment"].create(
            {
                "payment_type": payment_type,
                "partner_type": "customer",
                "partner_id": self.partner.id,
                "amount": amount,
                "date": _DAY,
                "journal_id": journal.id,
                "payment_method_line_id": methods.filtered("payment_account_id")[:1].id,
                **vals,
            }
        )
        payment.action_post()
        return payment

    def _enter_entry(self, debit, credit, amount, date=_DAY):
        move = self.env["account.move"].create(
            {
                "date": date,
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create({"account_id": debit.id, "debit": amount}),
                    Command.create({"account_id": credit.id, "credit": amount}),
                ],
            }
        )
        move.action_post()
        return move

    def _sum(self):
        """Return the balances of all accounts that aren't zero, by their names."""
        groups = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")],
            ["account_id"],
            ["balance:sum"],
        )
        return {
            self.accounts.get(account, account.code): round(balance, 2)
            for account, balance in groups
            if round(balance, 2)
        }

    def _quarantine_invoice(self, name="invoice.finalized"):
        self.source.default_product_id = False
        event = self.deliver(load(name))
        self.assertState(event, "quarantined", "unmapped_product")
        self.source.default_product_id = self.product_a
        return event
