from odoo import models

from ...canonical.actions import Action
from ...canonical.facts import INVOICE_RANK
from ...canonical.kinds import Kind
from ...ledger.entry import OPENING, Entry, journal_item


class SaasCutoverOpening(models.AbstractModel):
    """Brings in what stood open at the cut-over, each item once: against the opening
    account, without revenue and without tax, which the old books have.
    """

    _name = "saas.cutover.opening"
    _inherit = "saas.handler"
    _description = "SaaS opening handler"

    #: The kind of the bindings that say what is brought in.
    _binding_kind = None

    def _apply(self, source, items):
        self._find_tenants(source, items)
        bindings = self.env["saas.binding"]._find(
            source, self._binding_kind, [item.fact.external_id for item in items]
        )
        new = {
            item.fact.external_id: item
            for item in items
            if not item.error and item.fact.external_id not in bindings
        }
        self._bring_in(source, list(new.values()))

    def _get_open(self, source, item):
        """Return the account that stands open, and what stands there: debit is
        positive, in the source's minor units.
        """
        raise NotImplementedError

    def _bring_in(self, source, items):
        """Book and bind what was open; only bind what was not."""
        booked = self.env["saas.ledger.entry"]._book(
            source, [self._prepare_entry(source, item) for item in items]
        )
        done = {entry.item for entry in booked}
        nothing = [item for item in items if item not in done and not item.error]
        bindings = self.env["saas.binding"]
        bindings.create(
            [
                bindings._prepare_vals(
                    source,
                    self._binding_kind,
                    item.fact.external_id,
                    **self._prepare_binding_vals(item, is_open=False),
                )
                for item in nothing
            ]
        )
        for item in nothing:
            item.log(Action.NOTHING_OPEN)

    def _prepare_entry(self, source, item):
        """Return the entry of what was open; all its lines are zero if nothing was."""
        account, minor = self._get_open(source, item)
        amount = item.fact.decimal(minor)
        partner = item.tenant.booking_partner_id.commercial_partner_id
        name = getattr(item.fact, "number", "") or item.fact.external_id
        return Entry(
            item,
            OPENING,
            self._binding_kind,
            item.fact.external_id,
            source.cutover_date,
            [
                journal_item(
                    account,
                    amount,
                    name,
                    partner,
                    **self._prepare_maturity(source, item),
                ),
                journal_item(source.opening_account_id, -amount, name, partner),
            ],
            text=name,
            vals={"invoice_date": source.cutover_date, "partner_id": partner.id},
            binding=self._prepare_binding_vals(item, is_open=True),
            action=Action.OPENING_POSTED,
        )

    def _prepare_maturity(self, source, item):
        """Return the values of the open journal item that say when it is due."""
        return {}

    def _prepare_binding_vals(self, item, is_open):
        """Return the further values of the binding of what was open, or was not."""
        return {"tenant_id": item.tenant.id}


class SaasHandlerInvoiceOpening(models.AbstractModel):
    """Handles invoices that were open at the cut-over: Dr receivable, Cr opening. They
    are bound as invoices, so payments, credit notes and voids find them.
    """

    _name = "saas.handler.invoice_opening"
    _inherit = "saas.cutover.opening"
    _description = "SaaS invoice opening handler"

    _binding_kind = Kind.INVOICE

    def _find_tenants(self, source, items):
        self.env["saas.handler.customer"]._ensure_tenants(
            source, [(item, item.fact.party) for item in items]
        )

    def _get_open(self, source, item):
        partner = item.tenant.booking_partner_id.with_company(source.company_id)
        return partner.property_account_receivable_id, item.fact.amount

    def _prepare_entry(self, source, item):
        entry = super()._prepare_entry(source, item)
        entry.vals["saas_state"] = "open"
        return entry

    def _prepare_maturity(self, source, item):
        due_at = item.fact.due_at
        return {"date_maturity": due_at and source._localize_date(due_at)}

    def _prepare_binding_vals(self, item, is_open):
        return {
            **super()._prepare_binding_vals(item, is_open),
            "rank": INVOICE_RANK["open" if is_open else "void"],
        }

    def _apply(self, source, items):
        result = super()._apply(source, items)
        # A payment may have been booked before the item was there.
        self.env["saas.ledger.settlement"]._reconcile(
            source,
            {(Kind.INVOICE, i.fact.external_id): i for i in items if not i.error},
        )
        return result


class SaasHandlerCreditOpening(models.AbstractModel):
    """Handles customer credit at the cut-over: Dr opening, Cr customer credit."""

    _name = "saas.handler.balance_opening"
    _inherit = "saas.cutover.opening"
    _description = "SaaS customer credit opening handler"

    _binding_kind = Kind.CREDIT_OPENING

    def _find_tenants(self, source, items):
        tenants = self.env["saas.tenant"]._find(
            source, [item.fact.customer for item in items]
        )
        for item in items:
            item.tenant = tenants.get(item.fact.customer)
            if not item.tenant:
                item.park(Kind.CUSTOMER, item.fact.customer)
            elif missing := source._get_missing_account("balance_account_id"):
                item.lack(missing)

    def _get_open(self, source, item):
        return source.balance_account_id, -item.fact.credit
