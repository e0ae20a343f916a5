from odoo import api, fields, models

from .reconciliation import KINDS


class SaasReconciliationLine(models.Model):
    """One kind of objects in a run, with how many of them have been compared."""

    _name = "saas.reconciliation.line"
    _description = "SaaS reconciliation by kind"
    _inherit = ["saas.guarded.mixin"]
    _order = "reconciliation_id, sequence, id"
    _rec_name = "kind"

    reconciliation_id = fields.Many2one(
        "saas.reconciliation",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="reconciliation_id.company_id", store=True)
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("reading", "Reading the source"),
            ("asking", "Looking for what is only here"),
            ("closing", "Looking at earlier differences"),
            ("done", "Done"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    cursor = fields.Char(readonly=True)
    progress = fields.Float(readonly=True, help="How much is done, in percent.")
    pages = fields.Integer(readonly=True)
    compared = fields.Integer(compute="_compute_compared")
    matched = fields.Integer(readonly=True)
    different = fields.Integer(readonly=True)
    only_there = fields.Integer(string="Only at the Source", readonly=True)
    only_here = fields.Integer(readonly=True)

    _kind_unique = models.UniqueIndex("(reconciliation_id, kind)")

    @api.depends("matched", "different", "only_there", "only_here")
    def _compute_compared(self):
        for line in self:
            line.compared = (
                line.matched + line.different + line.only_there + line.only_here
            )

    def action_view_differences(self):
        """Open the differences of this kind that the run saw."""
        self.ensure_one()
        action = self.reconciliation_id.action_view_differences()
        return {**action, "domain": [*action["domain"], ("kind", "=", self.kind)]}
