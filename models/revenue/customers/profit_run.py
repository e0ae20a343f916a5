from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class SaasProfitRun(models.Model):
    """A cost run: what tenants should have of each cost up to a month, less what they
    have, becomes analytic lines. A run that is begun again finds nothing left to do.
    """

    _name = "saas.profit.run"
    _description = "SaaS cost run"
    _inherit = ["saas.guarded.mixin", "saas.single.mixin"]
    _check_company_auto = True
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    month = fields.Date(
        string="Up to the Month Of",
        required=True,
        default=lambda self: fields.Date.context_today(self) - relativedelta(months=1),
        help="Costs of this month and the ones before are spread, less what was spread "
        "of them.",
    )
    line_ids = fields.One2many("account.analytic.line", "saas_run_id", readonly=True)

    _running_unique = models.UniqueIndex(
        "(company_id) WHERE state = 'running'",
        "A cost run of this company is at work. Wait until it has ended, or cancel it.",
    )

    @api.depends("month", "company_id")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(
                "Costs of %(company)s up to %(month)s",
                company=run.company_id.name or "",
                month=format_date(self.env, run.month, date_format="MMMM y"),
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(run.state != "draft" for run in self):
            raise UserError(
                self.env._(
                    "A cost run that has begun can't be deleted: it says what was "
                    "spread. Cancel it if it still runs."
                )
            )

    def _get_log_source(self):
        """Return the source in whose log a change of a run is noted."""
        return self._get_log_of_company()

    # -- what a person opens -----------------------------------------------------------

    def action_view_lines(self):
        """Open the analytic lines of this run."""
        self.ensure_one()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Spread Costs"),
                "res_model": "account.analytic.line",
                "view_mode": "list,kanban,form,graph,pivot",
                "domain": [("saas_run_id", "=", self.id)],
                "context": {"create": False},
            }
        )
