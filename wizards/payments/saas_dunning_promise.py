from odoo import fields, models
from odoo.exceptions import UserError

from ...models.notification import notify
from ...models.roles import FINANCE


class SaasDunningPromise(models.TransientModel):
    """Notes by when a tenant has promised to pay. Until that day nothing is done."""

    _name = "saas.dunning.promise"
    _description = "Promise to Pay"
    _inherit = ["saas.guarded.mixin"]

    state_id = fields.Many2one(
        "saas.dunning.state", string="Debt", required=True, readonly=True
    )
    company_id = fields.Many2one(related="state_id.company_id")
    currency_id = fields.Many2one(related="state_id.currency_id")
    total = fields.Monetary(related="state_id.total")
    is_restricted = fields.Boolean(related="state_id.is_restricted")
    until = fields.Date(
        required=True,
        help="The tenant is to have paid on this day. On the next one it goes on.",
    )
    lifts = fields.Boolean(
        string="Lift the Restriction Until Then",
        help="The tenant may use what its subscriptions give it until that day.",
    )
    note = fields.Char(
        string="Who Promised What",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    def action_apply(self):
        """Note the promise, and close the dialog."""
        self.ensure_one()
        self._check_links()
        self.state_id._check_may_act(*FINANCE)
        if not self.note.strip():
            raise UserError(self.env._("Say why: the reason is kept for good."))
        self.state_id._set_promise(self.until, self.note, self.lifts)
        return notify(
            self.env._("Nothing is done until %s.", self.until), close=True, reload=True
        )
