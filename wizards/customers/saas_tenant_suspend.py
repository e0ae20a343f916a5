from odoo import fields, models
from odoo.exceptions import UserError

from ...models.notification import notify


class SaasTenantSuspend(models.TransientModel):
    """Lets a finance reviewer say that a tenant may use nothing for a while, or that it
    may again, and why.
    """

    _name = "saas.tenant.suspend"
    _description = "Suspend a Tenant"
    _inherit = ["saas.guarded.mixin"]

    tenant_id = fields.Many2one("saas.tenant", required=True, readonly=True)
    company_id = fields.Many2one(related="tenant_id.company_id")
    is_suspended = fields.Boolean(readonly=True)
    may_use = fields.Text(string="May Use Now", related="tenant_id.may_use")
    note = fields.Char(
        string="Why",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    def action_apply(self):
        """Suspend the tenant, or lift that, and close the dialog."""
        self.ensure_one()
        self.tenant_id._check_may_act("reviewer")
        if not self.note.strip():
            raise UserError(self.env._("Say why: the reason is kept for good."))
        self.tenant_id._set_suspended(self.is_suspended, self.note)
        message = (
            self.env._("The tenant may use nothing from now on.")
            if self.is_suspended
            else self.env._("The tenant may use what its subscriptions give it.")
        )
        return notify(message, close=True, reload=True)
