import json

from odoo import api, fields, models


class SaasOutboundMessage(models.Model):
    """One thing that a target is told. It is written in the transaction that books, so
    what is told is booked, and what is booked is told.

    ``sequence`` has no gaps for each target: who misses a number has missed a message.
    """

    _name = "saas.outbound.message"
    _description = "SaaS outbound message"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"
    _rec_name = "key"

    target_id = fields.Many2one(
        "saas.outbound.target", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="target_id.company_id", store=True, index=True)
    tenant_id = fields.Many2one(
        "saas.tenant", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    source_id = fields.Many2one(
        "saas.source",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="The source whose event caused it.",
    )
    type = fields.Char(required=True, readonly=True)
    key = fields.Char(
        required=True,
        readonly=True,
        help="What is told once: the same news has the same key.",
    )
    sequence = fields.Integer(required=True, readonly=True)
    payload = fields.Json(required=True, readonly=True)
    content = fields.Text(compute="_compute_content")
    state = fields.Selection(
        [("waiting", "Waiting"), ("sent", "Sent"), ("dead", "Given up")],
        required=True,
        readonly=True,
        default="waiting",
    )
    attempts = fields.Integer(readonly=True)
    next_try = fields.Datetime(readonly=True)

    _key_unique = models.UniqueIndex("(target_id, key)")
    _sequence_unique = models.UniqueIndex("(target_id, sequence)")
    _due_index = models.Index("(target_id, sequence) WHERE state = 'waiting'")

    @api.depends("payload")
    def _compute_content(self):
        for message in self:
            message.content = json.dumps(
                message.payload, indent=2, ensure_ascii=False, sort_keys=True
            )
