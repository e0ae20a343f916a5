import http.client
import json
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import tagged

from .live import dev
from .pulling import ADDRESS, PullCommon


@tagged("post_install", "-at_install")
class TestLocalstripePull(PullCommon):
    """What localstripe answers is read as well: somebody else's idea of Stripe's API.
    It pages and filters, but writes version 2017-08-15 whatever is asked for, and it
    knows neither ``expand`` of lists nor payouts.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.port = dev("machine.ports").free()
        runner = Path(__file__).with_name("localstripe_server.py")
        process = subprocess.Popen(
            [sys.executable, runner, str(cls.port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.kill)
        cls._wait(process)
        address = f"http://127.0.0.1:{cls.port}"
        cls.env["ir.config_parameter"].set_param(ADDRESS, address)

    @classmethod
    def _wait(cls, process):
        give_up = time.monotonic() + 20
        while True:
            try:
                return cls.call("GET", "/v1/events")
            except OSError:
                if process.poll() is not None or time.monotonic() > give_up:
                    raise
                time.sleep(0.1)

    @classmethod
    def call(cls, method, path, **data):
        link = http.client.HTTPConnection("127.0.0.1", cls.port, timeout=20)
        try:
            headers = {"Authorization": "Bearer sk_test_12345"}
            link.request(method, path, json.dumps(data) if data else None, headers)
            return json.loads(link.getresponse().read())
        finally:
            link.close()

    def test_events_and_objects(self):
        customers = [
            self.call("POST", "/v1/customers", name=f"C{n}", email=f"c{n}@c.example")
            for n in range(120)
        ]
        with self.assertNew(120):
            run = self.source._start_pull(
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
        method = self.call(
            "POST",
            "/v1/payment_methods",
            type="card",
            card={
                "number": "4242424242424242",
                "exp_month": 12,
                "exp_year": 2030,
                "cvc": "123",
            },
        )["id"]
        self.call(
            "POST", f"/v1/payment_methods/{method}/attach", customer=customer["id"]
        )
        self.call(
            "POST",
            f"/v1/customers/{customer['id']}",
            invoice_settings={"default_payment_method": method},
        )
        product = self.call("POST", "/v1/products", name="Analytics")["id"]
        plan = self.call(
            "POST",
            "/v1/plans",
            product=product,
            amount=1000,
            currency="usd",
            interval="month",
        )["id"]
        return self.call(
            "POST",
            "/v1/subscriptions",
            customer=customer["id"],
            items=[{"plan": plan, "quantity": 1}],
        )["id"]
