from odoo import api, fields, models
from odoo.exceptions import UserError

from ..canonical.facts import Payer
from ..canonical.kinds import Kind
from ..canonical.reasons import OPEN_STATES, Reason, State
from ..canonical.reference import Reference
from ..canonical.review.duties import Decision


class SaasCustomerChoose(models.TransientModel):
    """Lets a person say which customer an event is about, or whose money.

    Payloads are masked for people; here alone the customer's name and addresses are
    shown, to those who have to recognise them.
    """

    _name = "saas.customer.choose"
    _description = "Choose Customer"
    _inherit = ["saas.decision.mixin", "saas.previewed.mixin", "saas.guarded.mixin"]
    _decision = Decision.CHOOSE_CUSTOMER
    _check_company_auto = True

    event_ids = fields.Many2many("saas.subscription.event", required=True)
    company_id = fields.Many2one(related="event_ids.company_id")
    customer_ref = fields.Char(string="ID at Source", compute="_compute_customer")
    customer_name = fields.Char(string="Name", compute="_compute_customer")
    customer_email = fields.Char(string="E-mail", compute="_compute_customer")
    customer_phone = fields.Char(string="Phone", compute="_compute_customer")
    customer_vat = fields.Char(string="VAT Number", compute="_compute_customer")
    candidate_ids = fields.Many2many(
        "res.partner", compute="_compute_customer", string="Similar Contacts"
    )
    choice = fields.Selection(
        [
            ("partner", "A contact in Odoo"),
            ("tenant", "A tenant that is here already, under another ID"),
            ("new", "A new customer: create a contact"),
        ],
        string="It Is",
        required=True,
        compute="_compute_choice",
        store=True,
        readonly=False,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        check_company=True,
        compute="_compute_choice",
        store=True,
        readonly=False,
    )
    tenant_id = fields.Many2one(
        "saas.tenant",
        check_company=True,
        domain="[('company_id', '=', company_id), ('merged_into_id', '=', False)]",
        compute="_compute_choice",
        store=True,
        readonly=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """The form proposes who it is, for a person to see; a caller has to say it."""
        self.check_access("create")
        if not all(vals.get("choice") or self._has_default(vals) for vals in vals_list):
            raise UserError(
                self.env._(
                    "Say who the customer is: a contact, a tenant or a new customer."
                )
            )
        return super().create(vals_list)

    def _has_default(self, vals):
        """Return whether the caller's context says what ``vals`` leave open."""
        return "choice" not in vals and self.env.context.get("default_choice")

    @api.depends("event_ids")
    def _compute_customer(self):
        for wizard in self:
            # A form that isn't saved yet has its events as origin.
            event = wizard.event_ids._origin[:1]
            fact = self._read_fact(event) if event else None
            customer = fact and self._get_customer(fact)
            wizard.customer_ref = fact and fact.external_id
            wizard.customer_name = customer and customer.name
            wizard.customer_email = customer and customer.email
            wizard.customer_phone = customer and customer.phone
            wizard.customer_vat = customer and ", ".join(customer.vat_numbers)
            wizard.candidate_ids = customer and self._find_candidates(event, customer)

    @api.depends("event_ids")
    def _compute_choice(self):
        """Propose the likely contact, as the suggestion does; the person decides."""
        for wizard in self:
            answer = wizard._find_likely()
            wizard.choice = answer.values["choice"] if answer else "partner"
            wizard.tenant_id = answer and answer.values["tenant_id"]
            wizard.partner_id = answer and answer.values["partner_id"]

    def _find_likely(self):
        """Return the suggestion of who it is; None if nothing but a name tells."""
        event = self.event_ids._origin[:1]
        fact = self._read_fact(event) if event else None
        if not fact:
            return None
        suggest = self.env["saas.suggest.customer"].sudo()
        customers = [self._get_customer(fact)]
        [(answer, _tied)] = suggest._weigh(event.source_id.sudo(), customers)
        return answer

    @api.model
    def _read_fact(self, event):
        """Return what a person can say of ``event``: the customer that it names, as a
        fact, or the money that belongs to no customer. None if there is nothing to say.
        """
        event._check_may_decide()
        for fact in event._get_facts():
            if fact.kind == Kind.CUSTOMER:
                return fact
            if customer := getattr(fact, "party", None):
                return customer
            if _is_money(fact) and not self._names_unknown(event, fact):
                return fact
            if fact.customer:
                payer = getattr(fact, "payer", None) or Payer()
                return payer.as_customer(fact.customer)
        return None

    def _names_unknown(self, event, fact):
        """Return whether money waits for a customer whom its source names."""
        return bool(fact.customer) and not self._is_bound(event, fact.customer)

    @api.model
    def _get_customer(self, fact):
        """Return what is known of the customer or payer that a fact is about."""
        if fact.kind == Kind.CUSTOMER:
            return fact
        payer = fact.payer or Payer()
        return payer.as_customer(fact.external_id)

    @api.model
    def _find_candidates(self, event, customer):
        handler = self.env["saas.handler.customer"].sudo()
        candidates = handler._find_candidates(event.source_id.sudo(), customer)
        return candidates.sudo(False)

    def _check_decision(self):
        """Raise unless there is something to choose for one event, and it is chosen."""
        event = self.event_ids
        if len(event) != 1:
            raise UserError(
                self.env._(
                    "Choose the customer of one event at a time. Select a single event."
                )
            )
        fact = self._read_fact(event)
        if not fact or (fact.kind == Kind.CUSTOMER and not self._is_open(event)):
            raise UserError(
                self.env._(
                    "This event does not wait for a customer, so there is none to "
                    "choose. If it belongs to a payment, choose on that payment's "
                    "event."
                )
            )
        partner, tenant = self._get_chosen()
        if self.choice != "new" and not partner and not tenant:
            raise UserError(self.env._("Choose which customer it is."))

    def _get_chosen(self):
        """Return the contact and the tenant that count by the choice."""
        partner, tenant = self.partner_id, self.tenant_id
        return (
            partner if self.choice == "partner" else partner.browse(),
            tenant if self.choice == "tenant" else tenant.browse(),
        )

    def _get_amount(self):
        """Return what is at stake with all events that wait for this choice."""
        fact = self._read_fact(self.event_ids)
        if fact.kind != Kind.CUSTOMER:
            return super()._get_amount()
        events = self._get_events_of(self.event_ids, fact)
        behind = self.event_ids._get_waiting_for_customer(fact.external_id)
        return (events | behind)._sum_stakes()

    def _decide(self):
        """Keep what the person chose, and process the events that it is about. Money
        that is booked already goes to the tenant that was chosen.
        """
        event = self.event_ids
        fact, (partner, tenant) = self._read_fact(event), self._get_chosen()
        if fact.kind != Kind.CUSTOMER:
            return self._choose_owner(event, fact, partner, tenant)
        waiting = event._get_waiting_for_customer(fact.external_id)
        if not self._is_bound(event, fact.external_id):
            handler = self.env["saas.handler.customer"].sudo()
            handler.with_company(event.company_id)._bind_customer(
                event.source_id.sudo(),
                fact,
                partner=partner.sudo(),
                tenant=tenant.sudo(),
            )
        # What waited for the customer is on its way already.
        events = self._get_events_of(event, fact)
        events._check_may_decide()
        events.filtered(
            lambda e: State(e.state) in OPEN_STATES
        )._without_held()._retry_and_tell()
        event.source_id.sudo()._enqueue_drain()
        return (waiting | events)._tell_of_retry()

    def _choose_owner(self, event, fact, partner, tenant):
        """Keep whose money it is, and have its event processed: once more, if it is
        done.
        """
        if self.choice == "new" and not (fact.payer and fact.payer.is_known):
            raise UserError(
                self.env._(
                    "Neither a name nor an e-mail of the payer is known, so no contact "
                    "can be made of it. Choose a contact or a tenant."
                )
            )
        owners = self.env["saas.payments.owner"].sudo()
        owners.with_company(event.company_id)._choose(
            event.source_id.sudo(), fact, partner.sudo(), tenant.sudo()
        )
        if event.state == State.DONE:
            return event.action_replay()
        return event.action_retry()

    def _is_open(self, event):
        """Return whether an event waits for a person, or for a customer."""
        if event.reason == Reason.DUPLICATE_CUSTOMER:
            return True
        return State(event.state) in OPEN_STATES and event.may_choose_customer

    def _is_bound(self, event, customer):
        """Return whether a customer is known, or somebody else has decided
        meanwhile.
        """
        return bool(
            self.env["saas.binding"].search_count(
                [
                    ("source_id", "=", event.source_id.id),
                    ("kind", "=", Kind.CUSTOMER),
                    ("external_id", "=", customer),
                ],
                limit=1,
            )
        )

    def _get_events_of(self, event, fact):
        """Return ``event`` and the others that wait for the same decision, however long
        they have waited: those of the cases that are about the customer.
        """
        cases = self.env["saas.exception"]._find_open(
            [("source_id", "=", event.source_id.id)],
            (Reason.DUPLICATE_CUSTOMER, Reason.UNKNOWN_TENANT),
            [str(Reference(Kind.CUSTOMER, fact.external_id))],
        )
        return event | cases._get_events().sudo(False)


def _is_money(fact):
    """Return whether a person may say whose money a fact is about. Of a refund whose
    payment is booked, that is asked for the payment.
    """
    return fact.kind in (Kind.PAYMENT, Kind.REFUND)
