from odoo import fields, models
from odoo.exceptions import UserError

from ...canonical.actions import Action
from ...models.notification import notify
from ...models.roles import FINANCE


class SaasRiskClear(models.TransientModel):
    """Lets finance say that a payment or a customer is no risk, and why."""

    _name = "saas.risk.clear"
    _description = "Clear a Risk"
    _inherit = ["saas.guarded.mixin"]

    risk_id = fields.Many2one("saas.risk", required=True, readonly=True)
    company_id = fields.Many2one(related="risk_id.company_id")
    tenant_id = fields.Many2one(related="risk_id.tenant_id")
    note = fields.Char(
        string="Why",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    def action_apply(self):
        """Clear the risk, tell those who are to know, and close the dialog.

        :raises UserError: if it is cleared already, or no reason is given.
        """
        self.ensure_one()
        self._check_links()
        self.risk_id._check_may_act(*FINANCE)
        risk = self.risk_id.sudo()
        if not self.note.strip():
            raise UserError(self.env._("Say why: the reason is kept for good."))
        if risk.state != "open":
            raise UserError(self.env._("The risk is cleared already."))
        risk._clear_by_person()
        log = self.env["saas.sync.log"].sudo()
        log._append(risk._prepare_log_rows(Action.RISK_CLEARED, self.note))
        self.env["saas.outbox"].sudo()._tell_done(
            Action.RISK_CLEARED,
            risk.source_id,
            risk,
            risk.tenant_id,
            f"person:{risk.closed_at}",
        )
        message = self.env._("The risk is cleared. What was held back goes on.")
        if risk.tenant_id._filter_collection_stopped():
            message = self.env._(
                "The risk is cleared. Another one of the tenant is still open."
            )
        return notify(message, close=True, reload=True)
