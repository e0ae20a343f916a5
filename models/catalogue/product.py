from odoo import api, fields, models


class SaasProduct(models.Model):
    """A product or price as the source names it. Invoices name its id only."""

    _name = "saas.product"
    _description = "SaaS product at source"
    _inherit = ["saas.guarded.mixin"]
    _order = "name, external_id"

    source_id = fields.Many2one(
        "saas.source", required=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    external_id = fields.Char(string="Price or Product", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    item_type = fields.Selection(
        [("product", "Product"), ("price", "Price")],
        string="Type",
        required=True,
        readonly=True,
    )
    product_ref = fields.Char(string="Product of the Price", readonly=True)
    active = fields.Boolean(default=True, readonly=True)

    _external_unique = models.UniqueIndex("(source_id, external_id)")

    @api.model
    def _get_names(self, sources, refs):
        """Return the names of products and prices by (source, id). The name of a price
        begins with that of its product. Ids that nothing is known about are missing.
        """
        items = self.with_context(active_test=False)
        own = items.search(
            [("source_id", "in", sources.ids), ("external_id", "in", list(refs))]
        )
        products = items.search(
            [
                ("source_id", "in", sources.ids),
                (
                    "external_id",
                    "in",
                    own.filtered("product_ref").mapped("product_ref"),
                ),
            ]
        )
        titles = {(item.source_id, item.external_id): item.name for item in products}
        return {
            (item.source_id, item.external_id): ", ".join(
                filter(
                    None, (titles.get((item.source_id, item.product_ref)), item.name)
                )
            )
            for item in own
        }


class SaasProductMapping(models.Model):
    """Shows what the source calls a product that is mapped."""

    _inherit = "saas.product.mapping"

    external_name = fields.Char(
        string="Name at Source",
        compute="_compute_external_name",
        help="The name that the source gave it, if any.",
    )

    @api.depends("source_id", "external_id")
    def _compute_external_name(self):
        names = self.env["saas.product"]._get_names(
            self.source_id, set(self.mapped("external_id")) - {False}
        )
        for mapping in self:
            mapping.external_name = names.get((mapping.source_id, mapping.external_id))
