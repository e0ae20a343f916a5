import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ..canonical.errors import Quarantine, Transient
from ..canonical.marks import PIPELINE

_logger = logging.getLogger(__name__)

#: How often a step is tried while the source can't be reached: with the pauses
#: between them, about a night.
_MAX_ATTEMPTS = 10


class SaasReconciliation(models.Model):
    """The jobs of a run: one for each page of each kind, each a transaction of its
    own, so that progress is to be seen and a failure costs one page.

    They follow each other: pages of one list can't be read at the same time, and
    kinds read at once would only reach the source's limit of requests sooner.
    """

    _inherit = "saas.reconciliation"

    @api.model
    def _start(self, source, date_from, date_to, kinds=None, scheduled=False):
        """Start a run of a source.

        :param kinds: kinds of objects; None for all that can be listed.
        :raises UserError: if the source can't be read, or this may be a copy.
        """
        self.env["saas.environment"]._check_confirmed()
        listed = source._get_adapter()._listed_kinds
        kinds = [kind for kind in listed if kinds is None or kind in kinds]
        if not kinds:
            raise UserError(
                self.env._("Choose at least one kind of objects this source can list.")
            )
        run = self.sudo().create(
            {
                "source_id": source.id,
                "date_from": date_from,
                "date_to": date_to,
                "state": "running",
                "scheduled": scheduled,
                "user_id": self.env.uid,
                "started_at": fields.Datetime.now(),
                "line_ids": [
                    fields.Command.create({"kind": str(kind), "sequence": sequence})
                    for sequence, kind in enumerate(kinds)
                ],
            }
        )
        run._enqueue_step()
        return run

    def _enqueue_step(self, eta=None):
        """See to it that a job does the next step. An equal one is enough."""
        self.ensure_one()
        self.with_user(SUPERUSER_ID).with_delay(
            identity_key=f"saas_reconcile:{self.id}:{self.step}:{self.attempts}",
            description=self.env._("Reconcile %s", self.display_name),
            eta=eta,
        )._job_step(self.step)

    def _job_step(self, step):
        """Do a step, and enqueue the next one.

        :param step: its number; a job that comes late or twice does nothing.
        :return: a sentence that says what was done, shown on the job.
        """
        self.ensure_one()
        self.env["saas.environment"]._hold_job()
        if not self.try_lock_for_update():
            raise RetryableJobError(
                "another job does this run's step", seconds=5, ignore_retry=True
            )
        if self.state != "running" or self.step != step:
            return self.env._("This step is done already.")
        self = self._with_reconcile_context()
        line = self.line_ids.filtered(lambda line: line.state != "done")[:1]
        if not line:
            return self._finish()
        try:
            with self.env.cr.savepoint():
                line._step()
        except Transient as error:
            return self._try_later(str(error))
        except Quarantine as error:
            return self._fail(error.detail)
        except Exception as error:
            self.env["saas.apply"]._reraise_concurrency(error)
            _logger.exception("a reconciliation failed")
            return self._fail(self.env._("Unexpected error; the server's log has it."))
        self.write({"step": step + 1, "attempts": 0, "problem": False})
        self._enqueue_step()
        return f"{line.kind}: {line.progress:.0f} %"

    def _with_reconcile_context(self):
        """Act in the source's company alone, with nobody to notify of each record."""
        company = self.company_id
        return self.with_company(company).with_context(
            allowed_company_ids=company.ids,
            **PIPELINE.in_context(),
            active_test=False,
            tracking_disable=True,
            mail_create_nosubscribe=True,
            mail_create_nolog=True,
            mail_notrack=True,
            lang=company.partner_id.lang,
            tz=self.source_id.tz,
        )

    def _finish(self):
        self.write({"state": "done", "ended_at": fields.Datetime.now()})
        return self.env._("Done.")

    def _try_later(self, problem):
        """Try a step again, with the delays that events have, or give up."""
        attempts = self.attempts + 1
        if attempts >= _MAX_ATTEMPTS:
            return self._fail(problem)
        self.write({"attempts": attempts, "problem": problem})
        delay = self.env["saas.subscription.event"]._get_retry_delay(attempts)
        self._enqueue_step(eta=fields.Datetime.now() + max(delay, timedelta(seconds=1)))
        return problem

    def _fail(self, problem):
        """Stop, and say why: a person mends it and resumes the run."""
        self.write(
            {"state": "failed", "problem": problem, "ended_at": fields.Datetime.now()}
        )
        return problem

    @api.model
    def _cron_reconcile(self):
        """Start a run of each source that is to be compared every night, unless one
        is still going on: that one gets a job, should it have lost its own.
        """
        if not self.env["saas.environment"]._is_confirmed():
            return
        sources = (
            self.env["saas.source"]
            .sudo()
            .search(
                [
                    ("state", "=", "active"),
                    ("reconcile_days", ">", 0),
                ]
            )
            .filtered(lambda source: source._has_api_key())
        )
        running = self.search(
            [("source_id", "in", sources.ids), ("state", "=", "running")]
        )
        for run in running:
            run._enqueue_step()
        for source in sources - running.source_id:
            if not source._get_adapter()._listed_kinds:
                continue
            today = source._localize_date(fields.Datetime.now())
            self._start(
                source,
                today - timedelta(days=source.reconcile_days),
                today - timedelta(days=1),
                scheduled=True,
            )
