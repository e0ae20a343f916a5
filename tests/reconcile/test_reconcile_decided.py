"""The nightly comparison shows what people decided as accepted, and hides nothing."""

from odoo import Command
from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.reconciling import ReconcileCommon


@tagged("post_install", "-at_install")
class TestReconcileDecided(ReconcileCommon):
    """A decision accepts the difference that it makes, with its reason."""

    def _quarantine(self):
        product, self.source.default_product_id = self.source.default_product_id, False
        self.tell("customer.created", "invoice.finalized")
        self.deliver(stripe_fixtures.load("basil", "customer.created"))
        event = self.deliver(stripe_fixtures.load("basil", "invoice.finalized"))
        self.assertState(event, "quarantined", "unmapped_product")
        self.source.default_product_id = product
        return event

    def _get_accepted(self):
        found = self.env["saas.difference"].search([("state", "=", "accepted")])
        return {(d.field, d.their_value, d.our_value, d.note) for d in found}

    def test_an_ignored_invoice(self):
        event = self._quarantine()
        self.env["saas.event.ignore"].create(
            {"event_ids": [Command.set(event.ids)], "note": "It is a test."}
        ).action_apply()
        self.reconcile("invoice")
        self.assertEqual(self.found(), [])
        [(field, _theirs, ours, note)] = self._get_accepted()
        self.assertEqual((field, ours, note), ("object", False, "It is a test."))

    def test_a_bound_invoice_that_differs(self):
        event = self._quarantine()
        tenant = self.env["saas.tenant"].search([], order="id desc", limit=1)
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": tenant.partner_id.id,
                "invoice_date": "2026-11-05",
                "journal_id": self.company_data["default_journal_sale"].id,
                "ref": "7IGOG4F5-0001",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product_a.id,
                            "price_unit": 100,
                            "tax_ids": [Command.set(self.vat_19.ids)],
                        }
                    )
                ],
            }
        )
        move.action_post()
        self.env["saas.object.bind"].create(
            {
                "event_ids": [Command.set(event.ids)],
                "move_id": move.id,
                "note": "The order's day.",
            }
        ).action_apply()
        self.drain()
        self.assertState(event, "done")
        self.reconcile("invoice")
        self.assertEqual(self.found(), [])
        self.assertEqual(
            self._get_accepted(),
            {("date", "2026-11-02", "2026-11-05", "The order's day.")},
        )
