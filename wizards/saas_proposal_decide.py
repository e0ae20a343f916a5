from odoo import fields, models
from odoo.exceptions import UserError

from ..canonical.review.duties import Decision


class SaasProposalDecide(models.TransientModel):
    """Lets a person say whether two that look alike are one customer or two."""

    _name = "saas.proposal.decide"
    _description = "One customer or two"
    _inherit = ["saas.decision.mixin", "saas.guarded.mixin"]
    _decision = Decision.CHOOSE_CUSTOMER
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

    def _check_decision(self):
        """Raise unless the user may decide, or if all of it is answered already."""
        self.proposal_ids._check_may_act("reviewer")
        if not any(proposal.state == "open" for proposal in self.proposal_ids):
            raise UserError(
                self.env._(
                    "Somebody has answered this meanwhile. Close the dialog and load "
                    "the list again."
                )
            )

    def _get_subject(self):
        return self.proposal_ids

    def _get_amount(self):
        """Nothing is at stake: what is booked stays on the contact that it is on."""
        return 0

    def _read_subject(self):
        """Return which tenants and contacts the answers are about, as they are now."""
        tenants = self.env["saas.tenant"].sudo()
        rows = []
        for proposal in self.proposal_ids.sudo().sorted("id"):
            company, partner = proposal.company_id, proposal.partner_id
            tenant = proposal.tenant_id._get_current()
            others = tenants._find_of_partners(company, partner)
            known = sorted(other.id for other in others.values())
            found = [tenant.id, tenant.partner_id.id, partner.id, known]
            rows.append([proposal.id, proposal.state, proposal.matched_on, *found])
        return rows

    def _get_shown_events(self):
        """Nothing waits for the answer, so nothing is processed because of it."""
        return self.env["saas.subscription.event"]

    def _name_subject(self):
        """Name them by their ids: the names are personal, and this goes to the log."""
        return [
            f"{proposal.tenant_id.ref or proposal.tenant_id.id} / "
            f"{proposal.partner_id.ref or proposal.partner_id.id}"
            for proposal in self.proposal_ids.sudo()
        ]

    def _decide(self):
        """Keep the answer, and let what waited for it go on."""
        proposals = self.proposal_ids.sudo()
        handler = self.env["saas.customers.proposals"].sudo()
        handler._decide(proposals, self.choice == "same", self.note or "")
        for source in proposals.source_id:
            source._enqueue_drain()
        return {"type": "ir.actions.act_window_close"}
