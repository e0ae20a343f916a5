from odoo import models


class SaasHandlerCatalogItem(models.AbstractModel):
    """Keeps the products and prices of a source, so that people see their names."""

    _name = "saas.handler.catalog_item"
    _inherit = "saas.snapshot"
    _description = "SaaS catalog handler"

    _record_model = "saas.product"

    def _prepare_snapshot_vals(self, item):
        fact = item.fact
        return {
            "name": fact.name or fact.external_id,
            "item_type": fact.type,
            "product_ref": fact.product or False,
            "active": fact.active and not fact.deleted,
        }
