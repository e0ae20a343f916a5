"""Who says how a line is shared out to months; and what a credit note is for: by the
word that its source gives for the reason, by its own field, or as the company says.
100.00 are served from 2 November to 9 February, 1.00 a day; 10.00 are given back when
13 days are served.

Covers ledger/revenue/method and ledger/revenue/by_hand.
"""

from datetime import UTC, datetime

from odoo.tests import tagged

from ..billing.common import at
from ..support import stripe_fixtures
from .common import RevenueCommon

_SERVED = {
    "start": int(datetime(2026, 11, 2, tzinfo=UTC).timestamp()),
    "end": int(datetime(2027, 2, 10, tzinfo=UTC).timestamp()),
}
_SHARES = {
    "proportional": [-290, -310, -310, -90],
    "prospective": [-184, -356, -357, -103],
}


@tagged("post_install", "-at_install")
class TestChoices(RevenueCommon):
    """What is nearest to a document goes first."""

    def _load(self, name, **changes):
        payload = stripe_fixtures.load("basil", name)
        told = payload["data"]["object"]
        told.update(changes)
        for line in told["lines"]["data"]:
            if line.get("period"):
                line["period"] = _SERVED
        return payload

    def _find(self, payload):
        ref = payload["data"]["object"]["id"]
        return self.env["account.move"].search([("saas_external_id", "=", ref)])

    def _get_shares(self, move):
        found = self.env["saas.revenue.schedule"].search([("move_id", "=", move.id)])
        return [amount for _month, amount, _b in self.read_shares(found)]

    # -- methods -----------------------------------------------------------------------

    def _bill(self, tenant, version):
        """Return the schedule of the first invoice of a new subscription."""
        self.subscribe(tenant, version, at(2026, 1, 15))
        self.bill(at(2026, 1, 15))
        move = self.get_moves(tenant)
        return self.env["saas.revenue.schedule"].search([("move_id", "=", move.id)])

    def test_whose_method_counts(self):
        """The tenant's, the product's, the account's, the source's, the company's; and
        what is booked already stays as it is.
        """
        row = self.env["saas.revenue.account"].create(
            {
                "company_id": self.company.id,
                "income_account_id": self.product.property_account_income_id.id,
                "deferred_account_id": self.deferred.id,
            }
        )
        annual = self.create_plan(
            "annual", base={"unit_price": "1200", "cadence": "yearly"}
        )
        product = self.product.with_company(self.company)
        other = self.env["res.company"].create({"name": "Another"})
        product.with_company(other).deferred_method = "second"
        booked = []
        for record, field, method in (
            (self.company, "revenue_method", "second"),
            (self.own, "deferred_method", "month_even_prorated"),
            (row, "method", "month_by_days"),
            (product, "deferred_method", "full_months"),
        ):
            record[field] = method
            booked.append((self._bill(self.create_tenant(), annual), method))
        tenant = self.create_tenant("Odd", deferred_method="month_even")
        booked.append((self._bill(tenant, annual), "month_even"))
        self.assertEqual(
            [schedule.method for schedule, _method in booked],
            [method for _schedule, method in booked],
        )

    # -- credit notes ------------------------------------------------------------------

    def test_a_word_of_the_source(self):
        self.env["saas.revenue.reason"].create(
            {
                "source_id": self.source.id,
                "word": "duplicate",
                "crediting": "prospective",
            }
        )
        for word, expected in (
            ("duplicate", "prospective"),
            ("a word of tomorrow", "proportional"),
            (None, "proportional"),
        ):
            with self.subTest(word=word), self.env.cr.savepoint() as save:
                credit = self._load("credit_note.created-balance", reason=word)
                events = self.deliver(self._load("invoice.finalized"), credit)
                self.assertState(events, "done")
                move = self._find(credit)
                is_mapped = expected == "prospective"
                self.assertEqual(move.deferred_crediting, is_mapped and expected)
                self.assertEqual(self._get_shares(move), _SHARES[expected])
                self.recognize(2027, 2)
                [row] = self.assertProved()
                self.assertEqual(row.booked, 0)
                save.rollback()

    def test_a_note_by_hand(self):
        invoice = self._load("invoice.finalized")
        self.assertState(self.deliver(invoice), "done")
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": self._find(invoice).ids,
                "date": "2026-11-15",
                "journal_id": self._find(invoice).journal_id.id,
            }
        )
        wizard.reverse_moves()
        credit = wizard.new_move_ids
        credit.invoice_line_ids.price_unit = 10
        credit.deferred_crediting = "prospective"
        credit.action_post()
        self.assertEqual(self._get_shares(credit), _SHARES["prospective"])
        self.assertProved()
