"""An undo takes back what is left of an invoice, and a loss is what is uncollectible
now, in whatever order it is told.

Covers ledger/documents/correction, ledger/documents/loss, ledger/documents/undone,
ledger/documents/credit_notes, ledger/documents/uncollectible and ledger/documents/void.
"""

from odoo import Command
from odoo.tests import tagged

from .one_invoice import OneInvoice

#: The customer owed nothing before, and owes nothing afterwards.
NOTHING = {}


class WhatIsLeft(OneInvoice):
    """The stories, told in one shape of Stripe's objects."""

    # -- void ---------------------------------------------------------------------

    def _test_void_with_a_credit_note(self):
        self.check_any_order(
            self.finalized(), self.credit(1), self.voided(3), **NOTHING
        )

    def _test_void_and_credit_note_void(self):
        """Before the invoice, after it, and on the same day."""
        for voided in (2, 3, 5):
            self.check_any_order(
                self.finalized(),
                self.credit(1),
                self.credit(1, voided=voided),
                self.voided(3),
                **NOTHING,
            )

    def _test_void_with_several_credit_notes(self):
        self.check_any_order(
            self.credit(1, 2000, "A"),
            self.credit(2, 3000, "B"),
            self.credit(2, 3000, "B", voided=4),
            self.voided(3),
            **NOTHING,
        )

    def _test_void_after_it_was_credited_in_full(self):
        self.check_any_order(
            self.finalized(), self.credit(1, 10000), self.voided(3), **NOTHING
        )

    # -- losses -------------------------------------------------------------------

    def _test_loss_and_credit_note(self):
        self.check_any_order(
            self.given_up(2),
            self.credit(4),
            REV=-8000,
            TAX=-1520,
            BAD=9520,
        )

    def _test_loss_and_part_payment(self):
        self.check_any_order(
            self.given_up(2),
            self.payment(4, 5000),
            REV=-10000,
            TAX=-1900,
            SC=5000,
            BAD=6900,
        )

    def _test_loss_and_both(self):
        self.check_any_order(
            self.given_up(2),
            self.credit(3),
            self.payment(4, 5000),
            REV=-8000,
            TAX=-1520,
            SC=5000,
            BAD=4520,
        )

    def _test_loss_read_later(self):
        """A read tells the smaller rest, before or after the payment is known."""
        self.check_any_order(
            self.given_up(2, 6900, "pulled.invoice"),
            self.payment(4, 5000),
            REV=-10000,
            TAX=-1900,
            SC=5000,
            BAD=6900,
        )

    def _test_loss_and_a_newer_snapshot(self):
        self.check_any_order(
            self.given_up(2),
            self.invoice("invoice.updated", "uncollectible", 2, 6900, 5),
            self.payment(2, 5000),
            REV=-10000,
            TAX=-1900,
            SC=5000,
            BAD=6900,
        )

    def _test_loss_paid_in_parts_after_all(self):
        self.check_any_order(
            self.given_up(2),
            self.payment(4, 5000, "A"),
            self.payment(5, 6900, "B"),
            self.paid(5),
            REV=-10000,
            TAX=-1900,
            SC=11900,
        )

    def _test_loss_credited_and_paid(self):
        self.check_any_order(
            self.given_up(2),
            self.credit(3),
            self.payment(4, 9520),
            self.paid(4, 9520),
            REV=-8000,
            TAX=-1520,
            SC=9520,
        )

    def _test_loss_credited_and_credit_note_void(self):
        self.check_any_order(
            self.given_up(2),
            self.credit(3),
            self.credit(3, voided=5),
            REV=-10000,
            TAX=-1900,
            BAD=11900,
        )

    def _test_loss_credited_and_void(self):
        self.check_any_order(
            self.given_up(2),
            self.credit(3),
            self.voided(4, 9520),
            **NOTHING,
        )

    def _test_loss_paid_in_part_and_void(self):
        """The money is the customer's again."""
        self.check_any_order(
            self.given_up(2),
            self.payment(3, 5000),
            self.voided(4, 6900),
            AR=-5000,
            SC=5000,
            is_open={"entry": -5000},
        )


