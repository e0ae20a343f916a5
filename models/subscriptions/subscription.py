from odoo import fields, models

from ...canonical.kinds import Kind


class SaasSubscription(models.Model):
    """The mirror of a subscription: what was sold, and for which period."""

    _name = "saas.subscription"
    _description = "SaaS subscription"
    _inherit = ["saas.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "period_end desc, id desc"
    _rec_name = "external_id"

    external_id = fields.Char(string="Reference", required=True, index=True)
    source_id = fields.Many2one(
        "saas.source", required=True, ondelete="restrict", index=True
    )
    tenant_id = fields.Many2one(
        "saas.tenant", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    source_page = fields.Char(
        string="At the Source",
        compute="_compute_source_page",
        help="The page on which the billing system itself shows it.",
    )
    state = fields.Selection(
        [
            ("incomplete", "Incomplete"),
            ("incomplete_expired", "Expired"),
            ("trialing", "Trial"),
            ("active", "Active"),
            ("past_due", "Past due"),
            ("unpaid", "Unpaid"),
            ("paused", "Paused"),
            ("canceled", "Canceled"),
        ],
        required=True,
        tracking=True,
    )
    currency_id = fields.Many2one("res.currency")
    date_start = fields.Datetime(string="Started On")
    period_start = fields.Datetime()
    period_end = fields.Datetime()
    date_canceled = fields.Datetime(string="Canceled On")
    cancel_at_period_end = fields.Boolean()
    trial_end = fields.Datetime(string="Trial Ends")
    trial_announced = fields.Datetime(
        string="End of Trial Announced",
        help="The end of the trial that the source has announced.",
    )
    line_ids = fields.One2many("saas.subscription.line", "subscription_id")

    def _compute_source_page(self):
        for record in self:
            record.source_page = record.source_id._get_page(
                Kind.SUBSCRIPTION, record.external_id
            )
