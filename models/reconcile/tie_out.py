from odoo import fields, models

from ...canonical.review.tie_out import PAIRS


class SaasTieOut(models.Model):
    """One document of a tenant with the four amounts that have to be equal: what the
    subscription says, what the source's document states, what the books have, and what
    the payments brought. Where two differ, a difference has an owner.

    Jobs write the rows anew each night; nobody else does. Amounts are in the document's
    currency, with taxes, below zero for a credit note.
    """

    _name = "saas.tie.out"
    _description = "SaaS tie-out"
    _inherit = ["saas.guarded.mixin"]
    _order = "date desc, id desc"
    _rec_name = "move_id"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    tenant_id = fields.Many2one(
        "saas.tenant", required=True, readonly=True, index=True, ondelete="cascade"
    )
    move_id = fields.Many2one(
        "account.move",
        string="Document",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    date = fields.Date(readonly=True, help="The document's day.")
    period_start = fields.Date(
        string="From", readonly=True, help="The first day that its lines are for."
    )
    period_end = fields.Date(
        string="Until", readonly=True, help="The last day that its lines are for."
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    is_agreed_known = fields.Boolean(
        string="Subscription Tells",
        readonly=True,
        help="Whether the subscription says what this document has to cost: it has "
        "charges, or bills what the subscription holds for one period.",
    )
    is_stated_known = fields.Boolean(
        string="Source Tells",
        readonly=True,
        help="Whether an event that is kept tells of the document.",
    )
    is_received_known = fields.Boolean(
        string="Gateway Tells",
        readonly=True,
        help="Whether the movements of all its payments were read.",
    )
    agreed = fields.Monetary(
        string="Subscription",
        readonly=True,
        help="What the subscription's charges or prices come to, with the taxes that "
        "the document states.",
    )
    stated = fields.Monetary(
        string="At the Source",
        readonly=True,
        help="What the source's document states. What Odoo issues is its own source.",
    )
    booked = fields.Monetary(string="In the Books", readonly=True)
    paid = fields.Monetary(
        readonly=True, help="What payments and refunds have settled of it in the books."
    )
    received = fields.Monetary(
        readonly=True,
        help="What these payments came to at the gateway, before fees.",
    )
    fee = fields.Monetary(
        string="Fees", readonly=True, help="What the gateway has kept of it."
    )
    net = fields.Monetary(
        string="After Fees", readonly=True, help="What was received, less the fees."
    )
    payouts = fields.Char(
        readonly=True, help="The payouts that brought it to the bank."
    )
    state = fields.Selection(
        [("differs", "Differs"), ("waits", "Waits"), ("equal", "Equal")],
        required=True,
        readonly=True,
        index=True,
        help="It waits while something of it is still to be paid, or the movement of a "
        "payment was not read yet.",
    )
    compared_at = fields.Datetime(readonly=True)

    _move_unique = models.UniqueIndex("(move_id)")

    def action_view_differences(self):
        """Open what differs of these documents, with its owner."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_difference_action"
        )
        domain = [
            ("res_model", "=", "account.move"),
            ("res_id", "in", self.move_id.ids),
            ("field", "in", PAIRS),
        ]
        return self._in_company({**action, "domain": domain, "context": {}})

    def action_open_document(self):
        """Open the document in the books."""
        self.ensure_one()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "res_model": "account.move",
                "res_id": self.move_id.id,
                "view_mode": "form",
            }
        )
