from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ...canonical.actions import Action
from ...canonical.display.texts import fit
from ...canonical.item import make_row
from ...canonical.moments import aware
from ..roles import FINANCE


class SaasBillingRun(models.Model):
    """The jobs of a billing run: one for each chunk of tenants, each in a transaction
    of its own that enqueues the next.
    """

    _inherit = "saas.billing.run"

    #: Tenants of one transaction, which holds the journal's numbers to its end.
    _chunk_size = 200

    def action_start(self):
        """Freeze the tenants of this run that are due, and bill them by jobs.

        :raises UserError: if nothing is due.
        """
        self.ensure_one()
        self._check_may_act(*FINANCE)
        if self.state != "draft":
            raise UserError(self.env._("This billing run has begun already."))
        self.sudo()._begin()
        if not self.total_count:
            raise UserError(
                self.env._(
                    "Nothing is due by then: no subscription that Odoo bills has a "
                    "period to be billed. Choose a later moment, or look at the "
                    "subscriptions that are held."
                )
            )
        return True

    def _begin(self):
        """Freeze what is due, and enqueue the first chunk."""
        self._check_alone()
        self.write({"state": "running", "started_at": fields.Datetime.now()})
        due = self.env["saas.billing.due"]
        self.total_count = due._freeze(self, aware(self.cutoff))
        source = self.env["saas.source"]._ensure_own(self.company_id)
        self._log(source, Action.BILLING_STARTED, str(self.total_count))
        if self.total_count:
            self._enqueue_chunk()
        else:
            self._end(source, "done", Action.BILLING_DONE)

    def _check_alone(self):
        """Raise if another run of the company is at work."""
        if self._find_others_running():
            raise UserError(
                self.env._(
                    "A billing run of this company is at work. Wait until it has "
                    "ended, or cancel it."
                )
            )

    def _enqueue_chunk(self):
        """See to it that a job does the next chunk. If an equal job waits, that one is
        enough.
        """
        self.ensure_one()
        self.with_user(SUPERUSER_ID).with_delay(
            identity_key=f"saas_billing:{self.id}:{self.step}",
            description=self.env._("Bill tenants: %s", self.display_name),
            # A lost race is nobody's fault: it is tried until it is won.
            max_retries=0,
        )._job_chunk(self.step)

    def _job_chunk(self, step):
        """Bill one chunk of tenants, and leave the next to another job.

        :param step: the number of the chunk; a job that comes late or twice does
            nothing.
        :return: a sentence that says how far it is, shown on the job.
        :raises RetryableJobError: if another job draws the journal's numbers.
        """
        self.env["saas.environment"]._hold_job()
        self.ensure_one()
        if not self._lock_running() or self.step != step:
            return self.env._("There is nothing to do any more.")
        source = self.env["saas.source"]._ensure_own(self.company_id)
        self.env["saas.linking"]._lock(source)
        self._bill_chunk(source)
        if self._count_seen() >= self.total_count:
            self._end(source, "done", Action.BILLING_DONE)
        else:
            self._enqueue_chunk()
        self._tell_progress()
        return self._describe_progress()

    def _bill_chunk(self, source):
        """Bill the next tenants, and count what became of them."""
        tasks = self._bill(source, self._find_items("waiting", limit=self._chunk_size))
        states = [task.state for task in tasks]
        self.write(
            {
                "step": self.step + 1,
                "done_count": self.done_count + states.count("done"),
                "nothing_count": self.nothing_count + states.count("nothing"),
                "failed_count": self.failed_count + states.count("failed"),
                "document_count": self.document_count
                + sum(len(task.documents) for task in tasks if not task.error),
                "last_error": False,
            }
        )

    def _find_items(self, *states, limit=None):
        """Return the tenants of this run in one of some states, in order. A run has
        very many, so nobody reads all of them to find a few.
        """
        return self.env["saas.billing.item"].search(
            [("run_id", "=", self.id), ("state", "in", states)],
            order="id",
            limit=limit,
        )

    def _bill(self, source, items):
        """Bill rows of this run, and return what became of each, a task."""
        posting = self.env["saas.billing.posting"].with_context(
            **source._get_batch_context()
        )
        return posting._bill(
            source.with_env(posting.env),
            items.with_env(posting.env),
            aware(self.cutoff),
            self.invoice_date,
        )

    def _try(self, tenants):
        """Bill tenants as this run would, for a preview."""
        source = self.env["saas.source"]._ensure_own(self.company_id)
        vals = {"run_id": self.id, "company_id": self.company_id.id}
        items = self.env["saas.billing.item"].create(
            [{**vals, "tenant_id": tenant.id} for tenant in tenants]
        )
        self._bill(source, items)

    @api.model
    def _get_seen_fields(self):
        return [*super()._get_seen_fields(), "nothing_count", "failed_count"]

    def _has_failed_today(self, company, count, now):
        """Return whether the clock's last run has failed for all that is due, less
        than a day ago: it would only fail once more. People begin a run whenever they
        like.

        :param count: how many tenants have something due.
        """
        last = self.search(
            [("company_id", "=", company.id), ("is_scheduled", "=", True)], limit=1
        )
        is_recent = last.started_at and last.started_at > now - timedelta(days=1)
        return bool(is_recent and last.failed_count and count <= last.failed_count)

    def _describe_progress(self):
        return self.env._(
            "%(seen)s of %(total)s tenants, %(failed)s failed.",
            seen=self._count_seen(),
            total=self.total_count,
            failed=self.failed_count,
        )

    def _end(self, source, state, action, detail=None):
        """Bring a run to an end. What is not billed yet is due in the next one."""
        self._find_items("waiting").write({"state": "cancelled"})
        self.write(
            {
                "state": state,
                "ended_at": fields.Datetime.now(),
                "last_error": fit(detail) or False,
            }
        )
        # The next one may begin in this very transaction.
        self.flush_recordset(["state"])
        self._log(source, action, self._describe_progress())

    def _log(self, source, action, detail):
        """Note in the log of the company's own source what this run did."""
        self.env["saas.sync.log"]._append([make_row(source, action, self, detail)])

    # -- people -----------------------------------------------------------------

    def action_cancel(self):
        """Stop this run before its next chunk. What was billed stays."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        run = self.sudo()
        if not run._lock_running():
            raise UserError(
                self.env._("This billing run has ended, so it can't be cancelled.")
            )
        source = self.env["saas.source"].sudo()._ensure_own(self.company_id)
        run._end(source, "cancelled", Action.BILLING_CANCELLED)
        return True

    def action_resume(self):
        """Have a run go on whose job has failed, or bill again who could not be billed:
        what was missing may be there now.

        :raises UserError: if another run of the company is at work, or nothing is left.
        """
        self.ensure_one()
        self._check_may_act(*FINANCE)
        run = self.sudo()
        # Before its rows, as a chunk does: each would wait for the other else.
        run._lock_running()
        left = run._find_items("failed", "cancelled", "waiting")
        if not left:
            raise UserError(
                self.env._("Everything of this run is billed, so nothing is left.")
            )
        run._check_alone()
        failed = left.filtered(lambda item: item.state == "failed")
        left.write({"state": "waiting", "reason": False, "detail": False})
        run.write(
            {
                "state": "running",
                "ended_at": False,
                "last_error": False,
                "failed_count": run.failed_count - len(failed),
            }
        )
        run._enqueue_chunk()
        return True

    @api.model
    def _cron_bill(self):
        """Begin a run for each company that has something due and bills by the
        clock.
        """
        if not self.env["saas.environment"]._is_confirmed():
            return
        now = fields.Datetime.now()
        due = self.env["saas.billing.due"]._get_domain(aware(now))
        groups = self.env["saas.subscription"]._read_group(
            due, ["company_id"], ["tenant_id:count_distinct"]
        )
        busy = self.search([("state", "=", "running")]).company_id
        for company, count in groups:
            if company in busy or not company.bills_by_clock:
                continue
            if self._has_failed_today(company, count, now):
                continue
            try:
                with self.env.cr.savepoint():
                    self._begin_scheduled(company, now)
            except SerializationFailure:
                # A person has begun one at this very moment.
                continue

    def _begin_scheduled(self, company, now):
        """Begin a run of a company by the clock."""
        source = self.env["saas.source"]._ensure_own(company)
        self.create(
            {
                "company_id": company.id,
                "cutoff": now,
                "invoice_date": source._localize_date(aware(now)),
                "is_scheduled": True,
            }
        )._begin()
