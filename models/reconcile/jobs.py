from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError


class SaasReconciliation(models.Model):
    """The jobs of a run: one for each page of each kind, each a transaction of its
    own, so that progress is to be seen and a failure costs one page.

    They follow each other: pages of one list can't be read at the same time, and
    kinds read at once would only reach the source's limit of requests sooner.
    ``saas.reconcile.run`` does the work.
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
                self.env._(
                    "Choose at least one kind of object that this source can list."
                )
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
        """See to it that a job does the next step. If an equal job waits, that one is
        enough.
        """
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
        return self.env["saas.reconcile.run"]._step(self, step)

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
