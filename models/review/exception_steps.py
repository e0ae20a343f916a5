from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...canonical.reasons import STOPPED_STATES, Reason
from ..roles import OPERATING


class SaasException(models.Model):
    """Takes the next step on a case: on its newest event, as that event's form offers
    it, and for all events that wait for the same.
    """

    _inherit = "saas.exception"

    detail = fields.Char(related="event_id.detail")
    next_step = fields.Text(compute="_compute_next_step")
    figures_html = fields.Html(related="event_id.figures_html", sanitize=False)
    object_names = fields.Text(compute="_compute_object_names")
    blocked_by_id = fields.Many2one(related="event_id.blocked_by_id")
    may_choose_customer = fields.Boolean(related="event_id.may_choose_customer")
    may_set_up_currency = fields.Boolean(related="event_id.may_set_up_currency")
    may_ignore = fields.Boolean(compute="_compute_may_ignore")
    approval_id = fields.Many2one(related="event_id.approval_id")
    payload = fields.Text(related="event_id.payload")
    head = fields.Char(compute="_compute_head")

    @api.depends("event_id.next_step", "risk_id")
    def _compute_next_step(self):
        steps = self.env["saas.subscription.event"]._get_next_steps()
        for case in self:
            _actor, of_risk = steps[Reason.AT_RISK]
            case.next_step = of_risk if case.risk_id else case.event_id.next_step

    def _compute_object_names(self):
        for case in self:
            case.object_names = case.event_id.object_names

    @api.depends("state", "event_id")
    def _compute_may_ignore(self):
        for case in self:
            case.may_ignore = case.state == "open" and case.event_id.may_ignore

    @api.depends(
        "waiting_count", "parked_count", "amount", "amount_known", "state", "risk_id"
    )
    def _compute_head(self):
        """Say in one sentence how much a decision moves."""
        for case in self:
            if case.state != "open":
                case.head = self.env._(
                    "Settled. Events that waited for it: %s.", case.event_count
                )
                continue
            amount = case.company_currency_id.format(case.amount)
            if not case.amount_known:
                least = self.env._("unknown, at least %s", amount)
                amount = least if case.amount else self.env._("unknown")
            if case.risk_id:
                case.head = self.env._(
                    "At risk: %s. Nothing is collected until it is cleared.", amount
                )
                continue
            case.head = self.env._(
                "Events that go on once this is settled: %(count)s. Tenants: "
                "%(tenants)s. At stake: %(amount)s.",
                count=case.waiting_count + case.parked_count,
                tenants=case.tenant_count,
                amount=amount,
            )

    # -- the next step -----------------------------------------------------------

    def _get_newest(self):
        """Return the event that the next step is taken on.

        :raises UserError: if no event waits any more.
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "open" or not self.waiting_count:
            raise UserError(
                self.env._(
                    "No event waits for this any more. Open the next case instead."
                )
            )
        return self.event_id

    def action_choose_customer(self):
        """Ask which customer the events are about."""
        return self._get_newest().action_choose_customer()

    def action_map_product(self):
        """Ask for the product that this case is about, and show what comes of it."""
        return self._prepare_map("saas.product.map", self.env._("Map Product"))

    def action_map_tax(self):
        """Ask for the tax that this case is about, and show what comes of it."""
        return self._prepare_map("saas.tax.map", self.env._("Map Tax Rate"))

    def action_open_plans(self):
        """Open the plans of the company of this case."""
        return self._get_newest().action_open_plans()

    def action_open_subscription(self):
        """Open the subscription that the newest event is about."""
        return self._get_newest().action_open_subscription()

    def action_set_up_currency(self):
        """Ask for what the currency lacks."""
        return self._get_newest().action_set_up_currency()

    def action_open_source(self):
        """Open the set-up page of the source."""
        self.ensure_one()
        return self._action_open(self.source_id)

    def action_open_blocker(self):
        """Open the event that holds the newest one up."""
        return self._get_newest().action_open_blocker()

    def action_open_parent(self):
        """Open the event of what the newest one belongs to, which was ignored."""
        return self._get_newest().action_open_parent()

    def action_open_same_id(self):
        """Open the event that came first under the newest one's id."""
        return self._get_newest().action_open_same_id()

    def action_accept_content(self):
        """Process the newest event beside the one that came first under its id."""
        return self._get_newest().action_accept_content()

    def action_accept_once(self):
        """Apply all events of this case, although another system owns what they tell,
        this one time.
        """
        self._get_newest()
        return self._get_events().sudo(False).action_accept_once()

    def action_bind_record(self):
        """Ask which document, payment or entry the newest event's object is."""
        return self._get_newest().action_bind_record()

    def action_retry(self):
        """Send all events of these cases to the inbox, and tell what comes of it."""
        self._check_may_act(*OPERATING)
        return self._get_events().sudo(False)._retry_and_tell()

    def action_ignore(self):
        """Ask why all events of this case are to be ignored."""
        self.ensure_one()
        self.check_access("read")
        events = self._get_events().sudo(False)
        if not events:
            self._get_newest()
        return events.action_ignore()

    # -- going round -------------------------------------------------------------

    def action_open_event(self):
        """Open the newest event, with all that is known of it."""
        self.ensure_one()
        return self._action_open(self.event_id)

    def action_view_events(self):
        """Open all events of this case."""
        self.ensure_one()
        link = [("case_id", "=", self.id)]
        if self.state == "open":
            link.append(("is_open", "=", True))
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.display_name,
                "res_model": "saas.subscription.event",
                "view_mode": "list,kanban,form",
                "domain": [("case_link_ids", "any", link)],
            }
        )

    def action_open_previous(self):
        """Open the case of the same cause that was closed before this one began."""
        self.ensure_one()
        return self._action_open(self.previous_id)

    def get_next(self):
        """Return the id of the case to open after this one, as the queue is sorted: one
        that waits for the user's role, isn't another's and doesn't sleep, and has more
        than decisions that wait to be signed; False if there is none.
        """
        self.check_access("read")
        domain = Domain("state", "=", "open") & Domain("id", "not in", self.ids)
        domain &= Domain("user_id", "in", (self.env.uid, False))
        domain &= Domain("is_snoozed", "=", False)
        stopped = [
            ("event_id.state", "in", [state.value for state in STOPPED_STATES]),
            ("event_id", "not in", self.env["saas.approval"]._get_proposed().ids),
        ]
        domain &= Domain("risk_id", "!=", False) | Domain(
            "link_ids", "any", [("is_open", "=", True), *stopped]
        )
        mine = self.search(domain & Domain("waits_for_me", "=", True), limit=1)
        return (mine or self.search(domain, limit=1)).id

    def action_open_next(self):
        """Open the next case of the queue.

        :raises UserError: if there is none.
        """
        following = self.browse(self.get_next())
        if not following:
            raise UserError(
                self.env._("No other case waits for you. The queue is empty.")
            )
        return following._action_open(following)

    def _action_open(self, records):
        """Return the action that opens records in the company of this case."""
        events = self.env["saas.subscription.event"]
        return self._in_company(events._action_open(records))
