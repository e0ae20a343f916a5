"""What recurs by month, and by cohort, is found from the movements alone.

Covers models/metrics/month, models/metrics/cohort and metrics/subscriptions/recurring.
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo.tests import tagged

from ....canonical.metrics import ratios
from ...billing.common import BillingCommon, at

_MOVED = ("new_amount", "expansion", "contraction", "churn", "reactivation", "transfer")


@tagged("post_install", "-at_install")
class TestMrrReport(BillingCommon):
    """A plan of 30 a month, and 2 for each seat."""

    @classmethod
    def setUpClass(cls):
        # The report goes on until the month in which the database's clock is.
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"
        cls.base = cls.create_plan(
            "thirty",
            base={"unit_price": "30"},
            seats={"kind": "seat", "unit_price": "2"},
        )

    def read_by(self, *names, groupby=("month:month",), model="month", **terms):
        """Return values of the report, by what is grouped by."""
        domain = [("company_id", "=", self.company.id)]
        domain += [(name, "=", value) for name, value in terms.items()]
        report = self.env[f"saas.mrr.{model}"]
        aggregates = [
            f"{name}:{report._fields[name].aggregator or 'sum'}" for name in names
        ]
        rows = report._read_group(domain, groupby, aggregates)
        size = len(groupby)
        return {row[:size]: row[size:] for row in rows}

    def sell(self, count, moment, version=None, currency="USD", **held):
        """Return subscriptions of new tenants."""
        return [
            self.subscribe(
                self.create_tenant(f"T {number} {moment}"),
                version or self.base,
                moment,
                currency,
                **held,
            )
            for number in range(count)
        ]

    def test_odoo_example(self):
        """Odoo's documentation, "Subscription reports": of 20 that pay 30 each, 3 leave
        and the others pay 2 more.
        """
        held = self.sell(20, at(2026, 1, 10))
        for subscription in held[:3]:
            self.change(subscription, "canceled", at(2026, 2, 5))
        for subscription in held[3:]:
            terms = self.make_terms(self.base, seats=1)
            self.change(subscription, "changed", at(2026, 2, 6), terms=terms)
        names = ("opening", *_MOVED, "closing", "closing_year")
        found = self.read_by(*names)
        self.assertEqual(found[(date(2026, 1, 1),)], (0, 600, 0, 0, 0, 0, 0, 600, 7200))
        self.assertEqual(
            found[(date(2026, 2, 1),)], (600, 0, 34, 0, -90, 0, 0, 544, 6528)
        )
        self.assertEqual(found[(date(2026, 3, 1),)][0], 544)
        shares = ("tenant_churn", "net_churn", "gross_churn", "net_retention")
        [row] = self.read_by(*shares, month=date(2026, 2, 1)).values()
        moved = ratios.Moved(600, churn=90, expansion=34)
        for found, expected in zip(
            row,
            (
                ratios.find_logo_churn(3, 20),
                ratios.find_net_churn(moved),
                ratios.find_gross_churn(moved),
                ratios.find_net_retention(moved),
            ),
            strict=True,
        ):
            self.assertAlmostEqual(found, float(expected), places=12)
        self.assertAlmostEqual(row[1], 0.0933, places=4)
        [cohort] = self.read_by(
            *("retention", "tenant_retention", "amount", "tenants"),
            groupby=("cohort:month",),
            model="cohort",
            age=1,
        ).values()
        self.assertAlmostEqual(cohort[0], 544 / 600)
        self.assertAlmostEqual(cohort[1], 17 / 20)
        self.assertEqual(cohort[2:], (544, 17))

    def test_several_months_and_plans(self):
        """Of several months, the beginning is that of the first and the end that of the
        last one; all plans together, what moved between them is nothing.
        """
        first, second = self.sell(2, at(2026, 1, 10), seats=5)
        [third] = self.sell(1, at(2026, 2, 10), self.max)
        terms = self.make_terms(self.max)
        self.change(first, "changed", at(2026, 3, 10), terms=terms)
        self.change(second, "paused", at(2026, 4, 10))
        self.change(second, "resumed", at(2026, 5, 10))
        self.change(third, "canceled", at(2026, 6, 10))
        names = ("opening", *_MOVED, "closing", "closing_tenants", "lost_tenants")
        spring = [
            ("month", ">=", date(2026, 2, 1)),
            ("month", "<=", date(2026, 5, 1)),
            ("company_id", "=", self.company.id),
        ]
        report = self.env["saas.mrr.month"]
        aggregates = [f"{name}:sum" for name in names]
        [row] = report._read_group(spring, [], aggregates)
        self.assertEqual(row, (80, 60, 20, 0, -40, 40, 0, 160, 3, 1))
        by_plan = report._read_group(spring, ["plan_id"], aggregates)
        self.assertEqual(
            {plan.code: values for plan, *values in by_plan},
            {
                "thirty": [80, 0, 0, 0, -40, 40, -40, 40, 1, 1],
                "max": [0, 60, 20, 0, 0, 0, 40, 120, 2, 0],
            },
        )
        [shares] = report._read_group(
            spring, [], ["net_retention:avg", "gross_retention:avg", "net_churn:avg"]
        )
        for found, expected in zip(shares, (0.75, 0.5, -0.25), strict=True):
            self.assertAlmostEqual(found, expected)

    def test_each_row(self):
        """Each row's beginning and movements add up to its end, and lead to the
        movements that it is made of.
        """
        subscriptions = [
            *self.sell(3, at(2026, 1, 10), seats=3),
            *self.sell(2, at(2026, 2, 10), self.pro, "EUR"),
        ]
        for subscription in subscriptions[::2]:
            self.change(subscription, "canceled", at(2026, 4, 3))
        own = [("company_id", "=", self.company.id)]
        rows = self.env["saas.mrr.month"].search(own)
        self.assertEqual(len(set(rows.ids)), len(rows))
        sums = defaultdict(Decimal)
        for row in rows:
            moved = sum(row[name] for name in _MOVED)
            self.assertAlmostEqual(row.opening + moved, row.closing)
            action = row.action_view_movements()
            movements = self.env["saas.mrr.movement"].search(action["domain"])
            self.assertAlmostEqual(
                sum(movements.mapped("amount_company")), moved, places=5
            )
            sums["rows"] += len(movements)
        self.assertEqual(sums["rows"], self.env["saas.mrr.movement"].search_count(own))

    def test_exchange_rates(self):
        """What rates have moved is no movement: it stands by itself."""
        self.sell(1, at(2026, 1, 10), currency="EUR")
        self.eur.rate_ids.create(
            {"currency_id": self.eur.id, "name": "2026-03-15", "rate": 0.5}
        )
        found = self.read_by("closing", "drift", "expansion")
        # One dollar is 0.80 euros until then, and 0.50 since.
        self.assertEqual(found[(date(2026, 2, 1),)], (37.5, 0, 0))
        self.assertEqual(found[(date(2026, 3, 1),)], (37.5, 22.5, 0))

    def test_companies(self):
        """A person sees the months of their own companies."""
        self.sell(1, at(2026, 1, 10))
        other = self.env["res.company"].create({"name": "Other"})
        for company, is_seen in ((self.company, True), (other, False)):
            user = self.env["res.users"].create(
                {
                    "name": company.name,
                    "login": f"mrr {company.id}",
                    "company_id": company.id,
                    "company_ids": [(6, 0, company.ids)],
                    "group_ids": [
                        (4, self.env.ref("saas_billing_sync.group_saas_reviewer").id)
                    ],
                }
            )
            for model in ("month", "cohort", "movement"):
                found = self.env[f"saas.mrr.{model}"].with_user(user).search([])
                self.assertEqual(bool(found), is_seen, model)

    def test_now(self):
        """A plan that nobody has bought lately has a row for each month until now."""
        with freeze_time("2026-03-01"):
            self.sell(1, at(2026, 1, 10))
        months = self.read_by("closing")
        self.assertGreater(len(months), 3)
        self.assertEqual(len(set(months.values())), 1)

    def test_page(self):
        """The page *Finance* has the last twelve months, and each row leads to its
        month.
        """
        page = self.env["saas.metrics.recurring"].with_context(
            allowed_company_ids=self.company.ids
        )
        self.assertEqual(page._lay_out()["table"]["rows"], [])
        with freeze_time("2026-03-20"):
            [first, _second] = self.sell(2, at(2026, 1, 10), seats=5)
            self.change(first, "canceled", at(2026, 2, 10))
            section = page._lay_out()
        tiles = {tile["name"]: tile["text"] for tile in section["tiles"]}
        self.assertEqual(
            tiles,
            {"mrr": "$\xa040.00", "arr": "$\xa0480.00", "net_retention": "50.0 %"},
        )
        self.assertEqual(section["chart"]["labels"][-1], "2026-03")
        self.assertEqual(section["chart"]["series"][0]["values"][-3:], [80, 40, 40])
        rows = section["table"]["rows"]
        self.assertEqual(len(rows), 12)
        self.assertEqual(rows[1]["cells"][0], "2026-02")
        self.assertEqual(
            [cell.removeprefix("$\xa0") for cell in rows[1]["cells"][1:]],
            *[["80.00", "0.00", "0.00", "0.00", "-40.00", "0.00", "40.00", "1"]],
        )
        found = self.env["saas.mrr.month"].search(
            [
                *(tuple(term) for term in rows[1]["opens"]["domain"]),
                ("company_id", "=", self.company.id),
            ]
        )
        self.assertEqual(found.churn, -40)
