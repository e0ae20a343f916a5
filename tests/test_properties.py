"""What is true of every invoice, whatever becomes of it and however its events come."""

import contextlib
import random
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings

from odoo import Command
from odoo.tests import tagged

from ..canonical.money import exact
from .books import Undo
from .common import SaasCommon
from .property_world import EXPONENTS, RATES, stories, tell

EXAMPLES = 60


@tagged("post_install", "-at_install")
class TestProperties(SaasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setup_other_currency("KWD", rates=[("2024-01-01", 0.31)])
        # Between the days of a story, so that there are exchange differences.
        cls.env["res.currency.rate"].create(
            {
                "name": "2026-11-04",
                "rate": 0.9,
                "currency_id": cls.eur.id,
                "company_id": cls.company.id,
            }
        )
        cls.source.tax_mapping_ids = [
            Command.create(
                {
                    "external_id": rate,
                    "tax_id": cls._create_vat(permille / 10, name=rate).id,
                }
            )
            for rate, permille in RATES.items()
        ]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(story=stories())
    def test_invariants(self, story):
        """Every entry balances, documents are worth what the source says, what is
        settled leaves no receivable, accounts hold what was told, and nothing posted
        is deleted.
        """
        told = tell(story)
        with contextlib.suppress(Undo), self.env.cr.savepoint():
            self.source.bad_debt_tax_relief = story.relief
            self._deliver_shuffled(told.events, random.Random(story.seed))
            self._check_entries(story)
            self._check_sums(story, told)
            self._check_receivable(story, told)
            self.assertWhole()
            raise Undo

    def _deliver_shuffled(self, events, chance):
        """Deliver events in any order and twice some of them; after each drain, all
        that was posted before is still posted.
        """
        arrivals = events + chance.choices(events, k=2)
        chance.shuffle(arrivals)
        posted = self._find_posted()
        middle = chance.randint(0, len(arrivals))
        for gulp in (arrivals[:middle], arrivals[middle:]):
            self.deliver(*gulp)
            before, posted = posted, self._find_posted()
            self.assertFalse(before - posted)
        inbox = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)]
        )
        self.assertState(inbox, "done")

    def _find_posted(self):
        return self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted")]
        )

    def _check_entries(self, story):
        moves = self._find_posted()
        for move in moves:
            for field in ("balance", "amount_currency"):
                values = [exact(line[field], 3) for line in move.line_ids]
                self.assertEqual(sum(values), 0, move.journal_id.name)
        document = moves.filtered(lambda move: move.saas_external_id == "in_p")
        self.assertEqual(
            exact(document.amount_total, 3), abs(self._decimal(story, story.total))
        )

    def _check_sums(self, story, told):
        """Compare each account with what the story comes to, in its currency."""
        booked = dict.fromkeys(("REV", "TAX", "BAL", "BAD", "SC"), Decimal(0))
        for line in self._find_posted().line_ids:
            name = self.accounts.get(line.account_id)
            if name in booked:
                booked[name] += exact(line.amount_currency, 3)
        expected = {name: told.sums.get(name, 0) for name in booked}
        expected = {k: self._decimal(story, v) for k, v in expected.items()}
        if relieved := told.sums.get("BAD+TAX"):
            # A share of net and tax: to the cent, together it is all that was due.
            for side in (booked, expected):
                side["BAD"] += side.pop("TAX")
            expected["BAD"] += self._decimal(story, relieved)
        self.assertEqual(booked, expected)

    def _check_receivable(self, story, told):
        lines = self._find_posted().line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        open_amount = sum(exact(line.amount_residual_currency, 3) for line in lines)
        if not told.settled:
            rest = self._decimal(story, story.remaining)
            self.assertEqual(open_amount, rest)
            return
        self.assertEqual(open_amount, 0)
        for line in lines:
            self.assertFalse(line.amount_residual_currency, line.move_id.ref)
        self.assertEqual(sum(exact(line.balance, 2) for line in lines), 0)

    def _decimal(self, story, minor):
        return Decimal(minor).scaleb(-EXPONENTS[story.currency])
