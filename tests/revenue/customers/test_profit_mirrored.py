"""What mirrored documents, fees, disputes and losses give tenants' analytic accounts;
the books stay what the golden cases say.

Covers handlers/clearing/movement_entry.
"""

import random

from odoo.tests import tagged

from ...clearing.test_clearing import load_story
from ...golden.case import sort_books
from ...golden.parts import CASES
from ...golden.test_golden import _expect
from ...support import stripe_fixtures
from ...support.common import SEED, SaasCommon
from ...support.taxes import set_up_taxes
from .profit_common import ProfitMixin

#: What each golden case gives the tenant, in the newer shape.
EXPECTED = {
    "finalized": ["11-02 REV +100.00"],
    "discount": ["11-05 REV +150.00"],
    "eur": ["11-11 REV +125.00"],
    "jpy": ["11-11 REV +100.00"],
    "voided": ["11-04 REV +100.00", "11-06 REV -100.00"],
    "credit_updated": ["11-10 REV +200.00", "11-13 REV -50.00"],
    "fee_of_charge": ["11-02 REV +100.00", "11-02 FEE -3.75"],
    "fee_before_its_charge": ["11-02 REV +100.00", "11-02 FEE -3.75"],
    "dispute_lost": ["11-06 FEE -15.00", "11-12 CB -60.00"],
    "dispute_won_on_appeal": [
        "11-08 FEE -15.00",
        "11-10 CB -40.00",
        "11-16 FEE +15.00",
        "11-17 CB +40.00",
    ],
    "uncollectible": ["11-17 REV +100.00", "11-20 BAD -119.00"],
    "uncollectible_paid": [
        "11-17 REV +100.00",
        "11-20 BAD -119.00",
        "11-22 BAD +119.00",
    ],
    "uncollectible_in_part": ["11-17 REV +100.00", "11-21 BAD -69.00"],
    "tax_relief": ["11-17 REV +100.00", "11-20 BAD -100.00"],
    "zero": [],
}
#: What the report makes of it.
REPORT = {
    "finalized": {"revenue": "100.00", "margin": "100.00"},
    "voided": {"revenue": "100.00", "refunds": "-100.00", "margin": "0.00"},
    "fee_of_charge": {"revenue": "100.00", "fees": "-3.75", "margin": "96.25"},
    "dispute_lost": {"fees": "-15.00", "disputes": "-60.00", "margin": "-75.00"},
    "uncollectible": {"revenue": "100.00", "bad_debt": "-119.00", "margin": "-19.00"},
    "uncollectible_paid": {"revenue": "100.00", "margin": "100.00"},
    "tax_relief": {"revenue": "100.00", "bad_debt": "-100.00", "margin": "0.00"},
}


@tagged("post_install", "-at_install")
class TestProfitMirrored(SaasCommon, ProfitMixin):
    """Each kind of fact, whether it is one of a batch or alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_up_taxes(cls)
        cls.tell_apart()

    def test_each_fate(self):
        for name, expected in EXPECTED.items():
            with self.subTest(case=name), self.env.cr.savepoint() as save:
                self._check(name, expected)
                save.rollback()
            self.env.invalidate_all()

    def _check(self, name, expected):
        case = CASES[name]
        self.source.write({"tz": case.tz, **dict(case.setup)})
        events = self.deliver(*_load(case))
        self.assertState(events, "done")
        self.assertEqual(sort_books(self.books()), _expect(case, "basil"))
        self.assertEqual(sorted(self.read_lines()), sorted(expected))
        self.assertTies()
        if name in REPORT:
            self.assertEqual(self.read_report("month"), [("2026-11", REPORT[name])])

    def test_any_order(self):
        """A year's story, in order and shuffled: tenants have the same."""
        told = []
        for seed in (None, SEED, SEED + 1):
            with self.subTest(seed=seed), self.env.cr.savepoint() as save:
                events = load_story("basil")
                if seed is not None:
                    random.Random(seed).shuffle(events)
                self.deliver(*events)
                self.assertTrue(self.assertTies())
                told.append(sorted(self.read_lines()))
                save.rollback()
            self.env.invalidate_all()
        self.assertEqual(told[1:], told[:1] * 2)
        for account in ("REV", "FEE", "CB"):
            self.assertTrue([text for text in told[0] if account in text], account)

    def test_from_its_day_on(self):
        self.company.profit_from = "2026-11-06"
        case = CASES["voided"]
        self.deliver(*_load(case))
        # What takes back an invoice from before carries as little as that.
        self.assertEqual(self.read_lines(), [])
        self.deliver(stripe_fixtures.load("basil", "invoice.finalized-jpy"))
        self.assertEqual(self.read_lines(), ["11-11 REV +100.00"])

    def test_off(self):
        self.company.profit_from = False
        self.deliver(stripe_fixtures.load("basil", "invoice.finalized"))
        self.assertFalse(self.env["account.analytic.line"].search([]))
        [tenant] = self.env["saas.tenant"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertFalse(tenant.analytic_account_id)
        tenant.name = "Another name"
        self.company.profit_from = "2026-12-01"
        account = tenant.analytic_account_id
        self.assertEqual(account.name, "Another name")
        tenant.name = "A third one"
        self.assertEqual(account.name, "A third one")
        self.company.profit_from = "2027-01-01"
        self.assertEqual(tenant.analytic_account_id, account)
        self.assertFalse(self.env["account.analytic.line"].search([]))


def _load(case):
    return [stripe_fixtures.load("basil", name) for name in case.fixtures("basil")]
