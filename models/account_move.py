from odoo import fields, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "saas.mirrored.mixin"]

    saas_state = fields.Selection(
        [
            ("open", "Open"),
            ("uncollectible", "Uncollectible"),
            ("paid", "Paid"),
            ("void", "Void"),
        ],
        string="State at Source",
        readonly=True,
        copy=False,
    )
    saas_failed_attempts = fields.Integer(
        string="Failed Collections", readonly=True, copy=False
    )
    saas_dispute_id = fields.Many2one(
        "saas.dispute",
        string="Dispute",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
