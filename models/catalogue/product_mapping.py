from odoo import fields, models

from ...canonical.reasons import Reason


class SaasProductMapping(models.Model):
    """Says which Odoo product stands for a price or product of the source."""

    _name = "saas.product.mapping"
    _description = "SaaS product mapping"
    _inherit = ["saas.guarded.mixin", "saas.mapping.mixin"]
    _frees = (Reason.UNMAPPED_PRODUCT,)
    _check_company_auto = True
    _order = "external_id"
    _rec_name = "external_id"

    source_id = fields.Many2one("saas.source", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    external_id = fields.Char(
        string="Price or Product",
        required=True,
        help="The source's id of a price (price_…) or of a product (prod_…). A "
        "price's mapping goes before its product's. What a document states at its head "
        "only is mapped as shipping, discount or tax.",
    )
    product_id = fields.Many2one("product.product", required=True, check_company=True)
    account_id = fields.Many2one(
        "account.account",
        string="Income Account",
        check_company=True,
        help="Leave it empty to use the product's own income account.",
    )

    _external_unique = models.UniqueIndex(
        "(source_id, external_id)",
        "This price or product is mapped already. Change that mapping instead.",
    )
