from odoo import SUPERUSER_ID, api, fields, models

from ...canonical.display.texts import fit
from ...canonical.kinds import Kind
from ...canonical.reasons import State
from ..source.reading_jobs import MAX_TRIES


class SaasPullRun(models.Model):
    """One long reading of a source: a recovery or a first import, and how far it is.

    It is read page by page, each by a job of its own, so a reading that stops goes on
    where it stopped. ``pipeline/reading/run.py`` does it.
    """

    _name = "saas.pull.run"
    _description = "SaaS reading"
    _inherit = ["saas.guarded.mixin"]
    _order = "id desc"
    _rec_name = "kind"

    source_id = fields.Many2one(
        "saas.source", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    kind = fields.Selection(
        [("recovery", "Recovery of missed events"), ("first_import", "First import")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="running",
    )
    since = fields.Datetime(
        readonly=True,
        help="The day from which objects are read. For a first import it is the "
        "cut-over.",
    )
    started_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    ended_at = fields.Datetime(readonly=True)
    step = fields.Integer(readonly=True, help="How many lists have been read.")
    cursor = fields.Char(
        readonly=True, help="The last object that was read from the present list."
    )
    progress = fields.Float(readonly=True, help="How much is done, in percent.")
    page_count = fields.Integer(string="Pages", readonly=True)
    read_count = fields.Integer(string="Read", readonly=True)
    new_count = fields.Integer(string="New", readonly=True)
    known_count = fields.Integer(string="Known Before", compute="_compute_known_count")
    open_count = fields.Integer(
        string="Still Waiting",
        compute="_compute_open_count",
        help="How many events of this source wait for a person or for another event.",
    )
    last_error = fields.Char(readonly=True)
    summary = fields.Text(
        compute="_compute_summary",
        help="How many objects of this source are known by now.",
    )

    #: Two readings of one kind would do the same work twice.
    _running_unique = models.UniqueIndex(
        "(source_id, kind) WHERE state = 'running'",
        "A reading of this kind is running already. Wait until it has ended.",
    )

    @api.depends("read_count", "new_count")
    def _compute_known_count(self):
        for run in self:
            run.known_count = run.read_count - run.new_count

    def _compute_open_count(self):
        groups = self.env["saas.subscription.event"]._read_group(
            [
                ("source_id", "in", self.source_id.ids),
                (
                    "state",
                    "in",
                    [
                        State.RECEIVED.value,
                        State.PARKED.value,
                        State.QUARANTINED.value,
                        State.DEAD.value,
                    ],
                ),
            ],
            ["source_id"],
            ["__count"],
        )
        counts = {source.id: count for source, count in groups}
        for run in self:
            run.open_count = counts.get(run.source_id.id, 0)

    def _compute_summary(self):
        kinds = {
            Kind.CUSTOMER: self.env._("Customers"),
            Kind.SUBSCRIPTION: self.env._("Subscriptions"),
            Kind.INVOICE: self.env._("Invoices"),
            Kind.CREDIT_OPENING: self.env._("Customer credit at the cut-over"),
        }
        groups = self.env["saas.binding"]._read_group(
            [("source_id", "in", self.source_id.ids), ("kind", "in", list(kinds))],
            ["source_id", "kind"],
            ["__count"],
        )
        counts = {(source.id, kind): count for source, kind, count in groups}
        for run in self:
            run.summary = "\n".join(
                f"{label}: {counts.get((run.source_id.id, kind), 0)}"
                for kind, label in kinds.items()
            )

    def _enqueue_page(self):
        """See to it that a job reads the next page of each of these runs."""
        for run in self:
            run.with_user(SUPERUSER_ID).with_delay(
                identity_key=f"saas_pull_run:{run.id}:{run.step}:{run.cursor}",
                description=self.env._("Read a page from %s", run.source_id.name),
                max_retries=MAX_TRIES,
            )._job_page()

    def _job_page(self):
        """Read and store one page, and leave the next to another job.

        :return: a sentence that says what came of it, shown on the job.
        :raises RetryableJobError: if the source can't answer now.
        :raises Quarantine: if it refuses. The run has failed then.
        """
        self.ensure_one()
        return self.env["saas.reading.run"]._read_next(self)

    def _on_page_failed(self, exc_message="", **failure):
        """Say that a reading has stopped, where a person looks for it."""
        self.write({"state": "failed", "last_error": fit(exc_message)})
        self.source_id._on_pull_failed(exc_message, **failure)

    def action_view_openings(self):
        """Open the opening items that the first import has brought in."""
        self.ensure_one()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Opening Items"),
                "res_model": "account.move",
                "view_mode": "list,form",
                "domain": [
                    ("saas_source_id", "=", self.source_id.id),
                    ("move_type", "=", "entry"),
                    ("journal_id", "=", self.source_id.opening_journal_id.id),
                ],
            }
        )

    def action_resume(self):
        """Go on where a reading has failed."""
        failed = self.filtered(lambda run: run.state == "failed")
        failed.check_access("read")
        failed.source_id._check_may_read()
        failed.sudo().write({"state": "running", "last_error": False})
        failed.sudo()._enqueue_page()
        return True

    def action_view_exceptions(self):
        """Open the events of this run's source that wait."""
        self.ensure_one()
        return self.source_id.action_view_exceptions()
