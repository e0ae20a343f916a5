"""The rate of renewals by month, by number and by value.

The definitions are those of MetricHQ (https://www.metrichq.org/saas/renewal-rate/) and
of Insivia ("Revenue renewal rate").

Covers models/metrics/renewal and models/subscriptions/metrics/recurring.
"""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...billing.common import BillingCommon, at
from ...support.common import SaasCommon
from ...support.stripe_fixtures import load


@tagged("post_install", "-at_install")
class TestRenewalRate(BillingCommon):
    """Seats of 10 a month each, agreed for a year."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-11-28 12:00:00"))
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"
        cls.team = cls.create_plan("team", seats={"kind": "seat", "unit_price": "10"})

    def sell(self, seats, moment=None, months=12, currency="USD"):
        """Return a subscription of a new tenant for a year, or without a term."""
        own = self.env["saas.subscription"].create(
            {
                "external_id": f"sub {next(self.keys)}",
                "source_id": self.own.id,
                "tenant_id": self.create_tenant(f"T {next(self.keys)}").id,
                "state": "none",
            }
        )
        terms = self.make_terms(self.team, currency, seats=seats)
        if months:
            terms["term"] = {"months": months, "auto_renew": True}
        self.change(own, "activated", moment or at(2025, 7, 10), terms=terms)
        return own

    def seats(self, subscription, count, moment):
        """Let a subscription have so many seats from a moment on."""
        terms = self.make_terms(self.team, seats=count)
        self.change(subscription, "changed", moment, terms=terms)

    def read_figures(self, *groupby, **terms):
        """Return the figures, by what is grouped by."""
        domain = [("company_id", "=", self.company.id)]
        domain += [(name, "=", value) for name, value in terms.items()]
        measures = ("due", "renewed", "due_amount", "renewed_amount", "after_amount")
        rows = self.env["saas.mrr.renewal"]._read_group(
            domain,
            groupby,
            [f"{name}:sum" for name in measures] + ["rate:avg", "value_rate:avg"],
        )
        size = len(groupby)
        return {
            row[:size]: (*row[size:-2], *(round(share, 4) for share in row[-2:]))
            for row in rows
        }

    def test_worked_example(self):
        """Terms of 100, 50, 30 and 20 end in July. The first goes on at 100, the second
        at 60, the third at 15, and the last one ends: 3 of 4 and 165 of 200.
        """
        first, second, third, last = map(self.sell, (10, 5, 3, 2))
        end = at(2026, 7, 10)
        self.seats(second, 6, end)
        self.seats(third, "1.5", end)
        self.change(last, "canceled", end, at(2026, 5, 1))
        # What ends before its time is churn, and was never up for renewal.
        early = self.sell(7)
        self.change(early, "canceled", at(2026, 2, 1))
        # What is paid by the month has nothing to renew.
        self.sell(9, months=0)
        july = (date(2026, 7, 1),)
        self.assertEqual(
            self.read_figures("day:month"), {july: (4, 3, 200, 165, 175, 0.75, 0.825)}
        )
        self.assertEqual(
            self.read_figures("renewed"),
            {(0,): (1, 0, 20, 0, 0, 0, 0), (1,): (3, 3, 180, 165, 175, 1, 0.9167)},
        )
        rows = self.env["saas.mrr.renewal"].search([("renewed", "=", 1)])
        action = rows.action_view_subscriptions()
        found = self.env["saas.subscription"].search(action["domain"])
        self.assertEqual(found, first | second | third)

    def test_late(self):
        """What becomes known later brings the rows to what follows then; what was
        counted again stays as it is.
        """
        own = self.sell(4)
        self.assertEqual(self.read_figures(), {(): (1, 1, 40, 40, 40, 1, 1)})
        [row] = self.env["saas.mrr.renewal"].search([])
        self.env["saas.mrr.movement"]._refresh(own.tenant_id)
        self.assertEqual(self.env["saas.mrr.renewal"].search([]), row)
        self.seats(own, 3, at(2026, 7, 10))
        self.assertEqual(self.read_figures(), {(): (1, 1, 40, 30, 30, 1, 0.75)})
        self.change(own, "canceled", at(2026, 7, 10))
        self.assertEqual(self.read_figures(), {(): (1, 0, 40, 0, 0, 0, 0)})
        self.change(own, "canceled", at(2026, 6, 1), at(2026, 11, 1))
        self.assertFalse(self.env["saas.mrr.renewal"].search([]))

    def test_time_alone(self):
        """A term that renews itself is counted when it ends."""
        with freeze_time("2026-07-01"):
            own = self.sell(4)
            self.assertFalse(self.env["saas.mrr.renewal"].search([]))
            standing = self.env["saas.mrr.standing"].search(
                [("tenant_id", "=", own.tenant_id.id)]
            )
            self.assertEqual(str(standing.sudo().next_at), "2026-07-10 00:00:00")
        with freeze_time("2026-07-10"):
            self.env["saas.mrr.standing"]._cron_move_on()
        self.assertEqual(self.read_figures(), {(): (1, 1, 40, 40, 40, 1, 1)})

    def test_churn_date(self):
        """What is renewed hangs on no decision about when something churns."""
        own = self.sell(4)
        self.change(own, "canceled", at(2026, 7, 10), at(2026, 5, 1))
        self.company.mrr_ends_when_told = True
        self.env["saas.mrr.movement"]._refresh(own.tenant_id)
        self.assertEqual(self.read_figures(), {(): (1, 0, 40, 0, 0, 0, 0)})

    def test_currencies(self):
        """Amounts are in the company's currency at the rate of the day."""
        self.sell(4, currency="EUR")
        [row] = self.env["saas.mrr.renewal"].search([])
        self.assertEqual((row.currency_id, row.due_amount), (self.eur, 50))

    def test_merged(self):
        """Rows follow their subscriptions to the tenant that goes on."""
        first, second = self.sell(4), self.sell(5)
        winner = first.tenant_id
        self.env["saas.customers.merge"]._merge(second.tenant_id, winner)
        rows = self.env["saas.mrr.renewal"].search([])
        self.assertEqual((len(rows), rows.tenant_id), (2, winner))

    def test_only_counted(self):
        """Nobody changes a row, or deletes one."""
        self.sell(4)
        row = self.env["saas.mrr.renewal"].search([])
        with self.assertRaises(AccessError):
            row.due = 5
        with self.assertRaises(UserError):
            row.unlink()


