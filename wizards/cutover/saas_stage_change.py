from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.review.areas import Area, Stage
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
    are only observed. Switching one on is a finance approver's.
    """

    _name = "saas.stage.change"
    _description = "Change stages"
    _inherit = ["saas.guarded.mixin"]
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

    def action_apply(self):
        """Bring the source's areas to the stages that were chosen.

        :raises UserError: if one would be switched on, or be further than what it
            needs.
        """
        self.ensure_one()
        self._check_links()
        source = self.source_id
        source._check_may_act("manager")
        stages = {area: Stage(self[area.value]) for area in Area}
        for area, stage in stages.items():
            if stage is Stage.ON and source._get_stage(area) is not Stage.ON:
                raise UserError(
                    self.env._(
                        "%s can't be switched on here. A finance approver presses "
                        "Switch On, which shows what is left open first.",
                        source._get_area_label(area),
                    )
                )
        source._set_stages(stages, self.note, observed_since=self.since)
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
