"""Companies that defer revenue."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from ...canonical.money import exact, to_decimal
from ..billing.common import BillingCommon


class RevenueCommon(BillingCommon):
    """A company that defers revenue from 2025 on, on the account ``DEF``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deferred = cls._create_account("DEF", "liability_current")
        cls.company.write(
            {
                "revenue_account_id": cls.deferred.id,
                "revenue_deferred_from": "2025-01-01",
            }
        )

    @classmethod
    def _create_account(cls, name, account_type):
        account = cls.env["account.account"].create(
            {
                "code": f"SAAS.{name}",
                "name": name,
                "account_type": account_type,
                "company_ids": cls.company.ids,
            }
        )
        cls.accounts[account] = name
        return account

    def recognize(self, year, month, policy="catch_up"):
        """Recognise what is earned by the end of a month, as the job does; return the
        run.
        """
        run = self.env["saas.revenue.run"].create(
            {
                "company_id": self.company.id,
                "month": date(year, month, 1),
                "policy": policy,
            }
        )
        run._begin()
        run._job_recognize()
        self.env.flush_all()
        self.env.invalidate_all()
        return run

    def read_run(self, run):
        """Return the journal entries of a run: their days and their items."""
        return [
            (str(move.date), self.journal_items(move))
            for move in run.move_ids.sorted("date")
        ]

    def read_shares(self, schedule):
        """Return what each month earns by the newest version, in minor units."""
        return [
            (f"{share.month:%Y-%m}", share.amount, share.balance)
            for share in schedule.version_id.share_ids
        ]

    def assertProved(self, day=None):
        """Check that the deferred accounts hold what is not recognised yet."""
        self.env.flush_all()
        self.env.invalidate_all()
        proofs = self.env["saas.revenue.proof"].with_context(saas_day=day)
        rows = proofs.search([("company_id", "=", self.company.id)])
        self.assertTrue(rows or day)
        for row in rows:
            self.assertEqual(
                (row.proof_state, row.booked, row.company_booked),
                ("proved", row.unrecognized, row.company_unrecognized),
            )
        self.assertWaterfall(rows, day)
        return rows

    def assertWaterfall(self, proofs, day=None):
        """Check that the waterfall adds up to what was deferred in each month, and that
        what is to come of it is what the proof says.
        """
        rows = self.read_waterfall(day)
        deferred, left = defaultdict(Decimal), Decimal(0)
        domain = [("company_id", "=", self.company.id)]
        domain += [("date", "<=", day)] if day else []
        for schedule in self.env["saas.revenue.schedule"].search(domain):
            balance = to_decimal(schedule.balance, schedule.company_exponent)
            deferred[f"{schedule.date:%Y-%m}"] += balance
        booked = defaultdict(Decimal)
        for (document_month, _month), (recognized, unrecognized) in rows.items():
            booked[document_month] += recognized + unrecognized
            left += unrecognized
        self.assertEqual(
            {month: amount for month, amount in booked.items() if amount},
            {month: amount for month, amount in deferred.items() if amount},
        )
        own = (exact(row.company_unrecognized, 2) for row in proofs)
        self.assertEqual(left, sum(own, Decimal(0)))

    def read_waterfall(self, day=None):
        """Return what is recognised and what is to come, by the month of the document
        and the month that earns it.
        """
        self.env.invalidate_all()  # rows of another day have the same ids
        waterfall = self.env["saas.revenue.waterfall"].with_context(saas_day=day)
        found = {}
        for row in waterfall.search([("company_id", "=", self.company.id)]):
            key = (f"{row.document_month:%Y-%m}", f"{row.month:%Y-%m}")
            pair = (exact(row.recognized, 2), exact(row.unrecognized, 2))
            before = found.get(key, (Decimal(0), Decimal(0)))
            found[key] = tuple(a + b for a, b in zip(before, pair, strict=True))
        return found
