from odoo import fields, models


class SaasExceptionEvent(models.Model):
    """Says that an event waits, or has waited, for what a case is about. Only the gate
    for states of events writes it.
    """

    _name = "saas.exception.event"
    _description = "SaaS event of a case"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"
    _log_access = False

    case_id = fields.Many2one(
        "saas.exception", required=True, readonly=True, ondelete="cascade"
    )
    event_id = fields.Many2one(
        "saas.subscription.event",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    is_open = fields.Boolean(
        readonly=True,
        help="The event waits for it still, or is processed again and not concluded.",
    )
    seen_at = fields.Datetime(readonly=True, help="When it last stopped the event.")

    _pair_unique = models.UniqueIndex("(case_id, event_id)")
    _open_index = models.Index("(event_id) WHERE is_open")
    _event_index = models.Index("(event_id)")
