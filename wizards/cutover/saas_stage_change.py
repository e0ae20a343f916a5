from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.review.areas import Area, Stage
from ...canonical.review.duties import Decision
from ...models.notification import notify
from ...models.roles import OPERATING

_STAGES = [
    (Stage.OFF.value, "Off"),
    (Stage.OBSERVE.value, "Observe"),
    (Stage.ON.value, "On"),
]


def _make_stage(label):
    return fields.Selection(
        _STAGES,
        string=label,
        required=True,
        compute="_compute_stages",
        store=True,
        precompute=True,
        readonly=False,
    )


class SaasStageChange(models.TransientModel):
    """Lets an integration manager say which areas of a source are left alone, and which
    are only observed. Switching one on is another decision, which shows what is left
    open.
    """

    _name = "saas.stage.change"
    _description = "Change stages"
    _inherit = ["saas.decision.mixin", "saas.guarded.mixin"]
    _decision = Decision.STAGES
    _check_company_auto = True

    source_id = fields.Many2one("saas.source", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="source_id.company_id")
    customers = _make_stage("Customers")
    subscriptions = _make_stage("Subscriptions and Usage")
    documents = _make_stage("Documents")
    payments = _make_stage("Payments")
    clearing = _make_stage("Clearing")
    since = fields.Date(
        string="Compare Since",
        required=True,
        compute="_compute_stages",
        store=True,
        precompute=True,
        readonly=False,
        help="The first day whose entries, booked by hand, are compared with what the "
        "source tells.",
    )
    note = fields.Char(
        string="Why",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )

    @api.depends("source_id")
    def _compute_stages(self):
        """Begin with what the source has."""
        for wizard in self:
            source = wizard.source_id
            for area in Area:
                stage = source[f"stage_{area}"] if source else Stage.ON.value
                wizard[area.value] = stage
            today = fields.Date.context_today(wizard)
            wizard.since = source.observed_since or today.replace(day=1)

    def _get_changed(self):
        """Return the stages of the areas that get another one."""
        source = self.source_id
        stages = {area: Stage(self[area.value]) for area in Area}
        return {a: s for a, s in stages.items() if source._get_stage(a) is not s}

    def _check_decision(self):
        """Raise unless the user may do this, if an area would be switched on, or if one
        would be further than what it needs.
        """
        source = self.source_id
        source._check_may_act("manager")
        changed = self._get_changed()
        for area, stage in changed.items():
            if stage is Stage.ON:
                raise UserError(
                    self.env._(
                        "%s can't be switched on here. Press Switch On, which shows "
                        "what is left open first. A finance approver signs it.",
                        source._get_area_label(area),
                    )
                )
        vals = {f"stage_{area}": stage.value for area, stage in changed.items()}
        source.new(vals, origin=source)._check_stages()

    def _get_decision(self):
        """Return the kind of decision; None where only the day to compare from, or
        nothing at all, is changed.
        """
        return super()._get_decision() if self._get_changed() else None

    def _get_subject(self):
        return self.source_id

    def _get_amount(self):
        """Nothing is at stake: what is not booked now can be booked later."""
        return 0

    def _read_subject(self):
        return [self.source_id.id, self.source_id._get_stages()]

    def _get_shown_events(self):
        return self.env["saas.subscription.event"]

    def _get_key(self):
        return [self.source_id.id, "stages"]

    def _get_decided_sources(self):
        return self.source_id

    def _name_subject(self):
        return self.source_id.sudo().mapped("name")

    def _describe_choice(self):
        """Return what each area that changes was, and what it becomes."""
        source, labels = self.source_id, dict(_STAGES)
        lines = [
            f"{source._get_area_label(area)}: "
            f"{labels[source._get_stage(area)]} → {labels[stage]}"
            for area, stage in self._get_changed().items()
        ]
        return [*lines, self.env._("Compare since: %s", self.since)]

    def _decide(self):
        """Bring the source's areas to the stages that were chosen."""
        self.source_id._set_stages(
            self._get_changed(), self.note, observed_since=self.since
        )
        return notify(
            self.env._("The stages are changed. What waits goes by them from now on."),
            "success",
            close=True,
            reload=True,
        )

    @api.model
    def start_observing(self, source_ids):
        """Compare what is only observed with what is booked by hand, now.

        :param source_ids: of one source.
        """
        source = self.env["saas.source"].browse(source_ids)
        source.ensure_one()
        source._check_may_act("manager", *OPERATING)
        if source._is_all_on():
            raise UserError(
                self.env._(
                    "All areas of %s are on, so there is nothing to observe. Set an "
                    "area to observe first.",
                    source.name,
                )
            )
        return self._open(self.env["saas.observing"].sudo()._start(source.sudo()))

    @api.model
    def resume_run(self, run_ids):
        """Have a run that stands still go on, from the beginning.

        :param run_ids: of one run.
        """
        run = self.env["saas.observation.run"].browse(run_ids)
        run.ensure_one()
        if run.purpose == "switch":
            self.env["saas.switch.on"]._check_approver(run.source_id)
        run._check_may_act("manager", *OPERATING)
        if run.state != "failed":
            raise UserError(
                self.env._("Only a run that stands still can go on. Start a new one.")
            )
        self.env["saas.observing"].sudo()._resume(run.sudo())
        return self._open(run)

    def _open(self, run):
        return run._in_company(
            {
                "type": "ir.actions.act_window",
                "res_model": run._name,
                "res_id": run.id,
                "view_mode": "form",
            }
        )
