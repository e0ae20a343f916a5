from odoo import api, fields, models
from odoo.exceptions import UserError

from ..canonical.envelope import parse
from ..canonical.errors import EventError
from ..canonical.kinds import Kind
from ..canonical.reasons import Reason, State


class SaasCustomerChoose(models.TransientModel):
    """Lets a person say which customer an event is about.

    Payloads are masked for people; here alone the customer's name and addresses are
    shown, to those who have to recognise them.
    """

    _name = "saas.customer.choose"
    _description = "Choose SaaS customer"
    _inherit = ["saas.guarded.mixin"]
    _check_company_auto = True

    event_ids = fields.Many2many("saas.subscription.event", required=True)
    company_id = fields.Many2one(related="event_ids.company_id")
    customer_ref = fields.Char(string="Customer ID", compute="_compute_customer")
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
        compute="_compute_choice",
        store=True,
        readonly=False,
    )

    @api.depends("event_ids")
    def _compute_customer(self):
        for wizard in self:
            # A form that isn't saved yet has its events as origin.
            event = wizard.event_ids._origin[:1]
            fact = self._read_customer(event) if event else None
            wizard.customer_ref = fact and fact.external_id
            wizard.customer_name = fact and fact.name
            wizard.customer_email = fact and fact.email
            wizard.customer_phone = fact and fact.phone
            wizard.customer_vat = fact and ", ".join(fact.vat_numbers)
            wizard.candidate_ids = fact and self._find_candidates(event, fact)

    @api.depends("candidate_ids")
    def _compute_choice(self):
        """Propose the likely contact; the person decides."""
        for wizard in self:
            candidates = wizard.candidate_ids._origin
            tenants = self.env["saas.tenant"].search(
                [
                    ("partner_id", "in", candidates.ids),
                    ("company_id", "=", wizard.company_id.id),
                ]
            )
            wizard.choice = "tenant" if tenants else "partner"
            wizard.tenant_id = tenants if len(tenants) == 1 else False
            wizard.partner_id = candidates if len(candidates) == 1 else False

    @api.model
    def _read_customer(self, event):
        """Return the customer that ``event`` names, or None."""
        event._check_may_decide()
        try:
            payload = parse(event._get_body())
            facts = event.source_id._get_adapter()._normalise(payload) or []
        except EventError:
            return None
        for fact in facts:
            customer = (
                fact if fact.kind == Kind.CUSTOMER else getattr(fact, "party", None)
            )
            if customer:
                return customer
        return None

    @api.model
    def _find_candidates(self, event, fact):
        handler = self.env["saas.handler.customer"].sudo()
        return handler._find_candidates(event.source_id.sudo(), fact).sudo(False)

    def action_apply(self):
        """Bind the customer as the person chose, and process the events that wait for
        it.

        :raises UserError: if nothing is chosen, or somebody else has decided meanwhile.
        """
        self.ensure_one()
        self._check_links()
        event = self.event_ids
        if len(event) != 1:
            raise UserError(
                self.env._(
                    "Choose the customer of one event at a time. Select a single event."
                )
            )
        fact = self._read_customer(event)
        if not fact or event.reason != Reason.DUPLICATE_CUSTOMER:
            raise UserError(
                self.env._(
                    "This event does not wait for a customer, so there is none to "
                    "choose."
                )
            )
        partner = (
            self.partner_id if self.choice == "partner" else self.partner_id.browse()
        )
        tenant = self.tenant_id if self.choice == "tenant" else self.tenant_id.browse()
        if self.choice != "new" and not partner and not tenant:
            raise UserError(self.env._("Choose which customer it is."))
        if not self._is_bound(event, fact):
            handler = self.env["saas.handler.customer"].sudo()
            handler.with_company(event.company_id)._bind_customer(
                event.source_id.sudo(),
                fact,
                partner=partner.sudo(),
                tenant=tenant.sudo(),
            )
        self._get_events_of(event, fact).action_retry()

    def _is_bound(self, event, fact):
        """Return whether somebody else has decided meanwhile."""
        return bool(
            self.env["saas.binding"].search_count(
                [
                    ("source_id", "=", event.source_id.id),
                    ("kind", "=", Kind.CUSTOMER),
                    ("external_id", "=", fact.external_id),
                ],
                limit=1,
            )
        )

    def _get_events_of(self, event, fact):
        """Return ``event`` and the others that wait for the same decision."""
        waiting = event.search(
            [
                ("source_id", "=", event.source_id.id),
                ("state", "=", State.QUARANTINED.value),
                ("reason", "=", Reason.DUPLICATE_CUSTOMER.value),
            ]
        )
        return event | waiting.filtered(
            lambda other: (
                (customer := self._read_customer(other))
                and customer.external_id == fact.external_id
            )
        )
