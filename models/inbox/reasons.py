from odoo import api, fields, models

from ...canonical.kinds import Kind
from ...canonical.reasons import OPEN_STATES, Reason
from ...canonical.reference import SEPARATOR
from ..roles import roles_of


class SaasSubscriptionEvent(models.Model):
    """Says why an event waits, who should act, and what to do next."""

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
            (Reason.WRONG_MODE.value, "Wrong mode"),
            (Reason.UNKNOWN_ACCOUNT.value, "Unknown account"),
            (Reason.MISSING_REFERENCE.value, "Missing reference"),
            (Reason.INCOMPLETE_SETUP.value, "Incomplete set-up"),
            (Reason.SOURCE_REFUSED.value, "Source refused"),
            (Reason.CHANGED_BY_PERSON.value, "Changed by a person"),
            (Reason.POSTING_FAILED.value, "Posting failed"),
            (Reason.RETRIES_EXHAUSTED.value, "Retries used up"),
            (Reason.IGNORED_BY_PERSON.value, "Ignored by a person"),
            (Reason.PARENT_IGNORED.value, "Belongs to what was ignored"),
            (Reason.MONEY_NOT_BOOKED.value, "Money not booked"),
            (Reason.BEFORE_CUTOVER.value, "Before the cut-over"),
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
    may_choose_customer = fields.Boolean(compute="_compute_may_choose_customer")
    waits_for_me = fields.Boolean(store=False, search="_search_waits_for_me")

    @api.depends("reason", "state", "waiting_for")
    def _compute_next_step(self):
        steps = self._get_next_steps()
        for event in self:
            if event.state == "parked":
                event.actor = False
                event.next_step = self.env._(
                    "There is nothing to do: the event goes on by itself when "
                    "%(reference)s arrives.",
                    reference=event.waiting_for,
                )
            else:
                event.actor, event.next_step = steps.get(event.reason, (False, False))

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

    @api.model
    def _search_actor(self, operator, value):
        if operator != "in":
            return NotImplemented
        steps = self._get_next_steps()
        reasons = [reason for reason, (actor, _step) in steps.items() if actor in value]
        return [("state", "!=", "parked"), ("reason", "in", reasons)]

    @api.model
    def _search_waits_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("state", "in", [state.value for state in OPEN_STATES]),
            ("actor", "in", list(roles_of(self.env.user))),
        ]
