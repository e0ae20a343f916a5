from odoo import fields, models
from odoo.exceptions import UserError


class SaasProposalDecide(models.TransientModel):
    """Lets a person say whether two that look alike are one customer or two."""

    _name = "saas.proposal.decide"
    _description = "One customer or two"
    _inherit = ["saas.guarded.mixin"]
    _check_company_auto = True

    proposal_ids = fields.Many2many("saas.tenant.proposal", required=True)
    company_id = fields.Many2one(related="proposal_ids.company_id")
    choice = fields.Selection(
        [
            ("same", "They are one customer"),
            ("different", "They are different customers"),
        ],
        string="Answer",
        required=True,
        default="same",
    )
    note = fields.Char(
        string="Why",
        help="Kept in the sync log for good, so name no persons.",
    )

    def action_apply(self):
        """Keep the answer, and let what waited for it go on.

        :raises UserError: if all of it is answered already.
        """
        self.ensure_one()
        self._check_links()
        self.proposal_ids._check_may_act("reviewer")
        proposals = self.proposal_ids.sudo()
        handler = self.env["saas.customers.proposals"].sudo()
        if not handler._decide(proposals, self.choice == "same", self.note or ""):
            raise UserError(
                self.env._(
                    "Somebody has answered this meanwhile. Close the dialog and load "
                    "the list again."
                )
            )
        for source in proposals.source_id:
            source._enqueue_drain()
        return {"type": "ir.actions.act_window_close"}
