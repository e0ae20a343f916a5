from odoo import fields, models


class SaasSubscriptionLine(models.Model):
    """A line of a subscription: one price at the source, and its quantity."""

    _name = "saas.subscription.line"
    _description = "SaaS subscription line"
    _inherit = ["saas.guarded.mixin"]
    _order = "id"
    _rec_name = "external_id"

    subscription_id = fields.Many2one(
        "saas.subscription", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="subscription_id.company_id", store=True)
    external_id = fields.Char(string="Item", required=True)
    price_ref = fields.Char(string="Price")
    product_ref = fields.Char(string="Product")
    quantity = fields.Float(digits="Product Unit")
    stated_quantity = fields.Char(
        readonly=True, help="The quantity exactly as the source states it."
    )
    currency_id = fields.Many2one(related="subscription_id.currency_id")
    unit_amount = fields.Monetary()
