from odoo import api, fields, models

from ...canonical.reasons import Reason


class SaasTaxMapping(models.Model):
    """Says which Odoo tax stands for a tax rate of the source."""

    _name = "saas.tax.mapping"
    _description = "SaaS tax mapping"
    _inherit = ["saas.guarded.mixin", "saas.mapping.mixin"]
    _frees = (Reason.UNMAPPED_TAX, Reason.TAX_MISMATCH)
    _check_company_auto = True
    _order = "external_id"
    _rec_name = "external_id"

    source_id = fields.Many2one("saas.source", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    external_id = fields.Char(
        string="Tax Rate",
        required=True,
        help="The source's id of the tax rate, such as txr_….",
    )
    tax_id = fields.Many2one(
        "account.tax",
        required=True,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'), ('price_include', '=', False)]",
    )

    _external_unique = models.UniqueIndex(
        "(source_id, external_id)",
        "This tax rate is mapped already. Change that mapping instead.",
    )

    @api.constrains("tax_id")
    def _check_tax(self):
        self.tax_id._check_saas_usable()
