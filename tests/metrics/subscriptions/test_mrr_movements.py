"""Each change of a subscription adds the movements that are missing, in its own
transaction.

Covers models/metrics/books and models/metrics/standing.
"""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...subscriptions.selling import SellingCommon, at
from .mrr_common import read_rebuilt, read_rows, read_sums


@tagged("post_install", "-at_install")
class TestMrrMovements(SellingCommon):
    """The plan *team* costs 10 a month and 5 for each seat, *firm* as much a year."""

    def setUp(self):
        super().setUp()
        # Whose zone the days are of must not hang on who runs the tests.
        self.company.partner_id.tz = "UTC"

    def count(self, moment):
        """Let the cron count at a moment, as the job runner does."""
        with freeze_time(moment):
            self.env["saas.mrr.standing"]._cron_move_on()
            self.env.flush_all()
        self.env.invalidate_all()

    def run_counts(self):
        """Run the jobs of counts until there are none left."""
        counts = self.env["saas.mrr.count"]
        while running := counts.search([("state", "=", "running")], limit=1):
            running._job_chunk(running.step)
        self.env.flush_all()
        self.env.invalidate_all()

    def assertRight(self):
        """Check that what is booked is what would be booked from nothing."""
        self.assertEqual(read_sums(self.env), read_rebuilt(self.env))

    def test_a_life(self):
        """Each change is a movement, with its change and its event; what was told late
        is corrected, and what was withdrawn is taken back.
        """
        upgrade = self.event("changed", at(2026, 3, 1), **self.held("7"))
        [first] = self.tell(self.activate())
        self.tell(upgrade)
        self.assertEqual(
            read_rows(self.env),
            ["2026-01-15 team new 35", "2026-03-01 team expansion 10"],
        )
        row = self.env["saas.mrr.movement"].search([], order="id", limit=1)
        self.assertEqual((row.event_id, row.change_id.kind), (first, "activated"))
        self.assertEqual(row.action_open_event()["res_id"], first.id)
        self.assertEqual((row.amount_company, row.amount_year), (35, 420))
        self.tell(
            self.event("changed", at(2026, 2, 1), told=at(2026, 2, 2), **self.held("6"))
        )
        self.assertEqual(
            read_rows(self.env)[2:],
            ["2026-02-01 team expansion 5", "2026-03-01 team expansion -5"],
        )
        last = self.env["saas.mrr.movement"].search([], order="id desc", limit=1)
        self.assertEqual(last.corrects_id.amount, 10)
        self.tell(self.withdraw(upgrade, at(2026, 4, 1)))
        self.assertEqual(read_rows(self.env)[4:], ["2026-03-01 team expansion -5"])
        self.assertRight()

    def test_by_year_and_both_plans(self):
        """A second subscription expands; its end contracts; the end of the last one
        churns; a new one reactivates.
        """
        firm = self.held("0", "firm")
        self.tell(
            self.activate(at(2026, 1, 1), **firm),
            self.activate(at(2026, 2, 1), "S-2"),
            self.event("canceled", at(2026, 3, 1), "S-2"),
            self.event("canceled", at(2026, 4, 1)),
            self.activate(at(2026, 6, 1), "S-3"),
        )
        self.assertEqual(
            read_rows(self.env),
            [
                "2026-01-01 firm new 0.833333",
                "2026-02-01 team expansion 35",
                "2026-03-01 team contraction -35",
                "2026-04-01 firm churn -0.833333",
                "2026-06-01 team reactivation 35",
            ],
        )
        self.assertRight()

    def test_scheduled(self):
        """What is scheduled moves when it takes effect, and not before; so does the
        end of a discount.
        """
        self.tell(
            self.activate(),
            self.event(
                "changed", at(2026, 12, 10), told=at(2026, 11, 1), **self.held("9")
            ),
            self.event(
                "canceled", at(2027, 1, 2), told=at(2026, 11, 2), at_period_end=True
            ),
        )
        self.env["saas.discount"]._grant(
            {
                "company_id": self.company.id,
                "tenant_id": self.find().tenant_id.id,
                "percent": "20",
                "valid_from": "2026-11-28 00:00:00",
                "valid_until": "2026-12-05 00:00:00",
            }
        )
        self.assertEqual(
            read_rows(self.env),
            ["2026-01-15 team new 35", "2026-11-28 team contraction -7"],
        )
        self.count("2026-12-04 23:00:00")
        self.assertEqual(len(read_rows(self.env)), 2)
        self.count("2026-12-05 00:00:00")
        self.pass_time("2026-12-10 00:00:00")
        self.count("2027-01-14 00:00:00")
        self.count("2027-01-15 00:00:00")
        self.assertEqual(
            read_rows(self.env)[2:],
            [
                "2026-12-05 team expansion 7",
                "2026-12-10 team expansion 20",
                "2027-01-15 team churn -55",
            ],
        )
        with freeze_time("2027-02-01"):
            self.assertRight()

    def test_closed(self):
        """What becomes known of a time whose metrics are closed counts on the first
        open day, and stays there when that is closed, too.
        """
        self.tell(self.activate(at(2026, 2, 1)))
        self.company.mrr_closed_until = date(2026, 3, 31)
        late = self.event("changed", at(2026, 3, 1), **self.held("6"))
        self.tell(late, self.event("changed", at(2026, 5, 1), **self.held("9")))
        self.assertEqual(
            read_rows(self.env)[1:],
            ["2026-04-01 team expansion 5", "2026-05-01 team expansion 15"],
        )
        row = self.env["saas.mrr.movement"].search([], order="id")[1]
        self.assertEqual(str(row.at), "2026-03-01 00:00:00")
        self.company.mrr_closed_until = date(2026, 6, 30)
        self.tell(self.withdraw(late, at(2026, 7, 2)))
        self.assertEqual(
            read_rows(self.env)[3:],
            ["2026-07-01 team expansion -5", "2026-07-01 team expansion 5"],
        )
        self.assertRight()

    def test_own_price(self):
        """A tenant's own price moves its MRR, and taking it back does."""
        self.tell(self.activate())
        seats = self.team.component_ids.filtered(lambda each: each.code == "seats")
        price = self.env["saas.price"].create(
            {
                "component_id": seats.id,
                "currency_id": self.usd.id,
                "tenant_id": self.find().tenant_id.id,
                "valid_from": "2026-12-01 00:00:00",
                "unit_price": "4.5",
            }
        )
        self.count("2026-12-01 00:00:00")
        self.assertEqual(read_rows(self.env)[1:], ["2026-12-01 team contraction -2.5"])
        price.unlink()
        with freeze_time("2026-12-02"):
            self.env["saas.mrr.movement"]._refresh(self.find().tenant_id)
        self.assertEqual(read_rows(self.env)[2:], ["2026-12-01 team contraction 2.5"])

    def test_foreign_currency(self):
        """The value in the company's currency is that of the day, and stays so."""
        self.eur.rate_ids.create(
            {"currency_id": self.eur.id, "name": "2026-05-01", "rate": 0.5}
        )
        euros = {**self.held(), "currency": "EUR"}
        self.tell(
            self.activate(at(2026, 2, 1), **euros),
            self.event("canceled", at(2026, 6, 1)),
        )
        rows = self.env["saas.mrr.movement"].search([], order="id")
        self.assertEqual(rows.mapped("amount"), [35, -35])
        self.assertEqual(rows.mapped("amount_company"), [43.75, -70])

    def test_merged(self):
        """What two tenants have is one tenant's MRR when they turn out to be one."""
        self.meet("C-2", "Southlight")
        self.tell(self.activate(at(2026, 1, 1)))
        self.tell(self.activate(at(2026, 2, 1), "S-2", customer="C-2"))
        self.assertEqual(len(read_rows(self.env, kind="new")), 2)
        winner, loser = self.find().tenant_id, self.find("S-2").tenant_id
        self.env["saas.customers.merge"]._merge(loser, winner)
        self.assertEqual(
            read_rows(self.env)[2:],
            ["2026-02-01 team expansion 35", "2026-02-01 team new -35"],
        )
        self.assertEqual(self.env["saas.mrr.movement"].search([]).tenant_id, winner)
        self.assertRight()

    def test_only_added(self):
        """Nobody changes a movement, or deletes one."""
        self.tell(self.activate())
        row = self.env["saas.mrr.movement"].search([])
        with self.assertRaises(AccessError):
            row.amount = 5
        with self.assertRaises(UserError):
            row.unlink()

    def test_settings(self):
        """Another answer counts the company anew, by jobs: what is paused counts, and
        who said that they leave counts no more.
        """
        self.tell(
            self.activate(),
            self.event("paused", at(2026, 3, 1)),
            self.event("resumed", at(2026, 4, 1)),
            self.event("canceled", at(2027, 1, 1), told=at(2026, 6, 1)),
        )
        self.assertEqual(len(read_rows(self.env)), 3)
        self.company.write({"mrr_counts_paused": True, "mrr_ends_when_told": True})
        self.run_counts()
        count = self.env["saas.mrr.count"].search([])
        self.assertEqual((count.state, count.total_count), ("done", 1))
        self.assertEqual(
            read_rows(self.env)[3:],
            [
                "2026-03-01 team churn 35",
                "2026-04-01 team reactivation -35",
                "2026-06-01 team churn -35",
            ],
        )
        self.assertRight()

    def test_switched_on(self):
        """Nothing is counted while metrics are off; what is known from then is counted
        when they are switched on, once.
        """
        self.company.keeps_mrr = False
        self.tell(self.activate())
        self.assertFalse(read_rows(self.env))
        self.company.keeps_mrr = True
        self.run_counts()
        self.assertEqual(read_rows(self.env), ["2026-01-15 team new 35"])
        count = self.env["saas.mrr.count"].search([])
        self.assertEqual((count.progress, count.movement_count), (100, 1))
        again = self.env["saas.mrr.count"].create({})
        again.action_start()
        log = self.env["saas.sync.log"].search([("res_model", "=", again._name)])
        self.assertEqual(
            [(row.res_id, row.detail) for row in log], [(again.id, "state: running")]
        )
        with self.assertRaises(UserError):
            self.env["saas.mrr.count"].create({}).action_start()
        self.run_counts()
        self.assertEqual((again.state, again.movement_count), ("done", 0))
        self.assertEqual(len(read_rows(self.env)), 1)
