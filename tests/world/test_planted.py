"""The nightly comparison names whatever is wrong in the books: each kind of error is
planted in books that are right, and the comparison is asked.
"""

import contextlib
import copy
import random
from datetime import date

from odoo.tests import tagged
from odoo.tools import SQL

from ..support.books import Undo
from .account import Account
from .common import WorldCommon
from .fates import FATES
from .objects import make_line
from .stories import Story


@tagged("post_install", "-at_install")
class TestPlanted(WorldCommon):
    """One story: an invoice that is paid in part, credited and refunded, one that is
    given up, one that is void, and one that is open.
    """

    def setUp(self):
        super().setUp()
        chance = random.Random(0)
        self.account = account = Account(1, "usd", chance)
        self.story = Story(1, account, False, True)
        names = ("paid", "lost", "void", "open")
        self.invoices = {name: self._finalize() for name in names}
        account.wait()
        self.charge = account.charge(11900)
        account.allocate(self.charge, self.invoices["paid"], 11900)
        account.wait()
        self.refund = account.refund(self.charge, 1000)
        self._do("credit_line", "lost")
        self._do("give_up", "lost")
        self._do("void", "void")
        self.play([self.story])

    def _finalize(self):
        account = self.account
        lines = [
            make_line(account.new_id("il"), amount, 0, ["txr_19"], 1)
            for amount in (2000, 8000)
        ]
        return account.finalize(lines)

    def _do(self, fate, name):
        find, do = FATES[fate]
        invoice = self.invoices[name]
        do(self.account, invoice, find(self.account, invoice)[0])

    def _get_record(self, kind, external_id):
        binding = self.env["saas.binding"]._find(self.source, kind, [external_id])
        return binding[external_id]._get_record()

    def _get_invoice(self, name):
        return self._get_record("invoice", self.invoices[name]["id"])

    def _get_payment(self, refund=False):
        if refund:
            return self._get_record("refund", self.refund["id"])
        return self._get_record("payment", self.charge["payment_intent"])

    def _rewrite(self, move, **vals):
        """Change posted entries past all that protects them, as nothing should."""
        self.env.flush_all()
        tables = (("account_move", "id"), ("account_move_line", "move_id"))
        for name, value in vals.items():
            for table, column in tables:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s = %s WHERE %s IN %s",
                        SQL.identifier(table),
                        SQL.identifier(name),
                        value,
                        SQL.identifier(column),
                        tuple(move.ids),
                    )
                )
        self.env.invalidate_all()

    def assertFound(self, *words):
        """Check that the comparison names the planted error, in one sentence at least
        with all of the words.
        """
        found = [text for _number, text in self.compare([self.story])]
        self.assertTrue(
            [text for text in found if all(word in text for word in words)],
            f"{words} is not in {found}",
        )

    def test_right_books(self):
        self.assertEqual(self.find_faults([self.story]), {})

    def test_every_error_is_named(self):
        before = dict(vars(self))
        names = ("story", "account", "invoices", "charge", "refund")
        for plant in [name for name in sorted(dir(self)) if name.startswith("_plant_")]:
            own = copy.deepcopy({name: before[name] for name in names})
            vars(self).update(own)
            with self.subTest(plant), contextlib.suppress(Undo):
                with self.env.cr.savepoint():
                    words = getattr(self, plant)()
                    self.env.flush_all()
                    self.env.invalidate_all()
                    self.assertFound(*words)
                    raise Undo

    # -- errors: each plants one, and returns what has to be said of it -------------

    def _plant_another_total(self):
        self.invoices["open"]["total"] += 100
        return self.invoices["open"]["id"], "total"

    def _plant_another_tax(self):
        invoice = self.invoices["open"]
        invoice["lines"]["data"][0]["taxes"][0]["amount"] += 1
        invoice["total_taxes"][0]["amount"] += 1
        return invoice["id"], "tax"

    def _plant_missing_invoice(self):
        new = self._finalize()
        return new["id"], "only_there"

    def _plant_missing_credit_note(self):
        self.account.credit(
            self.invoices["open"],
            [{**self.invoices["open"]["lines"]["data"][0], "invoice_line_item": "il"}],
            (2380, None, 0, 0),
        )
        return "credit_note", "only_there"

    def _plant_missing_void(self):
        self.account.end_invoice(self.invoices["open"], "void")
        return self.invoices["open"]["id"], "state"

    def _plant_missing_loss(self):
        self.account.end_invoice(self.invoices["open"], "uncollectible")
        return self.invoices["open"]["id"], "uncollectible"

    def _plant_too_high_a_loss(self):
        invoice = self.invoices["lost"]
        part = self.account.charge(5000)
        self.account.allocate(part, invoice, 5000)
        return invoice["id"], "uncollectible"

    def _plant_missing_payment(self):
        charge = self.account.charge(500)
        return charge["payment_intent"], "only_there"

    def _plant_payment_of_another_amount(self):
        self.charge["amount"] = self.charge["amount_captured"] = 11800
        return self.charge["payment_intent"], "amount"

    def _plant_payment_on_another_day(self):
        move = self._get_payment().move_id
        self._rewrite(move, date=date(2026, 10, 1))
        self.env.cr.execute(
            "UPDATE account_payment SET date = %s WHERE id = %s",
            (date(2026, 10, 1), self._get_payment().id),
        )
        return self.charge["payment_intent"], "date"

    def _plant_payment_twice(self):
        payment = self._get_payment()
        payment.copy({"date": payment.date}).action_post()
        again = self.env["account.payment"].search([], order="id desc", limit=1)
        again.saas_external_id = payment.saas_external_id
        again.saas_source_id = payment.saas_source_id
        return self.charge["payment_intent"], "amount"

    def _plant_payment_of_the_wrong_invoice(self):
        """Its own is open again, and another one is paid."""
        right, wrong = self._get_invoice("paid"), self._get_invoice("open")
        lines = (right | wrong).line_ids | self._get_payment().move_id.line_ids
        lines = lines.filtered(lambda line: line.account_type == "asset_receivable")
        lines.remove_move_reconcile()
        (lines - right.line_ids).reconcile()
        return self.invoices["open"]["id"], "amount_remaining"

    def _plant_missing_refund(self):
        refund = self.account.refund(self.charge, 700)
        return refund["id"], "only_there"

    def _plant_refund_that_came_back(self):
        self.account.end_refund(self.refund)
        return self.refund["id"], "state"

    def _plant_refund_on_another_day(self):
        moved = self.account.objects[self.refund["balance_transaction"]]
        for data in (moved, self.refund):
            data["created"] += 3 * 86400
        return self.refund["id"], "date"

    def _plant_document_on_another_day(self):
        self._rewrite(self._get_invoice("open"), invoice_date=date(2026, 10, 1))
        return self.invoices["open"]["id"], "date"

    def _plant_document_twice(self):
        move = self._get_invoice("open")
        again = move.copy({"invoice_date": move.invoice_date, "ref": move.ref})
        again.action_post()
        return self.invoices["open"]["id"], "number"

    def _plant_document_in_another_name(self):
        partner = self.env["res.partner"].create({"name": "Somebody Else"})
        own = {"ref": "cus_other", "partner_id": partner.id}
        other = self.env["saas.tenant"].search([], limit=1).copy(own)
        self._get_invoice("open").saas_tenant_id = other
        return self.invoices["open"]["id"], "customer"
