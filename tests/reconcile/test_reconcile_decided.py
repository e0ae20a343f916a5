"""The nightly comparison shows what people decided as accepted, and hides nothing."""

from odoo import Command
from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.reconciling import ReconcileCommon
from ..support.session import create_person


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

    def test_an_unreadable_payment_that_was_ignored(self):
        """Whom the next step names may ignore what can't be read, without knowing that
        money moved. The comparison asks the source itself, and names it.
        """
        self.book("customer.created")
        self.tell("customer.created", "charge.succeeded")
        torn = stripe_fixtures.load("basil", "charge.succeeded", amount_captured="much")
        event = self.deliver(torn)
        self.assertState(event, "quarantined", "invalid_payload")
        operator = create_person(self, "ignores", "operator")
        action = event.with_user(operator).action_ignore()
        wizards = self.env[action["res_model"]].with_user(operator)
        wizards.with_context(**action["context"]).create(
            {"note": "Junk."}
        ).action_apply()
        self.assertState(event, "ignored", "ignored_by_person")
        self.reconcile("payment")
        [found] = self.found()
        self.assertIn("payment only_there object: 119.00 USD", found)
        self.assertEqual(self._get_accepted(), set())

    def test_what_the_source_itself_shows_unreadable(self):
        """It can't be booked, and it is not passed over."""
        self.book("customer.created")
        self.tell("customer.created", "charge.succeeded")
        self.change("charge.succeeded", amount_captured="much")
        self.reconcile("payment")
        [found] = self.found()
        self.assertIn("payment different object: ", found)
