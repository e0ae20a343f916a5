from odoo import fields, models


class AccountMoveLine(models.Model):
    """Says beside a deferred line over which months its revenue is earned."""

    _inherit = "account.move.line"

    saas_revenue_summary = fields.Char(
        string="Earned",
        compute="_compute_saas_revenue_summary",
        compute_sudo=True,
        help="Over which months the revenue of a deferred line is earned. Empty: it is "
        "earned on the day of the document.",
    )

    def _compute_saas_revenue_summary(self):
        schedules = self.env["saas.revenue.schedule"].search(
            [("move_line_id", "in", self.ids)]
        )
        by_line = {one.move_line_id.id: one.summary for one in schedules}
        for line in self:
            line.saas_revenue_summary = by_line.get(line._origin.id)
