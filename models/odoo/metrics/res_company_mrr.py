from odoo import fields, models

from ....canonical.metrics.level import Counting

#: What says how MRR is counted: another answer counts everything anew.
_RULES = frozenset(
    (
        *("keeps_mrr", "mrr_counts_paused"),
        *("mrr_ends_when_told", "mrr_ends_with_period"),
    )
)


class ResCompany(models.Model):
    """Says of a company how its monthly recurring revenue (MRR) is counted."""

    _inherit = "res.company"

    keeps_mrr = fields.Boolean(
        string="SaaS Metrics: Keep MRR",
        default=True,
        help="Keep each movement of monthly recurring revenue (MRR). What is known of "
        "the time before this was switched on is counted then.",
    )
    mrr_counts_paused = fields.Boolean(
        string="SaaS Metrics: Count What Is Paused",
        help="A paused subscription counts as if it ran. Without this, a pause is a "
        "contraction or churn, and its end an expansion or a reactivation.",
    )
    mrr_ends_when_told = fields.Boolean(
        string="SaaS Metrics: Churn When It Is Canceled",
        help="A subscription counts until somebody says that it will end. Without "
        "this, it counts until it ends, which is the end of the period that was paid, "
        "or the day on which it is canceled at once.",
    )
    mrr_ends_with_period = fields.Boolean(
        string="SaaS Metrics: Churn When the Paid Period Ends",
        help="A subscription that is canceled at once counts until the end of the "
        "period that was paid. Without this, it counts until the day on which it is "
        "canceled. An example: what is paid for July and canceled on the 10th churns "
        "on the 1st of August, or else on the 10th of July.",
    )
    mrr_closed_until = fields.Date(
        string="SaaS Metrics: Closed Until",
        help="Metrics up to this day were reported. What becomes known later of this "
        "time is counted on the day after it.",
    )

    def _get_counting(self):
        """Return how MRR is counted, a
        :class:`~....canonical.metrics.level.Counting`.
        """
        self.ensure_one()
        return Counting(
            self.mrr_counts_paused, self.mrr_ends_when_told, self.mrr_ends_with_period
        )

    def _get_mrr_zone(self):
        """Return the name of the time zone whose days and months metrics have."""
        self.ensure_one()
        return self.partner_id.tz or "UTC"

    def write(self, vals):
        result = super().write(vals)
        if _RULES & vals.keys():
            self.env["saas.mrr.count"].sudo()._begin_for(self)
        return result
