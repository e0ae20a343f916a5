from odoo import fields, models
from odoo.orm.models import NO_ACCESS


class SaasTenant(models.Model):
    """Keeps what the law asks for about a tenant and a contact has no room for. A value
    that was edited here is kept.
    """

    _inherit = "saas.tenant"

    exemption_reason = fields.Char(
        string="Exempt Because", help="Why this tenant is charged no tax."
    )
    exemption_certificate = fields.Char(
        help="The number of the certificate that proves the exemption."
    )
    exemption_ends_on = fields.Date(
        string="Exempt Until", help="The last day on which the exemption holds."
    )
    e_invoice_address = fields.Char(
        string="E-Invoice Address",
        help="Where electronic invoices go: a scheme of ISO 6523 and an id, such as "
        "0088:7300010000001.",
    )
    language = fields.Char(
        help="The language in which the tenant is written to, such as de or pt-BR. The "
        "contact gets it where it is installed."
    )
    residency_region = fields.Char(
        string="Data Residency", help="The region in which the tenant's data stays."
    )
    mandate_ids = fields.One2many("saas.mandate", "tenant_id", string="Mandates")
    stated_values = fields.Json(
        readonly=True,
        groups=NO_ACCESS,
        help="What each of the tenant's ids at its sources was last stated to be, from "
        "which the values in use are chosen by who owns them.",
    )
