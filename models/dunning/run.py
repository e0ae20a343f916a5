from odoo import api, fields, models
from odoo.exceptions import UserError


class SaasDunningRun(models.Model):
    """The dunning of a company on a day: jobs look at all tenants that owe something,
    in chunks, and take the steps that are due. There is one for each day, so a clock
    that strikes twice begins nothing twice.
    """

    _name = "saas.dunning.run"
    _description = "SaaS dunning run"
    _inherit = ["saas.guarded.mixin", "saas.chunked.mixin"]
    _order = "day desc, id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    day = fields.Date(
        required=True,
        readonly=True,
        default=lambda self: self.env.company._get_dunning_day(),
    )
    last_tenant = fields.Integer(
        readonly=True, help="The last one that was looked at, by its number."
    )
    step_count = fields.Integer(
        string="Steps Taken", readonly=True, help="How many steps were due and taken."
    )

    _day_unique = models.UniqueIndex(
        "(company_id, day)", "The company's tenants were dunned today already."
    )

    @api.depends("day")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._("Dunning of %s", run.day)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Dunning runs can't be deleted: they say what was done when.")
        )

    def _get_log_source(self):
        """Return the source in whose log a run is noted: its company's first."""
        return self._get_log_of_company()

    # -- people ------------------------------------------------------------------------

    @api.model
    def action_run_today(self):
        """Do today's dunning now, or open it where it was done.

        :raises UserError: if the company has no policy.
        """
        self._check_may_act("reviewer")
        self.env["saas.environment"]._check_confirmed()
        company = self.env.company
        if not self._find_companies(company):
            raise UserError(
                self.env._(
                    "Nobody is dunned in this company: choose a dunning policy for it "
                    "or for a tenant first."
                )
            )
        run = self.sudo()._begin_today(company)
        return run._in_company(
            {
                "type": "ir.actions.act_window",
                "res_model": self._name,
                "view_mode": "form",
                "res_id": run.id,
            }
        )

    def action_cancel(self):
        """Stop a run before its next chunk. What was done stays."""
        self.ensure_one()
        self._check_may_act("reviewer")
        run = self.sudo()
        if not run._lock_running():
            raise UserError(
                self.env._("This dunning run has ended, so it can't be cancelled.")
            )
        run._end("cancelled")
        return True

    def action_resume(self):
        """Have a run go on whose job has failed, or that was cancelled."""
        self.ensure_one()
        self._check_may_act("reviewer")
        run = self.sudo()
        if run.state == "done":
            raise UserError(self.env._("All tenants were looked at already."))
        run.write({"state": "running", "ended_at": False, "last_error": False})
        run._enqueue_chunk()
        return True

    def action_view_steps(self):
        """Open the steps that were taken on this day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_dunning_step_action"
        )
        domain = [("company_id", "=", self.company_id.id), ("day", "=", self.day)]
        return self._in_company({**action, "domain": domain, "context": {}})
