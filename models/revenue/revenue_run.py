from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..revenue_methods import POLICIES


class SaasRevenueRun(models.Model):
    """A recognition run: what all schedules of a company have earned by the end of a
    month, less what is booked of it, becomes one journal entry for each month that it
    is booked in. A run that is begun again finds nothing left to do.
    """

    _name = "saas.revenue.run"
    _description = "SaaS recognition run"
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
        help="What is earned by the end of this month is recognised.",
    )
    policy = fields.Selection(
        POLICIES,
        string="Months That Have Passed",
        required=True,
        default=lambda self: self.env.company.revenue_policy,
        help="Where to book what belongs to a month before: all in the month that is "
        "recognised, or each in its own month, as long as no lock date forbids it.",
    )
    is_scheduled = fields.Boolean(
        string="Begun by the Clock", readonly=True, help="Nobody pressed a button."
    )
    entry_ids = fields.One2many("saas.revenue.entry", "run_id", readonly=True)
    move_ids = fields.Many2many(
        "account.move", string="Journal Entries", compute="_compute_move_ids"
    )

    _running_unique = models.UniqueIndex(
        "(company_id) WHERE state = 'running'",
        "A recognition run of this company is at work. Wait until it has ended, or "
        "cancel it.",
    )

    @api.depends("entry_ids.move_id")
    def _compute_move_ids(self):
        groups = self.env["saas.revenue.entry"]._read_group(
            [("run_id", "in", self.ids)], ["run_id"], ["move_id:recordset"]
        )
        moves = dict(groups)
        for run in self:
            run.move_ids = moves.get(run._origin, self.env["account.move"])

    @api.depends("month", "company_id")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(
                "Revenue of %(company)s up to %(month)s",
                company=run.company_id.name or "",
                month=format_date(self.env, run.month, date_format="MMMM y"),
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(run.state != "draft" for run in self):
            raise UserError(
                self.env._(
                    "A recognition run that has begun can't be deleted: it says what "
                    "was recognised. Cancel it if it still runs."
                )
            )

    def _get_log_source(self):
        """Return the source in whose log a change of a run is noted."""
        return self._get_log_of_company()

    # -- what a person opens -----------------------------------------------------------

    def action_view_entries(self):
        """Open what this run has recognised, schedule by schedule."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_revenue_entry_action"
        )
        return self._in_company(
            {**action, "domain": [("run_id", "=", self.id)], "context": {}}
        )
