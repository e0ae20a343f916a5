from odoo import fields, models


class SaasTaxCheck(models.Model):
    """What an authority said of a tenant's tax number on a day."""

    _name = "saas.tax.check"
    _description = "SaaS tax check"
    _inherit = ["saas.guarded.mixin"]
    _order = "checked_at desc, id desc"
    _rec_name = "value"

    external_id = fields.Char(string="Check", required=True, readonly=True)
    source_id = fields.Many2one(
        "saas.source", required=True, ondelete="restrict", readonly=True
    )
    tenant_id = fields.Many2one(
        "saas.tenant", required=True, ondelete="restrict", index=True, readonly=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    value = fields.Char(string="Number", required=True, readonly=True)
    country_code = fields.Char(string="Country", readonly=True)
    result = fields.Selection(
        [("valid", "Valid"), ("invalid", "Not valid"), ("unavailable", "No answer")],
        required=True,
        readonly=True,
    )
    checked_at = fields.Datetime(string="Checked On", required=True, readonly=True)
    authority = fields.Char(readonly=True)
    proof = fields.Char(
        readonly=True, help="The authority's own reference of its answer."
    )

    _external_unique = models.UniqueIndex("(source_id, external_id)")


class SaasTenant(models.Model):
    """Shows what authorities said of a tenant's tax numbers."""

    _inherit = "saas.tenant"

    tax_check_ids = fields.One2many("saas.tax.check", "tenant_id", string="Tax Checks")
