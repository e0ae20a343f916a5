import logging
from datetime import timedelta

from odoo import fields, models

from odoo.addons.queue_job.exception import RetryableJobError

from ..canonical.errors import Quarantine, Transient
from ..canonical.marks import PIPELINE
from ..models.concurrency import is_lost_race

_logger = logging.getLogger(__name__)

#: How often a step is tried while the source can't be reached: with the pauses
#: between them, about a night.
_MAX_ATTEMPTS = 10


class SaasReconcileRun(models.AbstractModel):
    """Brings a ``saas.reconciliation`` on, step by step."""

    _name = "saas.reconcile.run"
    _description = "SaaS reconciliation steps"

    def _step(self, run, step):
        """Do a step of ``run``, and enqueue the next one.

        :param step: its number; a job that comes late or twice does nothing.
        :return: a sentence that says what was done, shown on the job.
        """
        self.env["saas.environment"]._hold_job()
        if not run.try_lock_for_update():
            raise RetryableJobError(
                "Another job does this run's step.", seconds=5, ignore_retry=True
            )
        if run.state != "running" or run.step != step:
            return self.env._("This step is done already.")
        run = run.with_env(self._get_env(run.source_id))
        line = run.line_ids.filtered(lambda line: line.state != "done")[:1]
        if not line:
            return self._finish(run)
        try:
            with self.env.cr.savepoint():
                run.env["saas.reconcile.step"]._step(line)
        except Transient as error:
            return self._try_later(run, str(error))
        except Quarantine as error:
            return self._fail(run, error.detail)
        except Exception as error:
            if is_lost_race(error):
                raise
            _logger.exception("a reconciliation failed")
            problem = self.env._(
                "An unexpected error occurred. The server's log shows it."
            )
            return self._fail(run, problem)
        run.write({"step": step + 1, "attempts": 0, "problem": False})
        run._enqueue_step()
        return f"{line.kind}: {line.progress:.0f} %"

    def _get_env(self, source):
        """Return an environment that acts in the source's company alone, with nobody
        to notify of each record.
        """
        company = source.company_id
        return (
            self.with_company(company)
            .with_context(
                allowed_company_ids=company.ids,
                **PIPELINE.in_context(),
                active_test=False,
                tracking_disable=True,
                mail_create_nosubscribe=True,
                mail_create_nolog=True,
                mail_notrack=True,
                lang=company.partner_id.lang,
                tz=source.tz,
            )
            .env
        )

    def _finish(self, run):
        run.write({"state": "done", "ended_at": fields.Datetime.now()})
        return self.env._("Done.")

    def _try_later(self, run, problem):
        """Try a step again, with the delays that events have, or give up."""
        attempts = run.attempts + 1
        if attempts >= _MAX_ATTEMPTS:
            return self._fail(run, problem)
        run.write({"attempts": attempts, "problem": problem})
        delay = self.env["saas.subscription.event"]._get_retry_delay(attempts)
        run._enqueue_step(eta=fields.Datetime.now() + max(delay, timedelta(seconds=1)))
        return problem

    def _fail(self, run, problem):
        """Stop, and say why: a person fixes it and resumes the run."""
        run.write(
            {"state": "failed", "problem": problem, "ended_at": fields.Datetime.now()}
        )
        return problem
