"""What contracts are in Sales, once that is installed. It isn't where the other tests
run, so test_sales_orders runs these on a database that has it.
"""

from datetime import UTC, datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...canonical import facts
from ...canonical.moments import naive
from ..billing.common import BillingCommon, at
from ..customers.facts_common import FactsCommon
from .selling import sell


@tagged("post_install", "-at_install")
class TestContractsInSales(FactsCommon, BillingCommon):
    """A contract of a year, for a plan of 10.00 a month and 5.00 a seat."""

    @classmethod
    def setUpClass(cls):
        cls.startClassPatcher(freeze_time("2026-05-01 12:00:00"))
        super().setUpClass()
        cls.company.sells_by_orders = True
        cls.version = sell(
            cls.company, cls.product_a, cls.company.currency_id | cls.eur
        )

    def setUp(self):
        super().setUp()
        self.tell(self.platform, self.customer())
        self.tenant.billing_policy = "odoo"

    def hold(self, seats, currency="USD"):
        """Return what is held of the plan."""
        seats = facts.HeldQuantity(component="seats", quantity=seats)
        return facts.Holding(plan="team", currency=currency, quantities=(seats,))

    def make_deal(
        self, seats=4, state="won", version="1", currency="USD", ref="D-1", **vals
    ):
        """Return what a CRM tells of a deal."""
        vals = {"number": "Q-17", "purchase_order": "PO-9", "term_months": 12, **vals}
        return facts.Contract(
            external_id=ref,
            customer="C-1",
            state=state,
            version=version,
            currency=currency,
            won_at=at(2026, 4, 20),
            starts_on="2026-05-01",
            timezone="UTC",
            holding=self.hold(seats, currency),
            **vals,
        )

    def win(self, *args, **vals):
        """Let a CRM tell of the deal."""
        self.assertState(
            self.tell(self.platform, self.make_deal(*args, **vals)), "done"
        )

    def tell_change(self, change, moment, seats=None):
        """Let the product tell what happens to the subscription."""
        told = facts.SubscriptionChange(
            external_id=f"{change} {moment}",
            customer="C-1",
            subscription="D-1",
            change=change,
            effective_at=moment,
            known_at=moment,
            holding=self.hold(seats) if seats else None,
        )
        self.assertState(self.tell(self.platform, told), "done")

    def give_price(self):
        """Give the tenant a price of its own: 4.00 a seat."""
        self.env["saas.price"].create(
            {
                "component_id": self.version.component_ids[1].id,
                "currency_id": self.company.currency_id.id,
                "tenant_id": self.tenant.id,
                "valid_from": "2026-05-01",
                "unit_price": "4",
            }
        )

    def bill_at(self, *moment):
        """Bill what is due by an instant, as the clock does then."""
        moment = datetime(*moment, tzinfo=UTC)
        with freeze_time(naive(moment)):
            return self.bill(moment)

    @property
    def orders(self):
        """Return all sales orders of the company."""
        return self.env["sale.order"].search([("company_id", "=", self.company.id)])

    def read_lines(self):
        """Return of each line of the order its text, the periods that are agreed and
        invoiced, and what one costs.
        """
        return [
            (
                line.name,
                line.product_uom_qty,
                round(line.qty_invoiced, 2),
                line.price_unit,
            )
            for line in self.orders.order_line
        ]

    def test_won_contract(self):
        """It is a confirmed order: its lines, its price, its number."""
        self.win()
        order = self.orders.ensure_one()
        self.assertEqual(
            (order.state, order.client_order_ref, order.origin, order.partner_id),
            ("sale", "PO-9", "Q-17", self.tenant.partner_id),
        )
        self.assertEqual(
            self.read_lines(),
            [
                ("Base, Monthly", 12, 0, 10),
                ("4 × Seats, Monthly", 12, 0, 20),
                ("Calls, by what is used", 0, 0, 0),
            ],
        )
        self.assertEqual(order.amount_untaxed, 360)
        bound = self.env["saas.binding"].search([("res_model", "=", "sale.order")])
        self.assertEqual(
            (bound.external_id, bound.kind, bound.res_id),
            ("D-1", "sales_order", order.id),
        )
        self.win()
        self.assertEqual(self.orders, order)

    def test_invoices_name_its_lines(self):
        """What a run bills is invoiced of the order, by its amount; Sales has nothing
        to invoice, so no period is invoiced twice.
        """
        self.win()
        self.tell_change("activated", at(2026, 5, 1), 4)
        self.bill_at(2026, 5, 1, 13)
        order = self.orders.ensure_one()
        [move] = self.get_moves(self.tenant)
        self.assertEqual(order.invoice_ids, move)
        self.assertEqual(move.line_ids.sale_line_ids, order.order_line[:2])
        self.assertEqual(move.ref, "PO-9")
        self.assertEqual([line[2] for line in self.read_lines()], [1, 1, 0])
        self.assertEqual(order.order_line.mapped("qty_to_invoice"), [0, 0, 0])
        self.assertEqual(order.invoice_status, "no")
        with self.assertRaises(UserError):
            order._create_invoices(final=True)
        # Half of May with two seats more: 10.00 a month, 17 of 31 days.
        with freeze_time("2026-05-15 09:00:00"):
            self.tell_change("changed", at(2026, 5, 15), 6)
        self.bill_at(2026, 5, 15, 13)
        self.assertEqual(len(self.orders), 1)
        lines = {line[0]: line[1:] for line in self.read_lines()}
        self.assertEqual(lines["4 × Seats, Monthly"][1], round(1 - 17 / 31, 2))
        self.assertEqual(lines["6 × Seats, Monthly"][1], round(17 / 31, 2))
        # What is agreed of both is the whole year.
        agreed = [lines[f"{n} × Seats, Monthly"][0] for n in (4, 6)]
        self.assertEqual(round(sum(agreed), 2), 12)
        self.assertEqual(round(agreed[0], 2), round(12 * 14 / 365, 2))
        self.assertFalse(any(order.order_line.mapped("qty_to_invoice")))

    def test_the_end(self):
        """After a year all is invoiced; the next term has lines of its own."""
        self.win(auto_renew=True)
        self.tell_change("activated", at(2026, 5, 1), 4)
        self.bill_at(2027, 4, 2)
        order = self.orders.ensure_one()
        self.assertEqual([line[1:3] for line in self.read_lines()][:2], [(12, 12)] * 2)
        self.assertEqual(order.invoice_status, "invoiced")
        with freeze_time("2027-05-02 12:00:00"):
            self.env["saas.subscription"]._job_move_on()
        self.bill_at(2027, 5, 2)
        lines = [line[1:3] for line in self.read_lines()]
        self.assertEqual(lines[:2], [(12, 12)] * 2)
        self.assertEqual(lines[3:5], [(12, 1)] * 2)
        self.assertEqual(order, self.orders)

    def test_cancellation(self):
        """What is not held any more is agreed no more."""
        self.win()
        self.tell_change("activated", at(2026, 5, 1), 4)
        self.bill_at(2026, 5, 1, 13)
        with freeze_time("2026-05-11 12:00:00"):
            self.tell_change("canceled", at(2026, 5, 11))
        self.bill_at(2026, 5, 12)
        [base, *_] = self.read_lines()
        self.assertEqual(base[1:3], (round(12 * 10 / 365, 2), round(10 / 31, 2)))
        self.assertEqual(self.orders.state, "sale")

    def test_price(self):
        """A price of the tenant's own is in the order when it is billed."""
        self.win()
        self.tell_change("activated", at(2026, 5, 1), 4)
        self.give_price()
        self.bill_at(2026, 5, 1, 13)
        lines = {line[1:] for line in self.read_lines() if "Seats" in line[0]}
        self.assertEqual(lines, {(0, 0, 20), (12, 1, 16)})

    def test_other_currency_and_number(self):
        """The order is in the contract's currency; its number follows."""
        self.win(currency="EUR")
        self.assertEqual(self.orders.currency_id, self.eur)
        self.win(currency="EUR", version="2", purchase_order="PO-10")
        self.assertEqual(self.orders.ensure_one().client_order_ref, "PO-10")

    def test_withdrawn(self):
        """A deal that was not won after all is a cancelled order; won again, the same
        one is confirmed.
        """
        self.win()
        self.win(state="withdrawn", version="2")
        self.assertEqual(self.orders.state, "cancel")
        self.win(version="3", seats=5)
        self.assertEqual(self.orders.ensure_one().state, "sale")
        names = [line[0] for line in self.read_lines() if line[1]]
        self.assertIn("5 × Seats, Monthly", names)
        self.assertNotIn("4 × Seats, Monthly", names)

    def test_left_as_people_left_it(self):
        """An order that somebody has cancelled in Sales stays so, and what they add to
        one is theirs to invoice. Billing goes on.
        """
        self.win()
        order = self.orders
        extra = self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": self.product_b.id, "price_unit": 99}
        )
        self.assertEqual(extra.qty_to_invoice, 1)
        order._action_cancel()
        self.tell_change("activated", at(2026, 5, 1), 7)
        self.bill_at(2026, 5, 1, 13)
        self.assertEqual((order.state, self.orders), ("cancel", order))
        self.assertEqual(self.get_moves(self.tenant).amount_untaxed, 45)

    def test_deleted(self):
        """An order that somebody has deleted in Sales is not made anew. Billing goes
        on.
        """
        self.win()
        self.orders._action_cancel()
        self.orders.unlink()
        self.tell_change("activated", at(2026, 5, 1), 4)
        self.bill_at(2026, 5, 1, 13)
        self.assertFalse(self.orders)
        self.assertEqual(self.get_moves(self.tenant).amount_untaxed, 30)

    def test_many_at_once(self):
        """To find that nothing has changed costs the same for one order as for ten, and
        what has changed is written together.
        """
        self.win()
        single = self.env["saas.subscription"].search([])
        refs = [f"D-{number}" for number in range(2, 12)]
        self.tell(self.platform, *(self.make_deal(ref=r, number=r) for r in refs))
        every = self.env["saas.subscription"].search([])
        self.assertEqual((len(every), len(self.orders)), (11, 11))
        self.assertEqual(self.orders.mapped("amount_untaxed"), [360] * 11)
        self.assertEqual(set(self.orders.mapped("state")), {"sale"})
        self.assertEqual(self.count_queries(single), self.count_queries(every))
        self.give_price()
        alone = self.count_queries(single)
        self.assertLess(self.count_queries(every - single), 5 * alone)
        self.assertEqual(self.orders.mapped("amount_untaxed"), [312] * 11)

    def count_queries(self, subscriptions):
        """Return how many queries it takes to bring orders up to date."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        subscriptions._follow_in_sales()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_who_wants_none(self):
        """Without the setting there is no order."""
        self.company.sells_by_orders = False
        self.win()
        self.assertFalse(self.orders)

    def test_preview(self):
        """Looking at what is due leaves the order alone."""
        self.win()
        self.tell_change("activated", at(2026, 5, 1), 4)
        self.give_price()
        before, moment = self.read_lines(), at(2026, 5, 1, 13)
        tasks = self.env["saas.billing.preview"]._look(
            self.own, moment, moment.date(), self.tenant
        )
        self.assertEqual(len(tasks), 1)
        self.assertEqual(self.read_lines(), before)
