from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...canonical.actions import Action
from ...canonical.display.texts import fit
from ..roles import FINANCE

#: How many tenants are counted in one transaction.
_CHUNK = 200


class SaasMrrCount(models.Model):
    """That all tenants of a company are counted: what recurs of what is known from
    before metrics were kept, or by another answer of how it is counted. Jobs do it in
    chunks; what is right already gets no movement, so it may be begun at any time.
    """

    _name = "saas.mrr.count"
    _description = "SaaS count of MRR"
    _inherit = ["saas.guarded.mixin", "saas.chunked.mixin"]
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    last_tenant = fields.Integer(
        readonly=True, help="The last one that was counted, by its number."
    )
    movement_count = fields.Integer(
        string="Movements Added",
        readonly=True,
        help="How many were missing. There are none where all was right.",
    )

    # Two at work at once would do everything twice.
    _running_unique = models.UniqueIndex("(company_id) WHERE state = 'running'")

    @api.depends("company_id")
    def _compute_display_name(self):
        for count in self:
            count.display_name = self.env._("Count of MRR, number %s", count.id or "")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Counts can't be deleted: they say when MRR was counted anew.")
        )

    # -- beginning ---------------------------------------------------------------------

    def action_start(self):
        """Begin to count.

        :raises UserError: if the company keeps no MRR, or is counted just now.
        """
        self.ensure_one()
        self._check_may_act(*FINANCE)
        if self.state != "draft":
            raise UserError(self.env._("This count has begun already."))
        if not self.company_id.keeps_mrr:
            raise UserError(
                self.env._(
                    "This company keeps no MRR. An administrator can switch it on in "
                    "the company's settings."
                )
            )
        if self.sudo()._find_others_running():
            raise UserError(
                self.env._("The company is counted just now. Wait until it has ended.")
            )
        self.sudo()._begin()
        self._log_state("running")
        return True

    @api.model
    def _begin_for(self, companies):
        """Count companies that keep MRR, from the beginning: a count that is at work
        begins anew.
        """
        companies = companies.filtered("keeps_mrr")
        running = self._find_running(companies)
        for count in running:
            count._begin()
        for company in companies - running.company_id:
            self.create({"company_id": company.id})._begin()

    @api.model
    def _begin_first(self, companies):
        """Count companies that were never counted as a whole, unless that is at work.
        Where a person has cancelled it, or its job has failed, it stays so.
        """
        known = self.search([("company_id", "in", companies.ids)]).company_id
        self._begin_for(companies - known)

    def _find_running(self, companies):
        return self.sudo().search(
            [("company_id", "in", companies.ids), ("state", "=", "running")]
        )

    def _begin(self):
        held = [("company_id", "=", self.company_id.id)]
        groups = self.env["saas.subscription"]._read_group(held, ["tenant_id"])
        self.write(
            {
                "state": "running",
                "started_at": fields.Datetime.now(),
                "step": self.step + 1,
                "total_count": len(groups),
                "done_count": 0,
                "last_tenant": 0,
                "last_error": False,
            }
        )
        self._enqueue_chunk()

    # -- jobs --------------------------------------------------------------------------

    def _enqueue_chunk(self):
        """See to it that a job counts the next tenants. If an equal job waits, that one
        is enough.
        """
        self.with_user(SUPERUSER_ID).with_delay(
            identity_key=f"saas_mrr_count:{self.id}:{self.step}",
            description=self.env._("Count MRR: %s", self.company_id.display_name),
            # A lost race is nobody's fault: it is tried until it is won.
            max_retries=0,
        )._job_chunk(self.step)

    def _job_chunk(self, step):
        """Count the next tenants, and leave those that follow to another job.

        :param step: the number of the chunk; a job that comes late or twice does
            nothing.
        :return: a sentence that says how far it is, shown on the job.
        """
        self.env["saas.environment"]._hold_job()
        self.ensure_one()
        if not self._lock_running() or self.step != step:
            return self.env._("There is nothing to do any more.")
        tenants = self._find_next_tenants()
        added = self.env["saas.mrr.movement"]._refresh(tenants)
        self.write(
            {
                "step": self.step + 1,
                "done_count": self.done_count + len(tenants),
                "last_tenant": max(tenants.ids, default=self.last_tenant),
                "movement_count": self.movement_count + added,
                "last_error": False,
            }
        )
        if len(tenants) < _CHUNK:
            self._end("done")
        else:
            self._enqueue_chunk()
        self._tell_progress()
        return self.env._(
            "%(done)s of %(total)s tenants.",
            done=self.done_count,
            total=self.total_count,
        )

    def _find_next_tenants(self):
        subscriptions = self.env["saas.subscription"]
        subscriptions.flush_model(["company_id", "tenant_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT tenant_id FROM saas_subscription
                    WHERE company_id = %s AND tenant_id > %s
                    ORDER BY tenant_id LIMIT %s""",
                self.company_id.id,
                self.last_tenant,
                _CHUNK,
            )
        )
        return self.env["saas.tenant"].browse(id_ for (id_,) in rows)

    # -- people ------------------------------------------------------------------------

    def action_cancel(self):
        """Stop a count before its next chunk. What was counted stays."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        count = self.sudo()
        if not count._lock_running():
            raise UserError(
                self.env._("This count has ended, so it can't be cancelled.")
            )
        count._end("cancelled")
        self._log_state("cancelled")
        return True

    def action_resume(self):
        """Have a count go on whose job has failed, or that was cancelled."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        count = self.sudo()
        if count.state == "done":
            raise UserError(self.env._("All tenants are counted already."))
        if count._find_others_running():
            raise UserError(
                self.env._("The company is counted just now. Wait until it has ended.")
            )
        count.write({"state": "running", "ended_at": False, "last_error": False})
        count._enqueue_chunk()
        self._log_state("running")
        return True

    def _get_log_source(self):
        """Return the source in whose log a count is noted: its company's first."""
        return self._get_log_of_company()

    def _log_state(self, state):
        """Note in the log that a person brought a count to a state."""
        rows = self._prepare_log_rows(Action.CHANGED_BY_PERSON, f"state: {state}")
        self.env["saas.sync.log"].sudo()._append(rows)

    def _end(self, state, detail=None):
        self.write(
            {
                "state": state,
                "ended_at": fields.Datetime.now(),
                "last_error": fit(detail) or False,
            }
        )
