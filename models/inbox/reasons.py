from odoo import api, fields, models

from ...canonical.kinds import Kind
from ...canonical.reasons import OPEN_STATES, Cause, Reason, State
from ...canonical.reference import SEPARATOR
from ..roles import roles_of


class SaasSubscriptionEvent(models.Model):
    """Says why an event waits, with the figures behind it: both computations, side by
    side. Says who should act, and what to do next.
    """

    _inherit = "saas.subscription.event"

    reason = fields.Selection(
        [
            (Reason.INVALID_PAYLOAD.value, "Invalid payload"),
            (Reason.INCOMPLETE_PAYLOAD.value, "Incomplete payload"),
            (Reason.UNSUPPORTED_TYPE.value, "Not handled"),
            (Reason.UNKNOWN_TENANT.value, "Unknown tenant"),
            (Reason.DUPLICATE_CUSTOMER.value, "Duplicate customer"),
            (Reason.UNMAPPED_PRODUCT.value, "Unmapped product"),
            (Reason.UNMAPPED_TAX.value, "Unmapped tax"),
            (Reason.TAX_MISMATCH.value, "Tax mismatch"),
            (Reason.AMOUNT_MISMATCH.value, "Amount mismatch"),
            (Reason.CURRENCY_MISMATCH.value, "Currency mismatch"),
            (Reason.PERIOD_LOCKED.value, "Period locked"),
            (Reason.NOT_OWNER.value, "Not the owner"),
            (Reason.ID_REUSED.value, "Same ID, other content"),
            (Reason.WRONG_MODE.value, "Wrong mode"),
            (Reason.UNKNOWN_ACCOUNT.value, "Unknown account"),
            (Reason.MISSING_REFERENCE.value, "Missing reference"),
            (Reason.INCOMPLETE_SETUP.value, "Incomplete set-up"),
            (Reason.SOURCE_REFUSED.value, "Source refused"),
            (Reason.UNUSABLE_PLAN.value, "Plan not usable"),
            (Reason.NOT_ALLOWED.value, "Change not allowed"),
            (Reason.CHANGED_BY_PERSON.value, "Changed by a person"),
            (Reason.POSTING_FAILED.value, "Posting failed"),
            (Reason.RETRIES_EXHAUSTED.value, "Retries used up"),
            (Reason.IGNORED_BY_PERSON.value, "Ignored by a person"),
            (Reason.PARENT_IGNORED.value, "Belongs to what was ignored"),
            (Reason.MONEY_NOT_BOOKED.value, "Money not booked"),
            (Reason.AT_RISK.value, "At risk"),
            (Reason.BEFORE_CUTOVER.value, "Before the cut-over"),
            (Reason.HELD_BY_PERSON.value, "Held back by a person"),
            (Reason.OBSERVED.value, "Being observed"),
            (Reason.AREA_OFF.value, "Area is off"),
        ],
        readonly=True,
        index="btree_not_null",
    )
    actor = fields.Selection(
        [
            ("reviewer", "Finance reviewer"),
            ("manager", "Integration manager"),
            ("operator", "Operator"),
        ],
        string="Who Should Act",
        compute="_compute_next_step",
        search="_search_actor",
    )
    next_step = fields.Text(compute="_compute_next_step")
    blocked_by_id = fields.Many2one(
        "saas.subscription.event",
        compute="_compute_blocked_by",
        help="The event that tells of what this one waits for, and waits for a person.",
    )
    may_choose_customer = fields.Boolean(compute="_compute_may_choose_customer")
    may_set_up_currency = fields.Boolean(compute="_compute_may_set_up_currency")
    may_ignore = fields.Boolean(compute="_compute_may_ignore")
    waits_for_me = fields.Boolean(store=False, search="_search_waits_for_me")
    figures = fields.Json(readonly=True)
    figures_html = fields.Html(
        string="Comparison", compute="_compute_figures_html", sanitize=False
    )

    @api.depends("figures")
    @api.depends_context("uid")
    def _compute_figures_html(self):
        for event in self:
            template, figures = "saas_event_tax_figures", event.figures
            if told := (figures or {}).get("ownership"):
                template = "saas_event_owner_figures"
                rows = [{**row, **event._read_personal(row)} for row in told["rows"]]
                figures = {**told, "rows": rows}
            event.figures_html = figures and self.env["ir.qweb"]._render(
                f"saas_billing_sync.{template}", figures
            )

    def _read_personal(self, row):
        """Return both values of a part of a customer, as words: what the event states,
        and what is kept. They are personal, so only who may decide reads them, and
        they are never stored with the event.
        """
        if "part" not in row or "reviewer" not in roles_of(self.env.user):
            return {}
        values = self.env["saas.customers.partner_values"].sudo()
        facts = self.sudo()._read_facts()
        customers = [fact for fact in facts if fact.kind == Kind.CUSTOMER]
        if not customers or not self.tenant_id:
            return {}
        told, kept = values._describe_part(
            customers[0], self.sudo().tenant_id, row["part"]
        )
        return {"told": told, "kept": f"{kept} ({row['kept']})"}

    @api.depends("state", "waiting_for")
    def _compute_blocked_by(self):
        self.blocked_by_id = False
        late = (Reason.MISSING_REFERENCE, Reason.UNKNOWN_TENANT)
        waiting = self.filtered(
            lambda event: (
                event.waiting_for
                and (event.state == State.PARKED or event.reason in late)
            )
        )
        for source, events in waiting.grouped("source_id").items():
            found = self.sudo()._find_blockers(source, events.mapped("waiting_for"))
            for event in events:
                blocker = found.get(event.waiting_for, self.browse()) - event
                event.blocked_by_id = blocker.sudo(False)

    @api.depends("reason", "state", "waiting_for", "cause")
    def _compute_next_step(self):
        steps, by_cause = self._get_next_steps(), self._get_steps_by_cause()
        for event in self:
            # What exactly stopped it is noted for this alone.
            cause, _what, _value = Cause.parse(event.sudo().cause)
            step = by_cause.get(cause) or steps.get(event.reason, (False, False))
            if event.blocked_by_id:
                step = (False, event._describe_blocker(steps))
            elif event.is_held:
                step = ("operator", event._describe_held())
            elif event.state == State.PARKED and event.reason != Reason.OBSERVED:
                step = (False, event._describe_waiting())
            event.actor, text = step
            event.next_step = event._name_company(text)

    def _name_company(self, step):
        """Return a next step with its company, for who works in several."""
        if not step or len(self.env.user.company_ids) < 2:
            return step
        return self.env._(
            "In %(company)s: %(step)s", company=self.company_id.name, step=step
        )

    def _describe_waiting(self):
        """Return what becomes of a parked event, as a sentence."""
        return self.env._(
            "There is nothing to do: the event goes on by itself when "
            "%(reference)s arrives.",
            reference=self.waiting_for,
        )

    def _describe_blocker(self, steps):
        """Return what holds an event up, and who must act, as a sentence."""
        blocker = self.blocked_by_id
        if blocker.reason == Reason.OBSERVED:
            return self._describe_observed_blocker(blocker)
        if blocker.is_held:
            return self.env._(
                "It waits for %(reference)s. A person holds that back: event "
                "%(event)s. When that is let go, this event goes on by itself.",
                reference=self.waiting_for,
                event=blocker.external_id,
            )
        actors = dict(self._fields["actor"]._description_selection(self.env))
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        actor, _step = steps.get(blocker.reason, (False, False))
        return self.env._(
            "It waits for %(reference)s, whose event %(event)s waits for a person: "
            "%(reason)s. Who should act there: %(actor)s. Then this event goes on by "
            "itself.",
            reference=self.waiting_for,
            event=blocker.external_id,
            reason=reasons.get(blocker.reason),
            actor=actors.get(actor),
        )

    @api.depends("reason", "state", "waiting_for", "tenant_id.is_guest")
    def _compute_may_choose_customer(self):
        """Tell whether a person may say which customer an event is about: it waits for
        a customer, or for who paid, or its money is booked on a guest.
        """
        for event in self:
            waits = (event.waiting_for or "").partition(SEPARATOR)[0]
            event.may_choose_customer = (
                event.reason in (Reason.DUPLICATE_CUSTOMER, Reason.UNKNOWN_TENANT)
                or event.tenant_id.is_guest
                or waits == Kind.CUSTOMER
                or (waits == Kind.PAYMENT and not event.customer_ref)
                or (event.reason == Reason.MISSING_REFERENCE and not event.customer_ref)
            )

    @api.depends("cause", "state")
    def _compute_may_set_up_currency(self):
        for event in self:
            cause, _what, _value = Cause.parse(event.sudo().cause)
            event.may_set_up_currency = cause in (
                Cause.CURRENCY,
                Cause.RATE,
                Cause.DECIMALS,
            )

    @api.depends("state", "actor")
    @api.depends_context("uid")
    def _compute_may_ignore(self):
        for event in self:
            roles = roles_of(self.env.user) & event._get_ignoring()
            event.may_ignore = bool(roles) and event.state in OPEN_STATES

    @api.model
    def _search_actor(self, operator, value):
        if operator != "in":
            return NotImplemented
        steps = self._get_next_steps()
        reasons = [reason for reason, (actor, _step) in steps.items() if actor in value]
        # What is parked goes on by itself, unless a person holds it back.
        return [
            "|",
            ("state", "!=", State.PARKED.value),
            ("reason", "=", Reason.HELD_BY_PERSON.value),
            ("reason", "in", reasons),
        ]

    @api.model
    def _search_waits_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("state", "in", [state.value for state in OPEN_STATES]),
            ("actor", "in", list(roles_of(self.env.user))),
        ]
