"""What is compared of an account with a cut-over: all since, and what was open then."""

from odoo.tests import tagged

from ..cutover.cases import CREDIT
from ..support import stripe_fixtures
from ..support.pulling import CutoverCommon
from ..support.reconciling import PAYOUT, STORY, ReconcileCommon, payout_event

#: Kinds of what has a day, and is booked.
_DATED = ("invoice", "payment", "credit_note", "refund", "payout")


@tagged("post_install", "-at_install")
class TestReconcileCutover(CutoverCommon, ReconcileCommon):
    def _bring_in(self, day, *names):
        self.source.cutover_date = f"2026-11-{day}"
        events = [stripe_fixtures.load("basil", name) for name in names]
        self.hold("basil", events)
        self.deliver(*events)
        self.run_jobs()

    def test_before_is_left_out(self):
        """Neither what is known without being booked, nor what was never told."""
        self.source.cutover_date = "2027-01-01"
        self.tell()
        run = self.reconcile(*_DATED)
        self.assertEqual(self.counts(run), dict.fromkeys(_DATED, (0, 0, 0, 0)))
        self.deliver(
            *(stripe_fixtures.load("basil", name) for name in STORY), payout_event()
        )
        self.run_jobs()
        # A mirrored payout is ours, and of before too.
        self.assertTrue(self.env["saas.payout"].search([]))
        run = self.reconcile(*_DATED)
        self.assertEqual(self.found(), [])
        self.assertEqual(self.counts(run), dict.fromkeys(_DATED, (0, 0, 0, 0)))
        self.api.remove(PAYOUT["id"])
        self.reconcile("payout")
        self.assertEqual(self.found(), [])

    def test_opening_items_by_what_is_due(self):
        self._bring_in("12", "customer.created", *CREDIT)
        invoice = stripe_fixtures.object_id("basil", CREDIT[0])
        self.change(CREDIT[0], amount_remaining=17850)
        run = self.reconcile("invoice", "credit_note")
        self.assertEqual(self.found(), [])
        self.assertEqual(self.counts(run)["invoice"], (1, 0, 0, 0))
        self.change(CREDIT[0], amount_remaining=5000)
        self.reconcile("invoice")
        self.assertEqual(
            self.found(),
            ["invoice different amount_remaining: 50.00 USD / 178.50 USD"],
        )
        self.api.remove(invoice)
        self.reconcile("invoice")
        self.assertEqual(self.find(("result", "=", "only_here")).external_id, invoice)

    def test_deleted_customer_keeps_its_contact(self):
        """Of a deleted customer the source tells hardly more than the id."""
        self._bring_in("01", "customer.created")
        tenant = self.env["saas.tenant"].search([])
        known = tenant.partner_id.read(["name", "email", "vat", "street"])
        self.api.put(
            {"id": tenant.ref, "object": "customer", "deleted": True, "created": 1}
        )
        self.reconcile("customer")
        differences = self.find(("kind", "=", "customer"))
        self.assertTrue(differences)
        event = stripe_fixtures.load("basil", "customer.deleted")
        event["data"]["object"] = {
            "id": tenant.ref,
            "object": "customer",
            "deleted": True,
        }
        self.assertState(self.deliver(event), "done")
        self.assertFalse(tenant.active)
        self.assertEqual(
            tenant.partner_id.read(["name", "email", "vat", "street"]), known
        )
        self.reconcile("customer")
        self.assertEqual(self.found(), [])
