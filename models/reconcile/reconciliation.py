from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.kinds import Kind
from ..roles import OPERATING

#: Kinds of objects that are compared; another addon's adapter may add to them.
KINDS = [
    (Kind.CUSTOMER.value, "Customers"),
    (Kind.SUBSCRIPTION.value, "Subscriptions"),
    (Kind.INVOICE.value, "Invoices"),
    (Kind.PAYMENT.value, "Payments"),
    (Kind.CREDIT_NOTE.value, "Credit Notes"),
    (Kind.REFUND.value, "Refunds"),
    (Kind.PAYOUT.value, "Payouts"),
]
RESULTS = [
    ("matched", "Matched"),
    ("different", "Different"),
    ("only_there", "Only at the source"),
    ("only_here", "Only here"),
]


class SaasReconciliation(models.Model):
    """A run that compares what a source has with what is here, for a period.

    Nobody writes runs: the wizard and the schedule start them, jobs bring them on.
    """

    _name = "saas.reconciliation"
    _description = "SaaS reconciliation"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    date_from = fields.Date(
        string="From",
        required=True,
        readonly=True,
        help="First day, in the source's time zone, on which an object was made there.",
    )
    date_to = fields.Date(
        string="To",
        required=True,
        readonly=True,
        help="Last day, in the source's time zone, on which an object was made there.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
        index=True,
    )
    scheduled = fields.Boolean(readonly=True, help="Whether the schedule started it.")
    user_id = fields.Many2one("res.users", string="Started By", readonly=True)
    started_at = fields.Datetime(readonly=True)
    ended_at = fields.Datetime(readonly=True)
    step = fields.Integer(
        readonly=True,
        help="How many jobs are done. A job that runs a second time does nothing.",
    )
    attempts = fields.Integer(
        readonly=True, help="How often the present step has failed."
    )
    problem = fields.Char(readonly=True)
    line_ids = fields.One2many(
        "saas.reconciliation.line", "reconciliation_id", readonly=True
    )
    difference_ids = fields.One2many(
        "saas.difference", "reconciliation_id", readonly=True
    )
    progress = fields.Float(
        compute="_compute_totals", help="How much is done, in percent."
    )
    compared = fields.Integer(compute="_compute_totals")
    matched = fields.Integer(compute="_compute_totals")
    different = fields.Integer(compute="_compute_totals")
    only_there = fields.Integer(string="Only at the Source", compute="_compute_totals")
    only_here = fields.Integer(compute="_compute_totals")
    open_count = fields.Integer(
        string="Open Differences", compute="_compute_open_count"
    )
    next_step = fields.Char(compute="_compute_next_step")

    _period_valid = models.Constraint(
        "CHECK (date_from <= date_to)",
        "The period ends before it begins. Correct its two days.",
    )

    @api.depends("source_id", "date_from", "date_to")
    def _compute_display_name(self):
        for run in self:
            run.display_name = (
                f"{run.source_id.name}, {run.date_from} – {run.date_to}"
                if run.source_id
                else ""
            )

    @api.depends(
        "line_ids.progress",
        "line_ids.compared",
        "line_ids.matched",
        "line_ids.different",
        "line_ids.only_there",
        "line_ids.only_here",
    )
    def _compute_totals(self):
        for run in self:
            lines = run.line_ids
            run.progress = sum(lines.mapped("progress")) / (len(lines) or 1)
            for name in ("compared", *(result for result, _label in RESULTS)):
                run[name] = sum(lines.mapped(name))

    @api.depends("difference_ids.state")
    def _compute_open_count(self):
        groups = self.env["saas.difference"]._read_group(
            [("reconciliation_id", "in", self.ids), ("state", "=", "open")],
            ["reconciliation_id"],
            ["__count"],
        )
        counts = {run.id: count for run, count in groups}
        for run in self:
            run.open_count = counts.get(run.id, 0)

    @api.depends("state", "open_count", "waiting_count", "problem", "attempts")
    def _compute_next_step(self):
        for run in self:
            if run.state == "failed":
                step = self.env._("Fix the problem shown above, then press Resume.")
            elif run.state == "running" and run.attempts:
                step = self.env._(
                    "There is nothing to do: the source is tried again by itself."
                )
            elif run.state == "done" and run.open_count:
                step = self.env._(
                    "Open the differences. Import again the objects that should be as "
                    "they are at the source. Accept the others with a note."
                )
            elif run.state == "done":
                # What was left out is a step of its own.
                step = not run.waiting_count and self.env._(
                    "There is nothing to do: no difference is open."
                )
            else:
                step = False
            steps = filter(None, (run._describe_left_out(), step))
            run.next_step = " ".join(steps) or False

    def _check_may_start(self):
        """Raise unless the user may have sources read."""
        self._check_may_act(*OPERATING)

    def action_resume(self):
        """Go on where the run stopped."""
        self._check_may_start()
        self.check_access("read")
        if any(run.state not in ("running", "failed") for run in self):
            raise UserError(
                self.env._(
                    "Only a reconciliation that runs or has failed can be resumed. "
                    "Start a new one instead."
                )
            )
        for run in self.sudo():
            run.write(
                {"state": "running", "problem": False, "attempts": 0, "ended_at": False}
            )
            run._enqueue_step()

    def action_view_differences(self):
        """Open the differences of this run, filtered to those that are open."""
        self.ensure_one()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Differences"),
                "res_model": "saas.difference",
                "view_mode": "list,kanban,form,pivot,graph",
                "domain": [("reconciliation_id", "=", self.id)],
                "context": {"search_default_open": 1, "search_default_group_kind": 1},
            }
        )

    def action_view_items(self):
        """Show what was compared, object by object."""
        self.ensure_one()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Compared"),
                "res_model": "saas.reconciliation.item",
                "view_mode": "pivot,graph,list",
                "domain": [("reconciliation_id", "=", self.id)],
            }
        )
