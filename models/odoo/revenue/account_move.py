from odoo import fields, models

from ....canonical.marks import PIPELINE
from ...revenue_methods import CREDITINGS


class AccountMove(models.Model):
    """Shows what is recognised when of a document, and what an entry recognises."""

    _inherit = "account.move"

    saas_schedule_ids = fields.One2many(
        "saas.revenue.schedule",
        "move_id",
        string="Revenue Schedules",
        readonly=True,
        groups="saas_billing_sync.group_saas_user",
    )
    has_saas_revenue = fields.Boolean(
        compute="_compute_has_saas_revenue", compute_sudo=True
    )

    deferred_crediting = fields.Selection(
        CREDITINGS,
        string="Credits Deferred Revenue Of",
        copy=False,
        help="When a credit note counts that gives back from a deferred line. Empty: "
        "as the company says.",
    )

    def _compute_has_saas_revenue(self):
        found = set()
        for model in ("schedule", "entry"):
            groups = self.env[f"saas.revenue.{model}"]._read_group(
                [("move_id", "in", self.ids)], ["move_id"]
            )
            found |= {move.id for (move,) in groups}
        for move in self:
            move.has_saas_revenue = move.id in found

    def _post(self, soft=True):
        """Have credit notes that people make of deferred lines counted in the months
        that these are for.
        """
        posted = super()._post(soft)
        if not PIPELINE.is_in(self.env):
            by_hand = posted.filtered("reversed_entry_id")
            self.env["saas.ledger.revenue.by_hand"]._follow(by_hand)
        return posted

    def action_view_saas_revenue(self):
        """Open the revenue schedules of a document, or what an entry recognises."""
        self.ensure_one()
        actions = self.env["ir.actions.act_window"]
        schedules = self.env["saas.revenue.schedule"]
        is_deferred = schedules.search_count([("move_id", "=", self.id)], limit=1)
        model = "schedule" if is_deferred else "entry"
        action = actions._for_xml_id(f"saas_billing_sync.saas_revenue_{model}_action")
        return {**action, "domain": [("move_id", "=", self.id)], "context": {}}
