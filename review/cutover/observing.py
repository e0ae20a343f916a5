from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ...canonical.actions import Action
from ...canonical.review.areas import Area, Stage, find_groups, get_id, pack
from ...models.review.not_previewed import PreviewBusy
from ...models.source.documents.own import TELLING

#: When to come back for what others work on just now, in seconds.
_PAUSE = 10
#: Events that are sent on by one job.
_PAGE = 200


class SaasObserving(models.AbstractModel):
    """Brings runs of ``saas.observation.run`` on, one job a step, each a transaction of
    its own: compares what is only observed, chunk by chunk; looks for what people
    booked and nobody told; settles what a switch leaves; and sends events on.

    Comparing books nothing: the pipeline itself runs, in the preview's transaction,
    which is always rolled back.
    """

    _name = "saas.observing"
    _description = "SaaS observing"

    #: Events of one chunk; those of one customer stay together.
    _chunk_size = 150

    # -- starting -----------------------------------------------------------------

    @api.model
    def _cron_observe(self):
        """Compare each source that observes an area, unless a run is going on: that one
        gets a job, should it have lost its own.
        """
        if not self.env["saas.environment"]._is_confirmed():
            return
        sources = self.env["saas.source"].sudo()
        sources = sources.search([("state", "=", "active"), *TELLING])
        sources = sources.filtered(lambda source: not source._is_all_on())
        runs = self.env["saas.observation.run"].sudo()
        running = runs.search(
            [("source_id", "in", sources.ids), ("state", "=", "running")]
        )
        for run in running:
            self._enqueue(run)
        events = self.env["saas.subscription.event"].sudo()
        for source in sources - running.source_id:
            waiting = events._get_observed_domain(source)
            if source.is_observing or events.search_count(waiting, limit=1):
                self._start(source, scheduled=True)

    @api.model
    def _start(self, source, **vals):
        """Start a run of a source, and return it.

        :param vals: values of the run: what it is for.
        :raises UserError: if one is going on, or if this may be a copy.
        """
        self.env["saas.environment"]._check_confirmed()
        runs = self.env["saas.observation.run"].sudo()
        going_on = [("source_id", "=", source.id), ("state", "=", "running")]
        if runs.search_count(going_on, limit=1):
            raise UserError(
                self.env._(
                    "%s is being compared just now. Wait until that has ended, then "
                    "start again.",
                    source.name,
                )
            )
        run = runs.create({"source_id": source.id, "user_id": self.env.uid, **vals})
        self._enqueue(run)
        return run

    @api.model
    def _resume(self, run):
        """Have a run that stands still go on: from the beginning, since much may have
        changed meanwhile.
        """
        run.write(
            {
                "state": "running",
                "phase": "take",
                "step": run.step + 1,
                "last_error": False,
                "ended_at": False,
            }
        )
        self._enqueue(run)

    def _plan(self, run):
        """Note which events a run compares, in chunks: what tells of the same customer
        is compared together, for one is booked on the other.
        """
        events = self.env["saas.subscription.event"]
        events.flush_model(["state", "reason", "object_refs", "observed_with"])
        rows = events.sudo().search_fetch(
            events._get_observed_domain(run.source_id),
            ["object_refs", "observed_with", "customer_ref"],
            order="id",
        )
        told = {
            event.id: {
                *map(get_id, event.object_refs or ()),
                *filter(None, (event.observed_with, event.customer_ref)),
            }
            for event in rows
        }
        run.write(
            {
                "plan": pack(find_groups(told), self._chunk_size),
                "phase": "observe",
                "total_count": len(told),
                "done_count": 0,
            }
        )

    def _enqueue(self, run, eta=None):
        """See to it that a job does the next step of a run."""
        self.with_user(SUPERUSER_ID).with_delay(
            identity_key=f"saas_observe:{run.id}:{run.step}",
            description=self.env._("Compare with what is booked: %s", run.display_name),
            max_retries=0,
            eta=eta,
        )._job_step(run.id, run.step)

    # -- a step -------------------------------------------------------------------

    @api.model
    def _job_step(self, run_id, step):
        """Do a step of a run, and leave the next to another job.

        :param run_id: of the ``saas.observation.run``.
        :param step: its number; a job that comes late or twice does nothing.
        :return: a sentence that says how far it is, shown on the job.
        :raises RetryableJobError: if others work on the same records just now.
        """
        self.env["saas.environment"]._hold_job()
        run = self.env["saas.observation.run"].browse(run_id).exists()
        if not run or not run._lock_running(step):
            return self.env._("There is nothing to do any more.")
        source = run.source_id
        own = self.with_company(source.company_id).with_context(
            allowed_company_ids=source.company_id.ids
        )
        run = run.with_env(own.env)
        try:
            own._do(run)
        except PreviewBusy as error:
            raise RetryableJobError(
                str(error), seconds=_PAUSE, ignore_retry=True
            ) from error
        run.step += 1
        if run.state == "running":
            self._enqueue(run)
        self._tell_progress(run)
        return self.env._(
            "%(done)s of %(total)s events.",
            done=run.done_count,
            total=run.total_count,
        )

    def _do(self, run):
        """Do what a run's phase is for; when that is done, the next one follows."""
        if run.phase == "take":
            self._take(run)
        elif run.phase == "observe":
            self._compare_chunk(run)
        elif run.phase == "left":
            self._find_left(run)
        elif run.phase == "settle":
            self.env["saas.observe.settle"]._settle(run)
        elif run.phase == "flip":
            self.env["saas.observe.settle"]._flip(run)
        else:
            self.env["saas.observe.settle"]._release(run)

    def _take(self, run):
        """Take up events that were left alone because their area was off, and is not
        any more. When none is left, note what is to be compared.
        """
        source = run.source_id
        events = self.env["saas.subscription.event"]
        areas = [
            area.value for area in Area if source._get_stage(area) is not Stage.OFF
        ]
        taken = events.search(
            [
                *events._get_area_off_domain(source),
                ("observed_area", "in", areas),
            ],
            order="id",
            limit=_PAGE,
        )
        if not taken:
            self._plan(run)
            return
        taken._send_back(self.env._("Its area is not off any more."), lane="batch")
        source._enqueue_drain()

    def _compare_chunk(self, run):
        """Compare one chunk of events with what people booked."""
        if not run.plan:
            run.phase = "left"
            return
        ids, *rest = run.plan
        events = self.env["saas.subscription.event"].browse(ids)
        # What a person or a drain did meanwhile is not compared any more.
        events = events.filtered_domain(events._get_observed_domain(run.source_id))
        if events:
            self.env["saas.observe.compare"]._compare(run, events)
        run.write({"plan": rest, "done_count": run.done_count + len(ids)})

    def _find_left(self, run):
        """Note what people booked and no object explains, and forget what is gone."""
        self.env["saas.observe.hand"]._find_left(run)
        self.env["saas.observation"]._forget_unseen(run.source_id, run)
        if run.purpose != "switch":
            run.phase = "settle"
            return
        if blocking := self._find_blocking(run.source_id, run.area):
            run._fail(self._describe_blocking(blocking))
        else:
            run.phase = "settle"

    # -- switching on ---------------------------------------------------------------

    def _find_blocking(self, source, area):
        """Return what has to be decided before an area is switched on, because it could
        be booked twice.
        """
        return self.env["saas.observation"].search(
            [
                ("source_id", "=", source.id),
                ("area", "=", area),
                ("blocks", "=", True),
            ]
        )

    def _describe_blocking(self, rows):
        return self.env._(
            "%(count)s objects are booked by hand with other figures, or may be: "
            "%(some)s. Open what was observed, and decide for each whether it is that "
            "record. Else it would be booked twice.",
            count=len(rows),
            some=", ".join(rows[:5].mapped("display_name")),
        )

    # -- people ---------------------------------------------------------------------

    def _log_start(self, run, told):
        """Note who began to switch an area on, and what was left open then."""
        self.env["saas.sync.log"].sudo()._append(
            [
                {
                    "source_id": run.source_id.id,
                    "action": Action.SWITCH_STARTED.value,
                    "res_model": run._name,
                    "res_id": run.id,
                    "detail": told,
                }
            ]
        )

    def _tell_progress(self, run):
        """Tell the screens of whoever started a run how far it is."""
        run.user_id._bus_send(
            "saas_observation_run",
            {"id": run.id, "state": run.state, "progress": run.progress},
        )
