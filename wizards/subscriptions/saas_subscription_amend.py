from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.review.duties import Decision
from ...canonical.subscriptions.lifecycle import WITHDRAWN, Event
from ...models.notification import notify
from ...models.subscriptions.by_hand import make_key, make_reference

#: The change that each thing is which people do.
KINDS = {
    "start": Event.ACTIVATED.value,
    "activate": Event.ACTIVATED.value,
    "change": Event.CHANGED.value,
    "end_trial": Event.TRIAL_ENDED.value,
    "pause": Event.PAUSED.value,
    "resume": Event.RESUMED.value,
    "renew": Event.RENEWED.value,
    "cancel": Event.CANCELED.value,
    "withdraw": WITHDRAWN,
}


class SaasSubscriptionAmend(models.TransientModel):
    """Lets a person begin, change or end a subscription, and shows the timeline that
    comes of it. What is done is a change as systems tell it.
    """

    _name = "saas.subscription.amend"
    _description = "Change a Subscription"
    _inherit = ["saas.decision.mixin", "saas.guarded.mixin"]
    _decision = Decision.SUBSCRIPTION
    _check_company_auto = True

    kind = fields.Selection(
        [
            ("start", "Begin a subscription"),
            ("activate", "Activate it"),
            ("change", "Change what is held"),
            ("end_trial", "End the trial"),
            ("pause", "Pause it"),
            ("resume", "Resume it"),
            ("renew", "Renew it"),
            ("cancel", "Cancel it"),
            ("withdraw", "Withdraw a change"),
        ],
        string="What",
        required=True,
    )
    subscription_id = fields.Many2one("saas.subscription", check_company=True)
    tenant_id = fields.Many2one(
        "saas.tenant",
        check_company=True,
        compute="_compute_tenant",
        store=True,
        readonly=False,
    )
    company_id = fields.Many2one(related="tenant_id.company_id")
    source_id = fields.Many2one(
        "saas.source",
        check_company=True,
        compute="_compute_source",
        store=True,
        readonly=False,
        help="Whose invoice journal and log count for it.",
    )
    reference = fields.Char(
        default=lambda self: make_reference(),
        help="What the subscription is called here.",
    )
    when = fields.Selection(
        [
            ("now", "Now"),
            ("period_end", "At the end of the period"),
            ("date", "At a date"),
        ],
        required=True,
        default="now",
    )
    moment = fields.Datetime(
        string="From",
        required=True,
        default=fields.Datetime.now,
        help="Since when it is so. What was billed for the time since is put right.",
    )
    withdraw_id = fields.Many2one(
        "saas.subscription.change",
        check_company=True,
        domain="[('subscription_id', '=', subscription_id), "
        "('outcome', '!=', 'withdrawn'), ('kind', '!=', 'withdrawn')]",
    )
    note = fields.Char(
        string="Why", help="Kept with the change for good, so name no persons."
    )
    key = fields.Char(default=lambda self: make_key())
    timeline = fields.Html(
        string="What Comes of It", compute="_compute_timeline", sanitize=False
    )

    @api.depends("subscription_id")
    def _compute_tenant(self):
        for wizard in self:
            if wizard.subscription_id:
                wizard.tenant_id = wizard.subscription_id.tenant_id

    @api.depends("subscription_id", "tenant_id")
    def _compute_source(self):
        for wizard in self:
            known = wizard.subscription_id.source_id
            wizard.source_id = known or wizard.tenant_id._get_log_source()

    # -- what it decides ------------------------------------------------------------

    def _check_decision(self):
        """Raise unless the user may do it, and all that it needs is chosen."""
        (self.subscription_id or self.tenant_id)._check_may_act("reviewer")
        if self.kind == "start":
            if not self.tenant_id or not self.source_id or not self.reference:
                raise UserError(
                    self.env._(
                        "Choose for whom it is, at which source, and what to call it."
                    )
                )
        elif not self.subscription_id:
            raise UserError(self.env._("Choose the subscription first."))
        if self.kind == "withdraw" and (
            self.withdraw_id.subscription_id != self.subscription_id
        ):
            raise UserError(
                self.env._("Choose a change of this subscription to withdraw.")
            )
        if self.when == "period_end" and not self._get_period_end():
            raise UserError(
                self.env._("It is in no period now. Choose a date instead.")
            )

    def _get_subject(self):
        return self.subscription_id or self.tenant_id

    def _get_shown_events(self):
        """No event waits for what people do; what it frees goes on by itself."""
        return self.env["saas.subscription.event"]

    def _read_subject(self):
        """Return what a signature rests on: all that is known of it by then."""
        rows = self.env["saas.subscription.change"].sudo()
        last = rows.search(
            [("subscription_id", "=", self.subscription_id.id)],
            order="id desc",
            limit=1,
        )
        return [self.tenant_id.id, self.subscription_id.id, last.id]

    def _get_decided_sources(self):
        return self.source_id

    def _get_key(self):
        return [self.tenant_id.id, self.subscription_id.id, self.kind]

    def _name_subject(self):
        return [self.subscription_id.external_id or self.reference]

    def _get_amount(self):
        """Return what a term of what is held then costs, in the company's currency."""
        subscription = self.subscription_id
        if not subscription:
            return None
        company = subscription.company_id
        return subscription.currency_id._convert(
            subscription.next_amount,
            company.currency_id,
            company,
            fields.Date.context_today(self),
        )

    def _preview_decision(self, _events):
        """Return the page with the timeline, as it would be."""
        return None, self.timeline

    def _decide(self):
        """Make the change."""
        subscriptions = self.env["saas.subscription"]
        subscription = self.subscription_id
        if self.kind == "start":
            subscription = subscriptions._start_by_hand(
                self.tenant_id, self.source_id, self.reference
            )
        subscription._change_by_hand(self._make_fact(), self.note or "")
        return notify(
            self.env._("It is done. The timeline shows what comes of it."), close=True
        )

    # -- what comes of it --------------------------------------------------------------

    @api.depends(
        *("kind", "when", "moment", "withdraw_id", "plan_version_id", "currency_id"),
        *("line_ids.quantity", "trial_end", "purchase_order", "anchor", "tz"),
        *("term_months", "term_end", "auto_renew", "notice_days", "tenant_id"),
        *("source_id", "reference"),
    )
    def _compute_timeline(self):
        for wizard in self:
            wizard.timeline = wizard._render_timeline()

    def _render_timeline(self):
        """Return the timeline that comes of what is chosen, or why none does."""
        try:
            self._check_decision()
            fact = self._make_fact()
            subscriptions = self.env["saas.subscription"]
            subscription = self.subscription_id._origin or subscriptions
            zone = self.tz or subscription.tz
            vals = subscriptions._prepare_hand_vals(self.source_id, zone, fact)
            life = subscription._preview_by_hand(vals)
        except UserError as error:
            return self._render(trouble=str(error))
        refusal = life.refused.get(self.key)
        trouble = ""
        if refusal:
            rows = self.env["saas.subscription.change"]
            trouble = rows._describe_refusals()[refusal]
        return self._render(
            segments=subscriptions._describe_life(life, fact.known_at), trouble=trouble
        )

    def _render(self, segments=(), trouble=""):
        return self.env["ir.qweb"]._render(
            "saas_billing_sync.saas_subscription_timeline",
            {"segments": segments, "trouble": trouble},
        )
