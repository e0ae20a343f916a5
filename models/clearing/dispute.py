from odoo import fields, models

from ...canonical.kinds import Kind


class SaasDispute(models.Model):
    """A customer's bank asks a payment back: how it stands, and what it has moved."""

    _name = "saas.dispute"
    _description = "SaaS dispute"
    _inherit = ["saas.assignable.mixin"]
    _order = "opened_at desc, id desc"
    _rec_name = "external_id"
    _check_company_auto = True
    _page_kind = Kind.DISPUTE

    external_id = fields.Char(string="Reference", required=True, readonly=True)
    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    tenant_id = fields.Many2one("saas.tenant", readonly=True, index=True)
    payment_id = fields.Many2one("account.payment", readonly=True, check_company=True)
    state = fields.Selection(
        [
            ("warning_needs_response", "Inquiry: needs response"),
            ("warning_under_review", "Inquiry: under review"),
            ("warning_closed", "Inquiry: closed"),
            ("needs_response", "Needs response"),
            ("under_review", "Under review"),
            ("lost", "Lost"),
            ("appeal_needs_response", "Appeal: needs response"),
            ("appeal_under_review", "Appeal: under review"),
            ("prevented", "Prevented"),
            ("won", "Won"),
        ],
        required=True,
        readonly=True,
        tracking=True,
    )
    reason = fields.Char(readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    opened_at = fields.Datetime(readonly=True)
    due_at = fields.Datetime(
        string="Respond Until",
        readonly=True,
        help="After this moment the source accepts no evidence, and the dispute is "
        "lost.",
    )
    won_at = fields.Datetime(readonly=True)
    ends_service = fields.Boolean(
        readonly=True,
        help="What the disputed payment has paid is not served any more since the day "
        "of the loss, as the company said then: what was deferred of it is no loss.",
    )
    move_ids = fields.One2many("account.move", "saas_dispute_id", string="Entries")

    _ends_service_index = models.Index("(company_id) WHERE ends_service")
    _external_unique = models.UniqueIndex("(source_id, external_id)")
