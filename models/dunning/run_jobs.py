from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import mute_logger

#: How many tenants are looked at in one transaction.
_CHUNK = 100


class SaasDunningRun(models.Model):
    """The clock and the jobs of dunning runs. ``saas.collections.steps`` does the
    work.
    """

    _inherit = "saas.dunning.run"

    @api.model
    def _cron_dun(self):
        """Begin today's run of each company in which somebody is dunned. What was
        begun already goes on by itself.
        """
        if not self.env["saas.environment"]._is_confirmed():
            return
        for company in self._find_companies():
            try:
                with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                    self._begin_today(company)
            except (SerializationFailure, UniqueViolation):
                # Another node has begun it at this very moment.
                continue

    @api.model
    def _find_companies(self, companies=None):
        """Return the companies that have a policy, or a tenant that has one, or a
        tenant that owes something by what was seen before.

        :param companies: among which to look; all where it is left out.
        """
        domain = [("id", "in", companies.ids)] if companies else []
        of_own = [("dunning_policy_id", "!=", False)]
        found = self.env["res.company"].sudo().search([*domain, *of_own])
        owned = [("company_id", "in", companies.ids)] if companies else []
        tenants = self.env["saas.tenant"].sudo()
        states = self.env["saas.dunning.state"].sudo()
        for model, terms in (
            (tenants, of_own),
            (states, [("is_restricted", "=", True)]),
        ):
            for (company,) in model._read_group([*owned, *terms], ["company_id"]):
                found |= company
        return found

    @api.model
    def _begin_today(self, company):
        """Return today's run of a company, begun if there is none."""
        day = company._get_dunning_day()
        today = [("company_id", "=", company.id), ("day", "=", day)]
        if run := self.search(today):
            return run
        run = self.create(
            {
                "company_id": company.id,
                "day": day,
                "state": "running",
                "started_at": fields.Datetime.now(),
            }
        )
        run._enqueue_chunk()
        return run

    def _enqueue_chunk(self):
        """See to it that a job looks at the next tenants. If an equal job waits, that
        one is enough.
        """
        self.with_user(SUPERUSER_ID).with_delay(
            identity_key=f"saas_dunning:{self.id}:{self.step}",
            description=self.env._("Dunning: %s", self.company_id.display_name),
            # A lost race is nobody's fault: it is tried until it is won.
            max_retries=0,
        )._job_chunk(self.step)

    def _job_chunk(self, step):
        """Take the steps of the next tenants, and leave those that follow to another
        job.

        :param step: the number of the chunk; a job that comes late or twice does
            nothing.
        :return: a sentence that says how far it is, shown on the job.
        """
        self.env["saas.environment"]._hold_job()
        self.ensure_one()
        if not self._lock_running() or self.step != step:
            return self.env._("There is nothing to do any more.")
        tenants, taken = self._take_next()
        self.write(
            {
                "step": self.step + 1,
                "total_count": self.total_count + len(tenants),
                "done_count": self.done_count + len(tenants),
                "last_tenant": max(tenants.ids, default=self.last_tenant),
                "step_count": self.step_count + len(taken),
                "last_error": False,
            }
        )
        if len(tenants) < _CHUNK:
            self._end("done")
        else:
            self._enqueue_chunk()
        self._tell_progress()
        return self.env._(
            "%(tenants)s tenants were looked at, %(steps)s steps taken.",
            tenants=self.done_count,
            steps=self.step_count,
        )

    def _take_next(self):
        """Take the steps of the next tenants; return these tenants and the steps."""
        return self.env["saas.collections.steps"]._take_next(
            self.company_id, self.day, self.last_tenant, _CHUNK
        )

    def _end(self, state):
        self.write({"state": state, "ended_at": fields.Datetime.now()})
