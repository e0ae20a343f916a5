from datetime import datetime

from odoo import fields, models


class SaasTaxId(models.Model):
    """A tax number of a tenant, as the source keeps it. The contact has room for one
    number, which is chosen from all of these.
    """

    _name = "saas.tax.id"
    _description = "SaaS tax number"
    _inherit = ["saas.guarded.mixin"]
    _order = "tenant_id, id"
    _rec_name = "value"

    source_id = fields.Many2one(
        "saas.source", required=True, ondelete="restrict", readonly=True
    )
    tenant_id = fields.Many2one(
        "saas.tenant", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="tenant_id.company_id", store=True)
    external_id = fields.Char(string="Reference", required=True, readonly=True)
    customer_ref = fields.Char(
        readonly=True, help="The customer whose own object lists the number."
    )
    tax_id_type = fields.Char(string="Type", required=True, readonly=True)
    value = fields.Char(string="Number", required=True, readonly=True)
    country_code = fields.Char(string="Country", readonly=True)
    is_vat = fields.Boolean(string="VAT Number", readonly=True)
    is_eu = fields.Boolean(string="EU", readonly=True)
    is_verified = fields.Boolean(
        string="Verified",
        readonly=True,
        help="Whether the authorities confirmed the number to the source.",
    )
    created_at = fields.Datetime(string="Since", readonly=True)
    active = fields.Boolean(default=True, readonly=True)

    _external_unique = models.UniqueIndex("(source_id, external_id)")

    def _get_best(self):
        """Return the number to print: a verified one before others, the EU's before
        others, and then the newest; empty if none of these is a VAT number in use.
        """
        usable = self.filtered(lambda number: number.active and number.is_vat)
        return usable.sorted(
            lambda number: (
                number.is_verified,
                number.is_eu,
                number.created_at or datetime.min,
                number.external_id,
            )
        )[-1:]


class SaasTenant(models.Model):
    """Keeps what the source says about a tenant's taxes."""

    _inherit = "saas.tenant"

    tax_id_ids = fields.One2many("saas.tax.id", "tenant_id", string="Tax Numbers")
    tax_exempt = fields.Selection(
        [
            ("none", "Taxed"),
            ("exempt", "Exempt"),
            ("reverse", "Reverse charge"),
        ],
        string="Tax Status",
        readonly=True,
        help="How the source taxes this tenant.",
    )
