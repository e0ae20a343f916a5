from odoo import fields, models
from odoo.exceptions import UserError

from ...models.notification import notify


class SaasDunningDispute(models.TransientModel):
    """Notes why a customer does not accept an invoice. Nobody asks for it then."""

    _name = "saas.dunning.dispute"
    _description = "Disputed by the Customer"
    _inherit = ["saas.guarded.mixin"]

    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, readonly=True
    )
    company_id = fields.Many2one(related="move_id.company_id")
    note = fields.Char(
        string="Why",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    def action_apply(self):
        """Leave the invoice out of dunning, and close the dialog."""
        self.ensure_one()
        self._check_links()
        self.move_id._check_may_dispute()
        if not self.note.strip():
            raise UserError(self.env._("Say why: the reason is kept for good."))
        self.move_id._set_saas_disputed(self.note)
        return notify(
            self.env._("Nobody is asked to pay this invoice until it is settled."),
            close=True,
            reload=True,
        )
