from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    saas_external_id = fields.Char(
        string="Line at Source", readonly=True, copy=False, index="btree_not_null"
    )

    def _compute_analytic_distribution(self):
        """Don't look for an analytic rule line by line where there is none at all:
        that is two queries for each document of a batch.
        """
        rules = self.env["account.analytic.distribution.model"]
        if not self.env.context.get("saas_pipeline") or rules.search_count([], limit=1):
            return super()._compute_analytic_distribution()
        for line in self:
            # What another addon says without rules, such as of a sales order.
            if related := line._related_analytic_distribution():
                line.analytic_distribution = related
        return None
