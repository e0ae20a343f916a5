from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.money import to_decimal
from ...canonical.payments.dunning import Act, Taken
from ..big_integer import BigInteger
from .policy_step import ACTS


class SaasDunningStep(models.Model):
    """A step that was taken about what a tenant owed on a day. Rows are only added.

    A step is taken once for an oldest invoice: the database itself refuses a second
    row, whoever tries at the same time. It counts as long as one of its invoices is
    open.
    """

    _name = "saas.dunning.step"
    _description = "SaaS dunning step"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"

    state_id = fields.Many2one(
        "saas.dunning.state", required=True, readonly=True, ondelete="restrict"
    )
    tenant_id = fields.Many2one(
        related="state_id.tenant_id", store=True, index=True, string="Tenant"
    )
    company_id = fields.Many2one(related="state_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="state_id.currency_id")
    partner_id = fields.Many2one(related="tenant_id.partner_id", string="Contact")
    policy_step_id = fields.Many2one(
        "saas.dunning.policy.step",
        string="Step",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    policy_id = fields.Many2one(
        "saas.dunning.policy", required=True, readonly=True, ondelete="restrict"
    )
    name = fields.Char(required=True, readonly=True)
    action = fields.Selection(
        ACTS, string="What Was Done", required=True, readonly=True
    )
    after_days = fields.Integer(
        required=True, readonly=True, help="For which age the policy had this step."
    )
    least = BigInteger(required=True, readonly=True)
    day = fields.Date(required=True, readonly=True)
    oldest_due = fields.Date(string="Due Since", required=True, readonly=True)
    amount = BigInteger(required=True, readonly=True)
    total = fields.Monetary(string="Overdue", compute="_compute_total")
    first_move_id = fields.Many2one(
        "account.move",
        string="Oldest Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    move_ids = fields.Many2many(
        "account.move",
        "saas_dunning_step_move_rel",
        "step_id",
        "move_id",
        string="Invoices",
        readonly=True,
    )
    message_id = fields.Many2one(
        "mail.message", string="Mail", readonly=True, ondelete="set null"
    )
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")
    detail = fields.Char(
        readonly=True, help="What was done instead, where it could not be done as said."
    )

    _once_unique = models.UniqueIndex("(state_id, policy_step_id, first_move_id)")

    @api.depends("amount", "state_id.exponent")
    def _compute_total(self):
        for step in self:
            step.total = float(to_decimal(step.amount, step.state_id.exponent))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Steps can't be deleted: they say what a tenant was told.")
        )

    def _make_taken(self):
        """Return this step as the rule takes it."""
        self.ensure_one()
        return Taken(
            step=self.policy_step_id.id,
            policy=self.policy_id.id,
            after=self.after_days,
            act=Act(self.action),
            day=self.day,
            refs=frozenset(self.move_ids.ids),
            least=self.least,
        )

    def _get_log_source(self):
        """Return the source in whose log a step is noted: the tenant's."""
        self.ensure_one()
        return self.tenant_id._get_log_source()
