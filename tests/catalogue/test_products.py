"""What a source says of its products and prices, which name what invoices charge.

Covers adapters/stripe/catalogue/catalog, handlers/catalogue/catalog_item and
handlers/snapshot.
"""

from odoo import Command
from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon
from ..support.stripe_fixtures import load_later


@tagged("post_install", "-at_install")
class TestProducts(SaasCommon):
    def test_unmapped_product_is_named(self):
        for shape in stripe_fixtures.SHAPES:
            with self.subTest(shape=shape):
                self.source.default_product_id = False
                event = self.deliver(
                    *(
                        load_later(name, 0, shape)
                        for name in (
                            "product.updated",
                            "product.created",
                            "price.created",
                            "plan.created",
                            "invoice.finalized",
                        )
                    )
                )[-1]
                self.assertState(event, "quarantined", "unmapped_product")
                self.assertIn("(Team plan, 100.00 USD / month)", event.detail)

    def test_mapping_shows_the_source_s_name(self):
        product = load_later("product.created")["data"]["object"]["id"]
        self.source.product_mapping_ids = [
            Command.create({"external_id": ref, "product_id": self.product_a.id})
            for ref in (product, "prod_unknown")
        ]
        self.deliver(load_later("product.created"))
        names = self.source.product_mapping_ids.mapped("external_name")
        self.assertEqual(sorted(names, key=str), [False, "Team"])

    def test_deleted_product_is_archived_for_good(self):
        deleted = load_later("product.deleted")
        later = {**deleted, "id": "evt_later", "type": "product.updated"}
        later["created"] += 600
        self.deliver(deleted, later)
        self.assertFalse(self.env["saas.product"].search([]))
