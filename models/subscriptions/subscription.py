from odoo import api, fields, models
from odoo.orm.models import NO_ACCESS

from ...canonical.kinds import Kind

#: What a subscription can be: by its own changes, or as a platform tells it.
STATES = [
    ("none", "Not agreed"),
    ("pending", "Pending"),
    ("incomplete", "Incomplete"),
    ("incomplete_expired", "Expired"),
    ("trialing", "Trial"),
    ("active", "Active"),
    ("past_due", "Past due"),
    ("unpaid", "Unpaid"),
    ("paused", "Paused"),
    ("canceled", "Canceled"),
]


class SaasSubscription(models.Model):
    """What a tenant holds, and for which period.

    Where a platform issues the invoices, it is the mirror of the platform's snapshots.
    Where Odoo does, it is managed here: its changes are kept, and all that this model
    says of its state, its plan and its dates follows from them at this moment. Nobody
    writes that: people make changes, as systems do.
    """

    _name = "saas.subscription"
    _description = "SaaS subscription"
    _inherit = ["saas.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "period_end desc, id desc"
    _rec_name = "external_id"

    external_id = fields.Char(
        string="Reference", required=True, readonly=True, index=True
    )
    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="restrict", index=True
    )
    tenant_id = fields.Many2one(
        "saas.tenant", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    source_page = fields.Char(
        string="At the Source",
        compute="_compute_source_page",
        help="The page on which the billing system itself shows it.",
    )
    state = fields.Selection(STATES, required=True, readonly=True, tracking=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date_start = fields.Datetime(string="Started On", readonly=True)
    period_start = fields.Datetime(readonly=True)
    period_end = fields.Datetime(readonly=True)
    date_canceled = fields.Datetime(string="Canceled On", readonly=True)
    cancel_at_period_end = fields.Boolean(readonly=True)
    trial_end = fields.Datetime(string="Trial Ends", readonly=True)
    trial_announced = fields.Datetime(
        string="End of Trial Announced",
        readonly=True,
        help="The end of the trial that the source has announced.",
    )
    line_ids = fields.One2many(
        "saas.subscription.line", "subscription_id", readonly=True
    )

    # -- what is managed here ---------------------------------------------------------

    is_managed = fields.Boolean(
        string="Managed Here",
        readonly=True,
        help="Odoo keeps its changes, and issues its invoices.",
    )
    change_ids = fields.One2many(
        "saas.subscription.change", "subscription_id", string="Timeline", readonly=True
    )
    discount_ids = fields.One2many(
        "saas.discount", "subscription_id", string="Discounts", readonly=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        index="btree_not_null",
        tracking=True,
        help="Who looks after it, and sees to its renewal.",
    )
    billing_hold = fields.Boolean(
        string="Hold Invoices",
        tracking=True,
        help="No invoices are made for it until this is taken away. Then all that was "
        "due meanwhile is billed.",
    )
    plan_version_id = fields.Many2one(
        "saas.plan.version", string="Plan", readonly=True, ondelete="restrict"
    )
    plan_id = fields.Many2one(
        related="plan_version_id.plan_id", string="Plan in All Versions", store=True
    )
    contract_ref = fields.Char(
        string="Contract",
        readonly=True,
        index="btree_not_null",
        help="The contract that it fulfils, as the sender calls it.",
    )
    purchase_order = fields.Char(
        readonly=True, help="The customer's own number for it, as it was agreed."
    )
    anchor = fields.Datetime(
        readonly=True, help="What its periods are counted from, if somebody said so."
    )
    tz = fields.Char(
        string="Time Zone", readonly=True, help="The time zone whose days count."
    )
    date_end = fields.Datetime(
        string="Ends On",
        readonly=True,
        help="When it ends, or ended. It is empty while that is open.",
    )
    term_start = fields.Datetime(readonly=True)
    term_end = fields.Datetime(
        readonly=True, help="When the term ends that was agreed."
    )
    term_months = fields.Integer(string="Months of a Term", readonly=True)
    auto_renew = fields.Boolean(
        string="Renews Itself",
        readonly=True,
        help="At the end of a term the next one begins, if nobody ends it.",
    )
    notice_days = fields.Integer(
        string="Days of Notice",
        readonly=True,
        help="How many days before the end of a term it is ended at the latest.",
    )
    held = fields.Json(
        readonly=True,
        groups=NO_ACCESS,
        help="What is held now, as its changes tell it.",
    )
    moves_on_at = fields.Datetime(
        readonly=True,
        groups=NO_ACCESS,
        help="When time alone changes what is shown of it.",
    )
    next_billing_at = fields.Datetime(
        string="Billed Next",
        readonly=True,
        index="btree_not_null",
        help="When the billing run looks at it next.",
    )
    recompute_from = fields.Datetime(
        readonly=True,
        help="Since when it is other than it was billed. The billing run starts from "
        "there.",
    )

    # What time changes is found by this alone.
    _moves_on_index = models.Index("(moves_on_at) WHERE moves_on_at IS NOT NULL")

    def _compute_source_page(self):
        for record in self:
            record.source_page = record.source_id._get_page(
                Kind.SUBSCRIPTION, record.external_id
            )

    @api.depends("external_id", "plan_version_id", "is_managed")
    def _compute_display_name(self):
        for record in self:
            plan = record.plan_version_id.sudo().display_name
            name = record.external_id
            record.display_name = f"{name} ({plan})" if plan else name

    def action_view_saas_events(self):
        """Open the events that wrote or touched this record."""
        self.ensure_one()
        logs = self.env["saas.sync.log"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        events = self.env["saas.subscription.event"]
        return self._in_company(events._action_open(logs.event_id))
