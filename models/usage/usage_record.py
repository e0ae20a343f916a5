from odoo import fields, models


class SaasUsageRecord(models.Model):
    """One metered fact of a tenant, as its source told it. It never changes.

    The quantity is there twice: as a number to add up and look at, and as the text that
    the source stated, which is exact.
    """

    _name = "saas.usage.record"
    _description = "SaaS usage"
    _inherit = ["saas.guarded.mixin"]
    _order = "occurred_at desc, id desc"
    _rec_name = "external_id"

    external_id = fields.Char(string="Reference", required=True, readonly=True)
    source_id = fields.Many2one(
        "saas.source", required=True, ondelete="restrict", readonly=True
    )
    tenant_id = fields.Many2one(
        "saas.tenant", required=True, ondelete="restrict", readonly=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    meter_ref = fields.Char(string="Meter", required=True, readonly=True)
    quantity = fields.Float(required=True, readonly=True)
    stated_quantity = fields.Char(string="Exact Quantity", required=True, readonly=True)
    occurred_at = fields.Datetime(required=True, readonly=True)
    subscription_ref = fields.Char(string="Subscription", readonly=True)

    _external_unique = models.UniqueIndex("(source_id, external_id)")
    _tenant_index = models.Index("(tenant_id, meter_ref, occurred_at)")
