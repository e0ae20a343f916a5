from odoo import api, fields, models
from odoo.exceptions import UserError


class SaasBillingItem(models.Model):
    """A tenant in a billing run, and what became of it: billed, nothing to bill, or why
    not. One tenant that can't be billed keeps no other from it.
    """

    _name = "saas.billing.item"
    _description = "SaaS tenant of a billing run"
    _inherit = ["saas.guarded.mixin"]
    _order = "id"
    _rec_name = "tenant_id"

    run_id = fields.Many2one(
        "saas.billing.run", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    tenant_id = fields.Many2one(
        "saas.tenant", required=True, readonly=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Billed"),
            ("nothing", "Nothing to bill"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    reason = fields.Selection(
        lambda self: self.env["saas.subscription.event"]._fields["reason"].selection,
        readonly=True,
    )
    detail = fields.Text(
        string="What Is Wrong",
        readonly=True,
        help="Why this tenant could not be billed, and what to do about it.",
    )
    charge_ids = fields.One2many("saas.charge", "item_id", readonly=True)
    move_ids = fields.Many2many(
        "account.move", string="Documents", compute="_compute_move_ids"
    )

    _state_index = models.Index("(run_id, state, id)")

    @api.depends("charge_ids.move_id")
    def _compute_move_ids(self):
        for item in self:
            item.move_ids = item.charge_ids.move_id

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "What a billing run was about can't be deleted: it says what was "
                "billed."
            )
        )
