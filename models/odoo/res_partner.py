from odoo import api, fields, models

from ...canonical.identity import (
    domain_key,
    name_key,
    phone_key,
    registration_key,
    vat_key,
)


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

    saas_registration_key = fields.Char(
        compute="_compute_saas_registration_key", store=True, index="btree_not_null"
    )
    saas_domain_key = fields.Char(
        compute="_compute_saas_domain_key", store=True, index="btree_not_null"
    )
    saas_name_key = fields.Char(
        compute="_compute_saas_name_key", store=True, index="btree_not_null"
    )

    # Odoo compares addresses in this form, and has no index for them.
    _saas_email_index = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
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

    @api.depends("company_registry", "country_id.code")
    def _compute_saas_registration_key(self):
        for partner in self:
            partner.saas_registration_key = (
                registration_key(partner.company_registry, partner.country_id.code)
                or False
            )

    @api.depends("email")
    def _compute_saas_domain_key(self):
        for partner in self:
            partner.saas_domain_key = domain_key(partner.email) or False

    @api.depends("name")
    def _compute_saas_name_key(self):
        for partner in self:
            partner.saas_name_key = name_key(partner.name) or False
