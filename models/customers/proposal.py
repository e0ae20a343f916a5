from odoo import api, fields, models


class SaasTenantProposal(models.Model):
    """Asks a person whether a tenant and a contact are one customer, because something
    says so that proves nothing. Nothing waits for the answer.
    """

    _name = "saas.tenant.proposal"
    _description = "SaaS similar customers"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"
    _rec_name = "tenant_id"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    tenant_id = fields.Many2one(
        "saas.tenant",
        required=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    contact_id = fields.Many2one(related="tenant_id.partner_id", string="Its Contact")
    partner_id = fields.Many2one(
        "res.partner",
        string="Could Be",
        required=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
        index=True,
    )
    matched_on = fields.Selection(
        [
            ("cross_id", "An ID of another system"),
            ("vat", "The VAT number"),
            ("registration", "The registration number"),
            ("email", "The e-mail"),
            ("phone", "The phone number"),
            ("domain", "The e-mail's domain"),
            ("name", "The name"),
        ],
        string="Because Of",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("open", "To decide"),
            ("accepted", "One customer"),
            ("refused", "Different customers"),
        ],
        string="Answer",
        required=True,
        readonly=True,
        default="open",
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    note = fields.Char(string="Why", readonly=True)

    _pair_unique = models.UniqueIndex("(tenant_id, partner_id)")

    @api.depends("tenant_id.name", "partner_id.name")
    def _compute_display_name(self):
        for proposal in self:
            names = proposal.tenant_id.name, proposal.partner_id.name
            proposal.display_name = " = ".join(filter(None, names))

    def action_decide(self):
        """Ask whether these are one customer or two."""
        self._check_may_act("reviewer")
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("One Customer or Two?"),
                "res_model": "saas.proposal.decide",
                "view_mode": "form",
                "target": "new",
                "context": {"default_proposal_ids": self.ids},
            }
        )


class SaasTenant(models.Model):
    """Shows who else a tenant could be."""

    _inherit = "saas.tenant"

    proposal_ids = fields.One2many(
        "saas.tenant.proposal",
        "tenant_id",
        string="Could Be",
        domain=[("state", "=", "open")],
    )
