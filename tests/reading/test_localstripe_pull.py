from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..support.localstripe import CARD, LocalstripeMixin
from ..support.pulling import ADDRESS, PullCommon


@tagged("post_install", "-at_install")
class TestLocalstripePull(LocalstripeMixin, PullCommon):
    """What localstripe answers is read as well: somebody else's idea of Stripe's API.
    It pages and filters, but writes version 2017-08-15 whatever is asked for, and it
    knows neither ``expand`` of lists nor payouts.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start_localstripe()
        address = f"http://127.0.0.1:{cls.port}"
        cls.env["ir.config_parameter"].set_param(ADDRESS, address)

    def test_events_and_objects(self):
        customers = [
            self.call("POST", "/v1/customers", name=f"C{n}", email=f"c{n}@c.example")
            for n in range(120)
        ]
        with self.assertNew(120):
            run = self.source._start_reading(
                "recovery", fields.Datetime.now() - timedelta(days=1)
            )
            self.run_jobs()
        self.assertEqual((run.state, run.page_count), ("done", 2))
        tenants = self.env["saas.tenant"].search([("company_id", "=", self.company.id)])
        self.assertEqual(
            set(tenants.mapped("ref")), {customer["id"] for customer in customers}
        )
        # An object by itself: known by its content, though the event was another.
        with self.assertNew(1):
            self.source._enqueue_fetch("subscription", self._subscribe(customers[0]))
            self.run_jobs()
        self.assertEqual(
            self.env["saas.subscription"].search([]).tenant_id.ref, customers[0]["id"]
        )
        self.source._enqueue_fetch("subscription", "sub_404")
        self.assertEqual(self.run_jobs().state, "failed")

    def _subscribe(self, customer):
        self.set_payment_method(customer["id"], CARD)
        product = self.call("POST", "/v1/products", name="Analytics")["id"]
        plan = self.create_plan(product, "month", 1000)
        return self.call(
            "POST",
            "/v1/subscriptions",
            customer=customer["id"],
            items=[{"plan": plan, "quantity": 1}],
        )["id"]
