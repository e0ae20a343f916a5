from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...canonical.display.texts import fit
from ...canonical.review.areas import Area


class SaasObservationRun(models.Model):
    """A run that compares what a source tells of areas that are only observed with what
    people booked by hand; or that switches one of them on after that.

    Nobody writes runs: the wizards and the schedule start them, jobs of
    ``saas.observing`` bring them on, each a transaction of its own.
    """

    _name = "saas.observation.run"
    _description = "SaaS observation run"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    purpose = fields.Selection(
        [("observe", "Observe"), ("switch", "Switch on")],
        required=True,
        readonly=True,
        default="observe",
    )
    area = fields.Selection(
        [(area.value, area.value.capitalize()) for area in Area],
        readonly=True,
        help="The area that is switched on.",
    )
    day = fields.Date(
        string="From Day", readonly=True, help="From which day on the area is booked."
    )
    earlier = fields.Selection(
        [
            ("ignore", "Not to be booked"),
            ("book", "Book it as well"),
            ("opening", "As the cut-over says"),
        ],
        string="What Is Before That",
        readonly=True,
        help="What becomes of what only the source tells and is from before that day.",
    )
    note = fields.Char(string="Why", readonly=True)
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="running",
        index=True,
    )
    phase = fields.Selection(
        [
            ("take", "Taking up what was off"),
            ("observe", "Comparing"),
            ("left", "Looking for what nobody told"),
            ("settle", "Binding what is alike"),
            ("flip", "Switching on"),
            ("release", "Sending events on"),
        ],
        required=True,
        readonly=True,
        default="take",
    )
    scheduled = fields.Boolean(readonly=True, help="Whether the schedule started it.")
    user_id = fields.Many2one(
        "res.users",
        string="Started By",
        required=True,
        readonly=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    signed_by = fields.Char(
        readonly=True,
        help="Whose signatures a switch has, if it had to be signed: their logins.",
    )
    started_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    ended_at = fields.Datetime(readonly=True)
    plan = fields.Json(
        readonly=True, help="The events that are still to be compared, in chunks."
    )
    step = fields.Integer(
        readonly=True,
        default=0,
        help="How many jobs are done. A job that runs a second time does nothing.",
    )
    total_count = fields.Integer(string="Events", readonly=True)
    done_count = fields.Integer(string="Compared", readonly=True)
    last_error = fields.Char(string="Problem", readonly=True)
    progress = fields.Float(
        compute="_compute_progress", help="How much is compared, in percent."
    )
    outcome = fields.Text(compute="_compute_outcome")

    @api.depends("purpose", "source_id", "area")
    def _compute_display_name(self):
        labels = dict(self._fields["purpose"]._description_selection(self.env))
        for run in self:
            area = run.area and run.source_id._get_area_label(run.area)
            parts = (labels.get(run.purpose), area, run.source_id.name)
            run.display_name = ", ".join(filter(None, parts))

    @api.depends("total_count", "done_count", "state")
    def _compute_progress(self):
        for run in self:
            total = run.total_count
            done = 100 if run.state == "done" else 0
            run.progress = 100 * run.done_count / total if total else done

    def _compute_outcome(self):
        for run in self:
            run.outcome = run.source_id._describe_observed() if run.source_id else False

    def _lock_running(self, step):
        """Return whether this run is at a step, and keep it so until the transaction
        ends.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """SELECT state, coalesce(step, 0) FROM saas_observation_run
                    WHERE id = %s FOR NO KEY UPDATE""",
                self.id,
            ),
            log_exceptions=False,
        )
        return self.env.cr.fetchone() == ("running", step)

    def _fail(self, detail):
        """Let a run stand still, and say why where people look for it."""
        self.write(
            {
                "state": "failed",
                "last_error": fit(detail),
                "ended_at": fields.Datetime.now(),
            }
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_observing(self):
        """Keep the runs that switched something on: they say who did, and what was left
        open then.
        """
        if any(run.purpose == "switch" for run in self):
            raise UserError(
                self.env._(
                    "What switched an area on can't be deleted: it says who did it, "
                    "and why."
                )
            )

    def action_view_observations(self):
        """Open what was observed of this run's source."""
        self.ensure_one()
        return self._in_company(self.source_id.action_view_observations())
