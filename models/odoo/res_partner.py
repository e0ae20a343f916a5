from odoo import api, fields, models

from ...canonical.identity import phone_key, vat_key


class ResPartner(models.Model):
    """Holds what customers of a source are matched by, in comparable form."""

    _name = "res.partner"
    _inherit = ["res.partner", "saas.code.only.mixin"]

    saas_vat_key = fields.Char(
        compute="_compute_saas_vat_key", store=True, index="btree_not_null"
    )
    saas_phone_key = fields.Char(
        compute="_compute_saas_phone_key", store=True, index="btree_not_null"
    )

    @api.depends("vat")
    def _compute_saas_vat_key(self):
        for partner in self:
            partner.saas_vat_key = vat_key(partner.vat) or False

    @api.depends("phone", "country_id.code")
    def _compute_saas_phone_key(self):
        for partner in self:
            country = partner.country_id.code
            partner.saas_phone_key = phone_key(partner.phone, country) or False
