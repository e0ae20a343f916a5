from odoo import fields, models

from ...canonical.customers.mandatory import find_wanted, has_rules

_SITUATIONS = {"reverse": "reverse_charge", "exempt": "exempt"}


class SaasTenant(models.Model):
    """Says what the law wants to know about a tenant and nobody has told yet."""

    _inherit = "saas.tenant"

    missing_values = fields.Char(
        string="Missing by Law",
        compute="_compute_missing_values",
        help="What an invoice to this tenant has to say and is not known, with the law "
        "that wants it.",
    )

    def _compute_missing_values(self):
        for tenant in self:
            missing = tenant._find_missing(fields.Date.context_today(tenant))
            tenant.missing_values = ", ".join(
                f"{label} ({law})" for label, law in missing.items()
            )

    def _find_missing(self, day):
        """Return what an invoice to this tenant has to say on a day and is not known:
        the laws that want it, by what people call it. An own document is not issued
        while anything is missing; of a mirrored one, somebody is told.
        """
        self.ensure_one()
        seller = self.company_id.account_fiscal_country_id.code or ""
        if not has_rules(seller):
            return {}
        partner, known = self.partner_id, self._get_legal_values()
        situations = {_SITUATIONS.get(self.tax_exempt)}
        if partner.vat:
            situations.add("business")
        wanted = find_wanted(seller, partner.country_id.code or "", day, situations)
        return {
            known[name][0]: law for name, law in wanted.items() if not known[name][1]
        }

    def _get_legal_values(self):
        """Return what the law may want to know of a tenant, by the field that rules
        name: what people call it, and the value.
        """
        partner = self.partner_id
        return {
            "name": (self.env._("Name"), partner.name),
            "street": (self.env._("Street"), partner.street),
            "city": (self.env._("City"), partner.city),
            "country": (self.env._("Country"), partner.country_id),
            "tax_number": (self.env._("Tax number"), partner.vat),
            "exemption_reason": (
                self.env._("Reason of the exemption"),
                self.exemption_reason,
            ),
            "e_invoice_address": (
                self.env._("E-invoice address"),
                self.e_invoice_address,
            ),
        }