@tagged("post_install", "-at_install")
class TestMirroredRenewals(SaasCommon):
    """A year that Stripe bills."""

    def test_year(self):
        """Its period ends, and the next snapshot says how it went on."""
        self.company.partner_id.tz = "UTC"
        told = []
        for number, (day, start, end) in enumerate(
            (
                (at(2027, 3, 1), at(2027, 3, 1), at(2028, 3, 1)),
                (at(2028, 3, 1), at(2028, 3, 1), at(2029, 3, 1)),
            ),
            1,
        ):
            event = load("basil", "customer.subscription.created", status="active")
            event |= {"id": f"evt_{number}", "created": int(day.timestamp())}
            data = event["data"]["object"]
            data["start_date"] = int(at(2027, 3, 1).timestamp())
            [item] = data["items"]["data"]
            item["price"]["recurring"]["interval"] = "year"
            item["current_period_start"] = int(start.timestamp())
            item["current_period_end"] = int(end.timestamp())
            told.append(event)
        with freeze_time("2028-04-01"):
            self.deliver(load("basil", "customer.created"), told[0])
            self.assertFalse(self.env["saas.mrr.renewal"].search([]))
            self.deliver(told[1])
        [row] = self.env["saas.mrr.renewal"].search([])
        self.assertEqual(
            (row.day, row.due, row.renewed, round(row.due_amount, 2)),
            (date(2028, 3, 1), 1, 1, 8.33),
        )
