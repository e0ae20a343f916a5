from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...canonical.marks import RELINKING
from ...canonical.metrics.movement import Kind


class SaasMrrMovement(models.Model):
    """A movement of what recurs a month (MRR): what a tenant pays more or less from a
    moment on, for a plan, in one currency. The sum of all movements is what recurs now.

    Rows are only added, in the transaction in which a subscription's timeline changes.
    What turns out to be other than it was known gets another row with the difference.
    """

    _name = "saas.mrr.movement"
    _description = "SaaS MRR movement"
    _inherit = ["saas.guarded.mixin"]
    _order = "day desc, id desc"
    _log_access = False
    _rec_name = "kind"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    tenant_id = fields.Many2one(
        "saas.tenant", required=True, readonly=True, ondelete="restrict"
    )
    subscription_id = fields.Many2one(
        "saas.subscription",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    plan_version_id = fields.Many2one(
        "saas.plan.version",
        string="Plan",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="It is empty where another platform bills, since its plans are its own.",
    )
    plan_id = fields.Many2one(
        "saas.plan",
        string="Plan in All Versions",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    kind = fields.Selection(
        [
            (Kind.NEW.value, "New"),
            (Kind.EXPANSION.value, "Expansion"),
            (Kind.CONTRACTION.value, "Contraction"),
            (Kind.CHURN.value, "Churn"),
            (Kind.REACTIVATION.value, "Reactivation"),
            (Kind.TRANSFER.value, "Transfer"),
        ],
        required=True,
        readonly=True,
        help="What it is to the tenant as a whole. New: the first MRR of a tenant. "
        "Expansion: any rise, such as a second subscription. Contraction: any fall, "
        "also the end of one of several subscriptions. Churn: the last one ends. "
        "Reactivation: a tenant that had left is back. Transfer: from one plan or "
        "subscription of the tenant to another, which adds up to nothing.",
    )
    day = fields.Date(
        required=True,
        readonly=True,
        help="The day on which it counts. That is later than it took effect where it "
        "became known after the metrics of that day were closed.",
    )
    at = fields.Datetime(string="Took Effect", required=True, readonly=True)
    amount = fields.Monetary(
        string="MRR",
        required=True,
        readonly=True,
        help="What the tenant pays more a month from then on, or less. Without taxes, "
        "use and what is paid once; less discounts.",
    )
    amount_year = fields.Monetary(
        string="ARR",
        required=True,
        readonly=True,
        help="What the tenant pays more a year from then on, or less: twelve times the "
        "MRR.",
    )
    tenants = fields.Integer(
        required=True,
        readonly=True,
        default=0,
        help="How many tenants more pay, or less. A tenant is counted once: for the "
        "plan for which it paid most when it came, as long as it has that.",
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    amount_company = fields.Monetary(
        string="MRR in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
        help="At the rate of the day on which it counts. A rate that moves later moves "
        "nothing here.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    change_id = fields.Many2one(
        "saas.subscription.change",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The change that made it. It is empty where time alone did, such as at "
        "the end of a discount, or where another platform bills.",
    )
    event_id = fields.Many2one(
        "saas.subscription.event",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The event that told of it. It is empty where a person did it.",
    )
    corrects_id = fields.Many2one(
        "saas.mrr.movement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The movement that turned out to be other than it was known.",
    )
    booked_at = fields.Datetime(
        required=True, readonly=True, help="When this row was added."
    )

    _tenant_index = models.Index("(tenant_id, at)")
    _report_index = models.Index("(company_id, day)")

    @api.depends("kind", "tenant_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for movement in self:
            movement.display_name = self.env._(
                "%(kind)s: %(tenant)s",
                kind=kinds.get(movement.kind) or "",
                tenant=movement.tenant_id.display_name or "",
            )

    def write(self, vals):
        is_merged = vals.keys() == {"tenant_id"} and RELINKING.is_in(self.env)
        if self and not is_merged:
            raise AccessError(
                self.env._(
                    "A movement stays as it was added. What changes of a subscription "
                    "adds another one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Movements can't be deleted: what recurs now is their sum. Correct the "
                "subscription instead."
            )
        )

    def action_open_event(self):
        """Open the event that told of it.

        :raises UserError: if no event did.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.event_id:
            raise UserError(
                self.env._("No event told this: a person did it, or time alone.")
            )
        return self._in_company(
            self.env["saas.subscription.event"]._action_open(self.event_id)
        )
