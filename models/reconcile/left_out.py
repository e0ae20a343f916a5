from odoo import api, fields, models

from ...canonical.reasons import OPEN_STATES, State


class SaasReconciliation(models.Model):
    """Says what a comparison could not hold against the source: what events tell that
    wait, or that nobody has read yet.
    """

    _inherit = "saas.reconciliation"

    waiting_count = fields.Integer(
        string="Events That Wait",
        compute="_compute_waiting_count",
        compute_sudo=True,
        help="How many events of the source have not been processed. What they tell "
        "may be no difference, and is not in the books either.",
    )
    is_proved = fields.Boolean(
        compute="_compute_is_proved",
        help="Whether both sides agree, and nothing was left out.",
    )

    @api.depends("source_id")
    def _compute_waiting_count(self):
        states = [state.value for state in (*OPEN_STATES, State.RECEIVED)]
        groups = self.env["saas.subscription.event"]._read_group(
            [("source_id", "in", self.source_id.ids), ("state", "in", states)],
            ["source_id"],
            ["__count"],
        )
        counts = {source.id: count for source, count in groups}
        for run in self:
            run.waiting_count = counts.get(run.source_id.id, 0)

    @api.depends("state", "open_count", "waiting_count")
    def _compute_is_proved(self):
        for run in self:
            left_out = run.open_count or run.waiting_count
            run.is_proved = run.state == "done" and not left_out

    def _describe_left_out(self):
        """Return the next step for what a run that is done has left out; None where
        that is nothing.
        """
        if self.state != "done" or not self.waiting_count:
            return None
        return self.env._(
            "%(count)s events of the source wait, and what they tell is not in the "
            "books: open its exceptions.",
            count=self.waiting_count,
        )
