from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...canonical.marks import Signed
from ...canonical.review.areas import Area, Stage
from ...canonical.review.duties import Decision
from ...models.roles import roles_of


class SaasSwitchOn(models.TransientModel):
    """Lets people have an area of a source booked that was observed: shows what is left
    open first, and refuses what would be booked twice. It takes a finance approver,
    who signs it, or who decides it where nobody has to sign.
    """

    _name = "saas.switch.on"
    _description = "Switch on"
    _inherit = ["saas.decision.mixin", "saas.guarded.mixin"]
    _decision = Decision.SWITCH_ON
    _check_company_auto = True

    source_id = fields.Many2one("saas.source", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="source_id.company_id")
    area = fields.Selection(
        [
            (Area.CUSTOMERS.value, "Customers"),
            (Area.SUBSCRIPTIONS.value, "Subscriptions and Usage"),
            (Area.DOCUMENTS.value, "Documents"),
            (Area.PAYMENTS.value, "Payments"),
            (Area.CLEARING.value, "Clearing"),
        ],
        required=True,
    )
    day = fields.Date(
        string="From Day",
        required=True,
        default=fields.Date.context_today,
        help="From this day on the app books, in the source's time zone. What is from "
        "before and is booked by hand stays as it is.",
    )
    earlier = fields.Selection(
        [
            ("ignore", "Don't book it; it stays in sight, ignored"),
            ("book", "Book it as well"),
            ("opening", "Set the cut-over to that day, and go by it"),
        ],
        string="What Is Before That Day",
        required=True,
        default="ignore",
        help="What becomes of what only the source tells and is from before that day.",
    )
    note = fields.Char(
        string="Why",
        required=True,
        help="The reason is kept in the sync log for good, so name no persons.",
    )
    left_open = fields.Text(compute="_compute_left_open")
    problem = fields.Text(compute="_compute_left_open")
    blocking_count = fields.Integer(compute="_compute_left_open")

    @api.depends("source_id", "area")
    def _compute_left_open(self):
        events = self.env["saas.subscription.event"]
        for wizard in self:
            source = wizard.source_id._origin
            wizard.left_open = wizard.problem = False
            wizard.blocking_count = 0
            if not source or not wizard.area:
                continue
            waiting = events.sudo().search_count(
                events._get_observed_domain(source, wizard.area)
            )
            told = [source._describe_observed(wizard.area)]
            told.append(self.env._("Events that wait: %s", waiting))
            wizard.left_open = "\n".join(filter(None, told))
            found = self.env["saas.observing"]._find_blocking(source, wizard.area)
            wizard.blocking_count = len(found)
            wizard.problem = wizard._find_problem(source)

    def _find_problem(self, source):
        """Return why the area can't be switched on now, as a sentence, or ""."""
        area = Area(self.area)
        if source._get_stage(area) is not Stage.OBSERVE:
            return self.env._(
                "%s is not observed. Only what was observed can be switched on: set it "
                "to observe first, and let a night go by.",
                source._get_area_label(area),
            )
        if needed := source._get_needed(area):
            return self.env._(
                "%(area)s needs what is not on yet: %(needed)s. Switch that on first.",
                area=source._get_area_label(area),
                needed=", ".join(map(source._get_area_label, needed)),
            )
        observing = self.env["saas.observing"]
        if found := observing._find_blocking(source, self.area):
            return observing._describe_blocking(found)
        return ""

    def _check_approver(self, source):
        """Raise unless the user may switch areas of a source on alone."""
        source.check_access("read")
        if not self.env.su and "approver" not in roles_of(self.env.user):
            raise AccessError(
                self.env._(
                    "Only a finance approver may switch an area on, because everything "
                    "is booked from then on. Ask one."
                )
            )

    # -- the decision ---------------------------------------------------------------

    def _check_decision(self):
        """Raise unless the user may decide this, if something could be booked twice, or
        if something is missing.
        """
        source = self.source_id
        source._check_may_act("manager", "approver")
        if problem := self._find_problem(source):
            raise UserError(problem)
        if self.earlier == "opening":
            self._check_cutover()

    def _get_subject(self):
        return self.source_id

    def _get_amount(self):
        """Return what waits to be booked once the area is on."""
        events = self.env["saas.subscription.event"].sudo()
        waiting = events._get_observed_domain(self.source_id, self.area)
        names = ["is_stake_known", "object_kind", "object_ref", "stake_company"]
        return events.search_fetch(waiting, names)._sum_stakes()

    def _read_subject(self):
        """A signature rests on the stages, and on what was found beside what people
        booked, or is from before the day. What comes later changes nothing of it.
        """
        source = self.source_id.sudo()
        rows = (
            self.env["saas.observation"]
            .sudo()
            .search(
                [
                    ("source_id", "=", source.id),
                    ("area", "=", self.area),
                    ("settled", "=", False),
                ],
                order="id",
            )
        )
        found = [
            [row.id, row.result, row.decision, row.res_model, row.res_id, row.amount]
            for row in rows
            if row.decision
            or (row.result != "alike" and (row.res_id or self._is_before(row)))
        ]
        return [source.id, source._get_stages(), str(source.cutover_date), found]

    def _is_before(self, row):
        return bool(row.day) and row.day < self.day

    def _get_shown_events(self):
        """Nothing is previewed: what was observed is what would come of it."""
        return self.env["saas.subscription.event"]

    def _get_key(self):
        return [self.source_id.id, self.area]

    def _get_decided_sources(self):
        return self.source_id

    def _name_subject(self):
        label = self.source_id._get_area_label(Area(self.area))
        return [f"{self.source_id.sudo().name}: {label}"]

    def _describe_choice(self):
        return [*super()._describe_choice(), *(self.left_open or "").splitlines()]

    def _decide(self):
        """Begin to switch the area on: a job compares once more, binds what is alike,
        and then lets the rest be booked.

        :raises AccessError: unless an approver has signed it, or decides it.
        """
        source, signed = self.source_id, Signed.get(self.env)
        if not signed:
            self._check_approver(source)
        if self.earlier == "opening" and source.cutover_date != self.day:
            source.sudo().cutover_date = self.day
        observing = self.env["saas.observing"].sudo()
        run = observing._start(
            source.sudo(),
            purpose="switch",
            area=self.area,
            day=self.day,
            earlier=self.earlier,
            note=self.note,
            signed_by=", ".join(signed.approvers) if signed else False,
        )
        told = (self.area, str(self.day), self.earlier, self.note, self.left_open or "")
        observing._log_start(run, ": ".join(told).replace("\n", "; "))
        return self.env["saas.stage.change"]._open(run.sudo(False))

    def _check_cutover(self):
        """Raise if the source's cut-over lacks what it needs to decide about what is
        earlier.
        """
        source = self.source_id.sudo()
        if not source.opening_account_id or not source.opening_journal_id:
            raise UserError(
                self.env._(
                    "A cut-over needs the account and the journal of opening items. "
                    "Set them on the source under Import & Recovery first."
                )
            )
