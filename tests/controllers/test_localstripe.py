import time

from odoo.tests import tagged

from ..support.common import SECRET
from ..support.live import LiveCase
from ..support.localstripe import CARD, LocalstripeMixin

#: A debit of this account fails, half a second after it was made.
_EMPTY_ACCOUNT = {
    "type": "sepa_debit",
    "sepa_debit": {"iban": "DE62370400440532013001"},
    "billing_details": {"name": "Ada", "email": "ada@customers.example"},
}

_IGNORED = ("ignored", "unsupported_type")
_DONE = ("done", None)
_MISMATCH = ("quarantined", "amount_mismatch")


@tagged("post_install", "-at_install")
class TestLocalstripe(LocalstripeMixin, LiveCase):
    """localstripe is somebody else's idea of Stripe: stateful, with events and
    signatures of its own making. What it sends is booked as its API tells.

    It writes API version 2017-08-15, mostly as Stripe did. Where it doesn't:

    - A subscription's ``default_tax_rates`` are in its invoices' sums, but on none
      of their lines, where Stripe repeats them.
    - An inclusive tax is added on top of the price.
    - An upgrade, a refund, a void and a declined card send no event at all.
    - Neither ``invoice.finalized`` nor ``charge.succeeded`` exists: an invoice is
      first heard of when it was paid or not, and money by its payment intent.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start_localstripe()
        cls.call(
            "POST",
            "/_config/webhooks/odoo",
            url=f"{cls.server.url}/saas/webhook/{cls.token}",
            secret=SECRET,
        )
        vat = cls.create_vat(19)
        cls.rate, cls.inclusive_rate = (
            cls._create_rate(vat, inclusive) for inclusive in (False, True)
        )
        product = cls.call("POST", "/v1/products", name="Analytics")["id"]
        cls.monthly = cls.create_plan(product, "month", 1999)
        cls.yearly = cls.create_plan(product, "year", 19990)

    @classmethod
    def _create_rate(cls, tax_id, inclusive):
        """Create a tax rate and map it; return its id."""
        rate = cls.call(
            "POST",
            "/v1/tax_rates",
            display_name="VAT",
            percentage=19,
            inclusive=inclusive,
        )
        cls.admin.add(
            "saas.tax.mapping",
            source_id=cls.source_id,
            external_id=rate["id"],
            tax_id=tax_id,
        )
        return rate["id"]

    def create_customer(self, method):
        """Create a customer who pays by a method; return the customer's id."""
        customer = self.call(
            "POST",
            "/v1/customers",
            name=f"Customer {self._testMethodName}",
            email=f"{self._testMethodName}@customers.example",
            address={"line1": "Kai 1", "city": "Kiel", "country": "DE"},
            tax_id_data=[{"type": "eu_vat", "value": f"DE{time.time_ns() % 10**9:09}"}],
        )["id"]
        self.set_payment_method(customer, method)
        return customer

    def subscribe(self, customer, tax_rates=(), **more):
        """Subscribe a customer to three of the monthly plan; return its id."""
        item = {"plan": self.monthly, "quantity": 3, "tax_rates": list(tax_rates)}
        return self.call(
            "POST", "/v1/subscriptions", customer=customer, items=[item], **more
        )["id"]

    def outcomes(self, customer, expected):
        """Wait until localstripe has made so many events about a customer and all
        are drained; return each one's type and how it ended.
        """
        made = []

        def is_complete():
            events = self.call("GET", "/v1/events?limit=999")["data"]
            made[:] = [
                event
                for event in events
                if customer
                in (
                    event["data"]["object"].get("customer"),
                    event["data"]["object"]["id"],
                )
            ]
            known = self.read_events()
            return len(made) >= expected and all(e["id"] in known for e in events)

        self.wait_until(is_complete, f"receiving {expected} events")
        self.wait_for_events(expected)
        states = self.read_events()
        return sorted((event["type"], *states[event["id"]][:2]) for event in made)

    def assertBookedAsTold(self, customer):
        """Check that the books say of each of a customer's invoices what
        localstripe's API says; return the invoices.
        """
        invoices = self.call("GET", f"/v1/invoices?customer={customer}")["data"]
        rows = self.sql(
            """SELECT move.saas_external_id, round(100 * move.amount_total)::int,
                      round(100 * move.amount_tax)::int,
                      round(100 * (move.amount_total - move.amount_residual))::int
               FROM account_move move
               JOIN saas_tenant tenant ON tenant.id = move.saas_tenant_id
               WHERE move.state = 'posted' AND tenant.ref = %s""",
            customer,
        )
        self.assertEqual(
            sorted(rows),
            sorted((i["id"], i["total"], i["tax"], i["amount_paid"]) for i in invoices),
        )
        return invoices

    def test_subscription(self):
        """A subscription with tax, paid by card, upgraded and ended."""
        customer = self.create_customer(CARD)
        subscription = self.subscribe(customer, [self.rate])
        self.call(
            "POST",
            f"/v1/subscriptions/{subscription}",
            items=[{"plan": self.yearly, "quantity": 1, "tax_rates": [self.rate]}],
        )
        self.call("DELETE", f"/v1/subscriptions/{subscription}")
        self.assertEqual(
            self.outcomes(customer, 10),
            [
                ("customer.created", *_DONE),
                ("customer.subscription.created", *_DONE),
                ("customer.subscription.deleted", *_DONE),
                ("customer.updated", *_DONE),
                ("invoice.created", *_IGNORED),
                ("invoice.created", *_IGNORED),
                ("invoice.payment_succeeded", *_DONE),
                ("invoice.payment_succeeded", *_DONE),
                ("payment_intent.succeeded", *_DONE),
                ("payment_intent.succeeded", *_DONE),
            ],
        )
        invoices = self.assertBookedAsTold(customer)
        # 3 x 19.99; then 199.90 less what was paid for the unused time.
        self.assertEqual({i["total"] for i in invoices}, {7136, 16652})
        self.assertEqual(self._read_mirror(customer), [(subscription, "canceled")])
        self.assertHealthy()

    def test_debit_that_fails(self):
        """An invoice nobody paid is open, and somebody is asked to look at it."""
        customer = self.create_customer(_EMPTY_ACCOUNT)
        subscription = self.subscribe(customer, [self.rate])
        self.assertEqual(
            self.outcomes(customer, 7),
            [
                ("customer.created", *_DONE),
                ("customer.subscription.created", *_DONE),
                ("customer.subscription.deleted", *_DONE),
                ("customer.updated", *_DONE),
                ("invoice.created", *_IGNORED),
                ("invoice.payment_failed", *_DONE),
                ("payment_intent.payment_failed", *_DONE),
            ],
        )
        [invoice] = self.assertBookedAsTold(customer)
        self.assertEqual((invoice["status"], invoice["amount_paid"]), ("open", 0))
        self.assertEqual(self._read_mirror(customer), [(subscription, "canceled")])
        rows = self.sql(
            """SELECT tenant.collection_state, count(activity.id)
               FROM saas_tenant tenant
               JOIN account_move move ON move.saas_tenant_id = tenant.id
               JOIN mail_activity activity
                   ON activity.res_model = 'account.move' AND activity.res_id = move.id
               WHERE tenant.ref = %s GROUP BY tenant.collection_state""",
            customer,
        )
        self.assertEqual(rows, [("past_due", 1)])

    def test_without_tax_and_deleted(self):
        """No tax, and the customer is deleted: archived here, with its documents."""
        customer = self.create_customer(CARD)
        self.subscribe(customer)
        self.outcomes(customer, 6)
        [invoice] = self.assertBookedAsTold(customer)
        self.assertEqual(invoice["total"], 5997)
        self.call("DELETE", f"/v1/customers/{customer}")
        self.assertIn(("customer.deleted", *_DONE), self.outcomes(customer, 7))
        rows = self.sql("SELECT active FROM saas_tenant WHERE ref = %s", customer)
        self.assertEqual(rows, [(False,)])

    def test_tax_that_is_on_no_line(self):
        """It stands at the head, with its rate and its base: that is booked."""
        customer = self.create_customer(CARD)
        self.subscribe(customer, default_tax_rates=[self.rate])
        self._check_outcomes(customer, _DONE)

    def test_inclusive_tax_that_is_added(self):
        """The lines include the tax, the total has it once more."""
        customer = self.create_customer(CARD)
        self.subscribe(customer, [self.inclusive_rate])
        self._check_outcomes(customer, _MISMATCH)

    def _check_outcomes(self, customer, paid):
        """Check how a customer's events ended.

        :param paid: of the paid invoice.
        """
        self.assertEqual(
            self.outcomes(customer, 6),
            [
                ("customer.created", *_DONE),
                ("customer.subscription.created", *_DONE),
                ("customer.updated", *_DONE),
                ("invoice.created", *_IGNORED),
                ("invoice.payment_succeeded", *paid),
                ("payment_intent.succeeded", *_DONE),
            ],
        )
        rows = self.sql(
            """SELECT move.saas_external_id, payment.amount::float
               FROM saas_tenant tenant
               LEFT JOIN account_move move ON move.saas_tenant_id = tenant.id
               LEFT JOIN account_payment payment
                   ON payment.saas_tenant_id = tenant.id
               WHERE tenant.ref = %s""",
            customer,
        )
        [(invoice, amount)] = rows
        self.assertEqual((bool(invoice), amount), (paid == _DONE, 71.36))

    def _read_mirror(self, customer):
        return self.sql(
            """SELECT subscription.external_id, subscription.state
               FROM saas_subscription subscription
               JOIN saas_tenant tenant ON tenant.id = subscription.tenant_id
               WHERE tenant.ref = %s""",
            customer,
        )
