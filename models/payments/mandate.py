from odoo import fields, models


class SaasMandate(models.Model):
    """The mirror of a mandate: a customer's authority to collect money. Nothing is
    booked from it.
    """

    _name = "saas.mandate"
    _description = "SaaS mandate"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"
    _rec_name = "external_id"

    external_id = fields.Char(string="Mandate", required=True, readonly=True)
    source_id = fields.Many2one(
        "saas.source", required=True, ondelete="restrict", readonly=True
    )
    tenant_id = fields.Many2one(
        "saas.tenant", required=True, ondelete="restrict", index=True, readonly=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("submitted", "Submitted"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("consumed", "Used up"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="pending",
        index=True,
    )
    scheme = fields.Char(
        readonly=True, help="The network that collects, as the source names it."
    )
    reference = fields.Char(
        readonly=True, help="The reference that the customer's bank shows."
    )
    next_collection_on = fields.Date(string="Next Possible Collection", readonly=True)

    _external_unique = models.UniqueIndex("(source_id, external_id)")
