from odoo import api, fields, models


class SaasTaxRate(models.Model):
    """A tax rate as the source keeps it. Lines may name its id only; rules read here
    what it is.
    """

    _name = "saas.tax.rate"
    _description = "SaaS tax rate"
    _inherit = ["saas.guarded.mixin"]
    _order = "country_code, state_code, percentage, external_id"

    source_id = fields.Many2one("saas.source", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    external_id = fields.Char(string="Tax Rate", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    has_percentage = fields.Boolean(
        readonly=True, help="If this is not set, the rate is a flat amount."
    )
    percentage = fields.Float(digits=(12, 6), readonly=True)
    inclusive = fields.Boolean(readonly=True)
    country_code = fields.Char(string="Country", readonly=True)
    state_code = fields.Char(string="State", readonly=True)
    jurisdiction = fields.Char(readonly=True)
    tax_type = fields.Char(readonly=True)
    active = fields.Boolean(readonly=True, default=True)

    _external_unique = models.UniqueIndex("(source_id, external_id)")

    @api.depends("name", "external_id", "has_percentage", "percentage")
    def _compute_display_name(self):
        for rate in self:
            percentage = f" {rate.percentage:g} %" if rate.has_percentage else ""
            rate.display_name = f"{rate.name}{percentage} ({rate.external_id})"
