from odoo import api, fields, models

from ...canonical.kinds import Kind
from ...canonical.reasons import OPEN_STATES, Reason
from ...canonical.reference import SEPARATOR


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
            (Reason.POSTING_FAILED.value, "Posting failed"),
            (Reason.RETRIES_EXHAUSTED.value, "Retries used up"),
            (Reason.IGNORED_BY_PERSON.value, "Ignored by a person"),
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
        roles = [
            role
            for role, _label in self._fields["actor"].selection
            if self.env.user.has_group(f"saas_billing_sync.group_saas_{role}")
        ]
        return [
            ("state", "in", [state.value for state in OPEN_STATES]),
            ("actor", "in", roles),
        ]

    @api.model
    def _get_next_steps(self):
        """Return for each reason who should act, and what to do."""
        return {
            **self._get_steps_of_content(),
            **self._get_steps_of_sender(),
            **self._get_steps_of_set_up(),
            **self._get_steps_of_books(),
            **self._get_steps_of_ignored(),
        }

    def _get_steps_of_content(self):
        """Return who should act, and how, when the content is not what it should be."""
        return {
            Reason.INVALID_PAYLOAD: (
                "operator",
                self.env._(
                    "The event is not what this source should send. Check the "
                    "endpoint's API version at the source, then ignore the event or "
                    "report it."
                ),
            ),
            Reason.INCOMPLETE_PAYLOAD: (
                "manager",
                self.env._(
                    "The event does not hold all that is needed. Paste an API key "
                    "into the source, so that the rest can be read, then retry; or "
                    "book it by hand and ignore the event."
                ),
            ),
            Reason.UNSUPPORTED_TYPE: (
                "reviewer",
                self.env._(
                    "If it moved money, book that by hand. If the event still "
                    "waits, ignore it."
                ),
            ),
            Reason.MISSING_REFERENCE: (
                "reviewer",
                self.env._(
                    "The object that this event refers to never arrived. Send that "
                    "object's event again from the source, then retry. Where you find "
                    "Choose Customer, you can also say whose money it is."
                ),
            ),
        }

    def _get_steps_of_sender(self):
        """Return who should act, and how, when the event belongs somewhere else."""
        return {
            Reason.WRONG_MODE: (
                "manager",
                self.env._(
                    "A test event reached a live source, or the other way round. "
                    "Correct the endpoint at the source, then ignore the event."
                ),
            ),
            Reason.UNKNOWN_ACCOUNT: (
                "manager",
                self.env._(
                    "The event is about another account. Create a source for that "
                    "account, or correct the account ID here, then retry."
                ),
            ),
            Reason.NOT_OWNER: (
                "reviewer",
                self.env._(
                    "Another system owns this object. Change it there, then "
                    "ignore the event."
                ),
            ),
        }

    def _get_steps_of_set_up(self):
        """Return who should act, and how, when a customer or set-up is not clear."""
        return {
            Reason.UNKNOWN_TENANT: (
                "reviewer",
                self.env._(
                    "No known customer belongs to this event. Press Choose Customer "
                    "and say whose it is. For money of guests, you can also choose a "
                    "contact for guests on the source, under Accounting, then retry."
                ),
            ),
            Reason.DUPLICATE_CUSTOMER: (
                "reviewer",
                self.env._(
                    "Several contacts could be this customer, or the contact belongs "
                    "to another customer already. Press Choose Customer and say which "
                    "one it is."
                ),
            ),
            Reason.UNMAPPED_PRODUCT: (
                "manager",
                self.env._(
                    "Add the product to the source's mappings, or set a default "
                    "product there, then retry."
                ),
            ),
            Reason.UNMAPPED_TAX: (
                "manager",
                self.env._(
                    "Press Map Tax Rate, or add a rule to the source that fits the "
                    "rate, or set a default tax there, then retry."
                ),
            ),
            Reason.INCOMPLETE_SETUP: (
                "manager",
                self.env._("Complete the set-up as the detail says, then retry."),
            ),
            Reason.SOURCE_REFUSED: (
                "manager",
                self.env._(
                    "The source refused to send what is missing. Check that the API "
                    "key is valid and may read this kind of object, then retry."
                ),
            ),
        }

    def _get_steps_of_books(self):
        """Return who should act, and how, when the books can't take what is stated."""
        return {
            Reason.TAX_MISMATCH: (
                "manager",
                self.env._(
                    "The mapped tax gives another amount than the source charged, as "
                    "the comparison shows. Correct the mapping of the tax rate, or "
                    "the rule that fits it, then retry."
                ),
            ),
            Reason.AMOUNT_MISMATCH: (
                "reviewer",
                self.env._(
                    "The amounts don't agree, as the detail says. Compare them with "
                    "the source. Then retry, or book it by hand and ignore the event."
                ),
            ),
            Reason.CURRENCY_MISMATCH: (
                "reviewer",
                self.env._(
                    "Set up the currency as the detail says, with a rate for that "
                    "day, then retry."
                ),
            ),
            Reason.PERIOD_LOCKED: (
                "reviewer",
                self.env._(
                    "Its date is in a period that is locked. Open the period and "
                    "retry, or enter the document in an open period by hand and "
                    "ignore the event."
                ),
            ),
            Reason.POSTING_FAILED: (
                "reviewer",
                self.env._(
                    "Odoo could not book it, for the reason in the detail. Fix it, "
                    "then retry. If the error was unexpected, ask an operator to read "
                    "the trace."
                ),
            ),
            Reason.RETRIES_EXHAUSTED: (
                "operator",
                self.env._("Look at the last error, fix its cause, then retry."),
            ),
        }

    def _get_steps_of_ignored(self):
        """Return who should act, and how, when an event was ignored in sight."""
        return {
            Reason.IGNORED_BY_PERSON: (
                "reviewer",
                self.env._(
                    "There is nothing to do. Retry the event if it should be "
                    "booked after all."
                ),
            ),
            Reason.MONEY_NOT_BOOKED: (
                "reviewer",
                self.env._(
                    "Money moved at the source in a way that is not booked yet. Book "
                    "it by hand, or the clearing account will differ from the source."
                ),
            ),
            Reason.BEFORE_CUTOVER: (
                "reviewer",
                self.env._(
                    "If the event was ignored, there is nothing to do: the books that "
                    "ended at the cut-over have it. If it waits, it was undone since: "
                    "book that by hand, then ignore the event."
                ),
            ),
        }