class Relief(OneInvoice):
    """The stories of losses whose tax is taken back, or was never due."""

    def _test_relief_and_credit_note(self):
        self.check_any_order(
            self.given_up(2),
            self.credit(4),
            REV=-8000,
            BAD=8000,
        )

    def _test_relief_and_part_payment(self):
        self.check_any_order(
            self.given_up(2),
            self.payment(4, 5000),
            REV=-10000,
            TAX=-798,
            SC=5000,
            BAD=5798,
        )

    def _test_relief_and_both(self):
        """Of 95.20 with 15.20 tax, 45.20 are lost: 7.22 tax."""
        self.check_any_order(
            self.given_up(2),
            self.credit(3),
            self.payment(4, 5000),
            REV=-8000,
            TAX=-798,
            SC=5000,
            BAD=3798,
        )

    def _test_relief_and_paid_after_all(self):
        self.check_any_order(
            self.given_up(2),
            self.payment(4, 5000, "A"),
            self.payment(5, 6900, "B"),
            self.paid(5),
            REV=-10000,
            TAX=-1900,
            SC=11900,
        )

    def _test_relief_and_void(self):
        self.check_any_order(
            self.given_up(2),
            self.credit(3),
            self.voided(4, 9520),
            **NOTHING,
        )


def _add_stories(test, stories):
    """Give a test class the stories of another, under the names of tests."""
    for name in dir(stories):
        if name.startswith("_test_"):
            setattr(test, name[1:], getattr(stories, name))


@tagged("post_install", "-at_install")
class TestWhatIsLeft(OneInvoice):
    """Told as Stripe does since basil."""


@tagged("post_install", "-at_install")
class TestWhatIsLeftBefore(OneInvoice):
    """Told as Stripe did before basil."""

    shape = "before"


@tagged("post_install", "-at_install")
class TestRelief(OneInvoice):
    """The country lets the tax of a loss be taken back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source.bad_debt_tax_relief = True


@tagged("post_install", "-at_install")
class TestTaxDueOnPayment(OneInvoice):
    """No loss makes a tax due, and what is paid makes its own share due."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.waiting = cls.env["account.account"].create(
            {
                "code": "SAAS.WAIT",
                "name": "Tax not due yet",
                "account_type": "liability_current",
                "reconcile": True,
                "company_ids": cls.company.ids,
            }
        )
        cls.accounts[cls.waiting] = "WAIT"
        cls.company.tax_exigibility = True
        tax = cls._create_vat(
            19,
            name="19% due on payment",
            tax_exigibility="on_payment",
            cash_basis_transition_account_id=cls.waiting.id,
        )
        cls.source.tax_mapping_ids = [
            Command.clear(),
            Command.create({"external_id": "txr_vat19", "tax_id": tax.id}),
        ]

    def test_loss(self):
        self.check_any_order(self.finalized(), self.given_up(2), REV=-10000, BAD=10000)

    def test_loss_and_part_payment(self):
        self.check_any_order(
            self.given_up(2),
            self.payment(4, 5000),
            REV=-10000,
            TAX=-798,
            SC=5000,
            BAD=5798,
        )

    def test_loss_paid_after_all(self):
        self.check_any_order(
            self.given_up(2),
            self.payment(4, 11900),
            self.paid(4),
            REV=-10000,
            TAX=-1900,
            SC=11900,
        )

    def test_void_with_a_credit_note(self):
        self.check_any_order(
            self.finalized(), self.credit(1), self.voided(3), **NOTHING
        )


_add_stories(TestWhatIsLeft, WhatIsLeft)
_add_stories(TestWhatIsLeftBefore, WhatIsLeft)
_add_stories(TestRelief, Relief)
