"""What becomes of invoices and credit notes that the golden books can't show.

Covers adapters/stripe/documents/draft, adapters/stripe/payments/outside,
handlers/documents/customer_credit, handlers/documents/invoice,
handlers/documents/invoice_draft, handlers/documents/outside_payment and
handlers/documents/write_off.
"""

import itertools
from datetime import date

from odoo import Command
from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon


@tagged("post_install", "-at_install")
class TestDocuments(SaasCommon):
    def _load(self, name, /, shape="basil", **changes):
        return stripe_fixtures.load(shape, name, **changes)

    def _find(self, name):
        """Return the document of the object that a fixture is about."""
        ref = stripe_fixtures.object_id("basil", name)
        return self.env["account.move"].search([("saas_external_id", "=", ref)])

    def _get_asked(self):
        """Return what people are asked to look at."""
        return self.env["mail.activity"].search(
            [("res_model", "in", ("account.move", "saas.tenant"))]
        )

    # -- due date ---------------------------------------------------------------

    def test_due_date_follows_the_newest_snapshot(self):
        """In any order: the invoice, and what is due of it, are due on one day."""
        finalized, updated = (
            self._load("invoice.finalized-eur"),
            self._load("invoice.updated"),
        )
        for order in ((finalized, updated), (updated, finalized)):
            with self.subTest(first=order[0]["type"]), self.env.cr.savepoint() as save:
                self.deliver(*order)
                move = self._find("invoice.updated")
                terms = move.line_ids.filtered("date_maturity")
                self.assertEqual(move.invoice_date_due, date(2026, 11, 26))
                self.assertEqual(terms.mapped("date_maturity"), [date(2026, 11, 26)])
                self.assertEqual(move.state, "posted")
                save.rollback()

    # -- what is missing ----------------------------------------------------------

    def test_accounts_are_asked_for(self):
        """Nothing is booked before they are set; then a retry does all of it."""
        self.deliver(self._load("customer.created"))
        for field, name in (
            ("balance_account_id", "invoice.finalized-balance"),
            ("balance_account_id", "invoice.overpaid"),
            ("bad_debt_account_id", "invoice.marked_uncollectible"),
            (
                "adjustment_account_id",
                "pulled.customer_balance_transaction-adjustment",
            ),
        ):
            with self.subTest(event=name):
                books, account = self.books(), self.source[field]
                self.source[field] = False
                event = self.deliver(self._load(name))
                self.assertState(event, "quarantined", "incomplete_setup")
                label = self.source._fields[field].string
                self.assertIn(label, event.detail)
                self.assertEqual(self.books(), books)
                self.source[field] = account
                event.action_retry()
                self.drain()
                self.assertState(event, "done")
        self.assertWhole()

    def test_credit_note_needs_the_account_of_balances(self):
        self.source.balance_account_id = False
        self.deliver(self._load("invoice.finalized"))
        books = self.books()
        event = self.deliver(self._load("credit_note.created-balance"))
        self.assertState(event, "quarantined", "incomplete_setup")
        self.assertEqual(self.books(), books)

    def test_entries_draw_no_invoice_number(self):
        """They go to the journal that is set, or to the company's first."""
        self.deliver(self._load("invoice.finalized-balance"))
        other = self.env["account.journal"].create(
            {
                "name": "SaaS",
                "code": "SAAS",
                "type": "general",
                "company_id": self.company.id,
            }
        )
        self.source.misc_journal_id = other
        self.deliver(self._load("invoice.marked_uncollectible"))
        entries = self.env["account.move"].search(
            [("saas_source_id", "=", self.source.id), ("move_type", "=", "entry")],
            order="id",
        )
        self.assertEqual(
            entries.journal_id, self.company_data["default_journal_misc"] | other
        )
        self.assertEqual(entries.journal_id.mapped("type"), ["general", "general"])

    def test_write_off_into_a_locked_period(self):
        """The source says the day; where it is locked, a person has to decide."""
        self.deliver(self._load("invoice.paid-recovered"))
        books = self.books()
        self.company.fiscalyear_lock_date = "2026-11-30"
        event = self.deliver(self._load("invoice.marked_uncollectible"))
        self.assertState(event, "quarantined", "period_locked")
        self.assertEqual(self.books(), books)

    # -- parts of credit notes ------------------------------------------------------

    def test_parts_that_are_more_than_the_whole(self):
        """More is refunded than credited: somebody has to see which is wrong."""
        names = ("invoice.paid", "charge.succeeded", "refund.created-half")
        self.deliver(*(self._load(name, shape="before") for name in names))
        books = self.books()
        event = self.deliver(
            self._load(
                "credit_note.created-refund_and_balance",
                shape="before",
                out_of_band_amount=1191,
            )
        )
        self.assertState(event, "quarantined", "amount_mismatch")
        self.assertEqual(self.books(), books)

    def test_overpaid_twice(self):
        """The source tells the sum of all that was overpaid."""
        more = self._load("invoice.overpaid", amount_overpaid=4000)
        more["id"] = "evt_more"
        self.deliver(self._load("invoice.overpaid"), more)
        self.deliver(self._load("invoice.overpaid"), more)
        balances = self._sum(self.source.balance_account_id)
        self.assertEqual(balances, -40)

    def _sum(self, account):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return sum(lines.mapped("balance"))

    # -- tax relief -------------------------------------------------------------------

    def test_relief_fills_the_tax_report(self):
        """Net and tax of the loss are where a credit note's are."""
        tags = self.env["account.account.tag"].create(
            [
                {
                    "name": name,
                    "applicability": "taxes",
                    "country_id": self.company.account_fiscal_country_id.id,
                }
                for name in ("refund base", "refund tax")
            ]
        )
        lines = self.vat_19.refund_repartition_line_ids
        for line, tag in zip(lines, tags, strict=True):
            line.tag_ids = tag
        self.source.bad_debt_tax_relief = True
        self.deliver(self._load("invoice.marked_uncollectible"))
        credit = self.env["account.move"].search([("move_type", "=", "out_refund")])
        filled = {line.tax_tag_ids: line.balance for line in credit.line_ids}
        self.assertEqual(filled[tags[0]], 100)
        self.assertEqual(filled[tags[1]], 19)
        self.assertEqual(credit.reversed_entry_id.saas_state, "uncollectible")

    # -- money that went past the source ----------------------------------------------

    def test_outside_payment_is_matched(self):
        """Nobody is asked any more once the bank's money is matched."""
        self.deliver(
            self._load("invoice.paid-out_of_band"),
            self._load("credit_note.created-out_of_band"),
        )
        self.assertEqual(len(self._get_asked()), 2)
        invoice = self._find("invoice.paid-out_of_band")
        for move in (invoice, self._find("credit_note.created-out_of_band")):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            ).create({"journal_id": self.payout_journal.id})._create_payments()
        self.assertFalse(self._get_asked())
        self.deliver(self._load("invoice_payment.paid-outside"))
        self.assertFalse(self._get_asked())

    # -- drafts -----------------------------------------------------------------------

    def test_two_drafts_that_fail(self):
        """Somebody is asked until the last of them is mended."""
        failed = self._load("invoice.finalization_failed")
        self.deliver(
            self._load("customer.created"),
            failed,
            self._load("invoice.finalization_failed-mended"),
        )
        [activity] = self._get_asked()
        self.assertEqual(activity.user_id, self.responsible)
        self.deliver(self._load("invoice.finalized-balance"))
        self.assertEqual(self._get_asked(), activity)
        gone = self._load("invoice.deleted", id=failed["data"]["object"]["id"])
        self.deliver(gone)
        self.assertFalse(self._get_asked())

    # -- reconciliation to the cent --------------------------------------------------

    def test_stated_amount_in_another_currency(self):
        """A credit note settles what it says, at two rates: the rest stays open."""
        self.env["res.currency.rate"].create(
            {
                "name": "2026-11-18",
                "rate": 0.5,
                "currency_id": self.eur.id,
                "company_id": self.company.id,
            }
        )
        names = ("invoice.finalized-mixed", "credit_note.created-mixed")
        self.source.tax_mapping_ids = [Command.clear()]
        self.source.default_tax_id = self.vat_19
        self.deliver(*(self._load(name, currency="eur") for name in names))
        invoice, credit = map(self._find, names)
        self.assertEqual(invoice.amount_residual, 100)
        # What the refund will give back.
        self.assertEqual(credit.amount_residual, 30)
        self.assertWhole()

    # -- what an earlier invoice was too small to collect -------------------------

    def test_carried_debit_is_paid(self):
        """In any order, the money pays the invoice and what was carried to it."""
        carried = {"starting_balance": 30, "ending_balance": 0, "amount_due": 11930}
        story = (
            self._load("invoice.finalized", **carried),
            self._load("invoice_payment.paid", amount_paid=11930),
            self._load("invoice.paid", **carried, amount_paid=11930),
        )
        for order in itertools.permutations(story):
            types = [event["type"] for event in order]
            with self.subTest(order=types), self.env.cr.savepoint() as save:
                self.assertState(self.deliver(*order), "done")
                lines = self.env["account.move.line"].search(
                    [
                        ("company_id", "=", self.company.id),
                        ("account_type", "=", "asset_receivable"),
                        ("parent_state", "=", "posted"),
                    ]
                )
                self.assertEqual(len(lines), 3)
                self.assertTrue(all(lines.mapped("reconciled")), self.books())
                save.rollback()
