from odoo import Command, models

from ...canonical.facts import INVOICE_RANK
from ...canonical.reasons import Reason


class SaasCutoverOpening(models.AbstractModel):
    """Brings in what stood open at the cut-over, each item once: against the opening
    account, without revenue and without tax, which the old books have.
    """

    _name = "saas.cutover.opening"
    _inherit = "saas.handler"
    _description = "SaaS opening handler"

    #: Of the bindings that say what is brought in.
    _binding_kind = None

    def _apply(self, source, items):
        self._find_tenants(source, items)
        bindings = self._get_bindings(
            source, self._binding_kind, [item.fact.external_id for item in items]
        )
        new = {
            item.fact.external_id: item
            for item in items
            if not item.error and item.fact.external_id not in bindings
        }
        self._bring_in(source, list(new.values()))

    def _find_tenants(self, source, items):
        raise NotImplementedError

    def _prepare_lines(self, source, item):
        """Return the account that stands open, and what stands there: debit is
        positive, in the source's minor units.
        """
        raise NotImplementedError

    def _bring_in(self, source, items):
        """Book and bind what was open; only bind what was not."""
        currencies = self._check(source, items)
        items = [item for item in items if not item.error]
        due = [item for item in items if any(item.fact.amounts)]
        moves = self.env["account.move"].create(
            [
                self._prepare_move_vals(source, item, currencies[item.fact.currency])
                for item in due
            ]
        )
        moves._post(soft=False)
        booked = dict(zip(due, moves, strict=True))
        self.env["saas.binding"].create(
            [self._prepare_binding_vals(source, i, booked.get(i)) for i in items]
        )
        for item in items:
            move = booked.get(item)
            item.log("opening_posted" if move else "nothing_open", move)

    def _check(self, source, items):
        """Quarantine what can't be booked; return the currencies by code."""
        date, journal = source.cutover_date, source.opening_journal_id
        for item in items:
            if not (date and journal and source.opening_account_id):
                item.quarantine(
                    Reason.INCOMPLETE_SETUP,
                    self.env._("the source has no cut-over with account and journal"),
                )
            elif error := self._get_period_error(source, date, journal):
                item.fail(error)
        good = [(item, date) for item in items if not item.error]
        return self.env["saas.ledger.currency"]._check(source, good)

    def _prepare_move_vals(self, source, item, currency):
        account, amount = self._prepare_lines(source, item)
        partner = item.tenant.partner_id.commercial_partner_id
        value = item.fact.decimal(amount)
        balance = currency._convert(
            # Odoo converts floats, and rounds to the company's currency.
            float(value),
            source.company_id.currency_id,
            source.company_id,
            source.cutover_date,
        )
        name = getattr(item.fact, "number", "") or item.fact.external_id
        common = {
            "partner_id": partner.id,
            "currency_id": currency.id,
            "name": name,
        }
        return {
            "move_type": "entry",
            "journal_id": source.opening_journal_id.id,
            "company_id": source.company_id.id,
            "date": source.cutover_date,
            "invoice_date": source.cutover_date,
            "partner_id": partner.id,
            "currency_id": currency.id,
            "ref": name,
            "saas_source_id": source.id,
            "saas_tenant_id": item.tenant.id,
            "saas_external_id": item.fact.external_id,
            "line_ids": [
                Command.create(
                    {
                        **common,
                        "account_id": line_account.id,
                        "amount_currency": sign * value,
                        "balance": sign * balance,
                        **details,
                    }
                )
                for line_account, sign, details in (
                    (account, 1, self._prepare_maturity(source, item)),
                    (source.opening_account_id, -1, {}),
                )
            ],
        }

    def _prepare_maturity(self, source, item):
        return {}

    def _prepare_binding_vals(self, source, item, move):
        return self._bind(
            source,
            self._binding_kind,
            item.fact.external_id,
            move,
            tenant_id=item.tenant.id,
        )


class SaasHandlerInvoiceOpening(models.AbstractModel):
    """Invoices that were open: Dr receivable, Cr opening. They are bound as what they
    are, so payments, credit notes and voids find them.
    """

    _name = "saas.handler.invoice_opening"
    _inherit = "saas.cutover.opening"
    _description = "SaaS invoice opening handler"

    _binding_kind = "invoice"

    def _find_tenants(self, source, items):
        self.env["saas.handler.customer"]._ensure_tenants(
            source, [(item, item.fact.party) for item in items]
        )

    def _prepare_lines(self, source, item):
        partner = item.tenant.partner_id.with_company(source.company_id)
        return partner.property_account_receivable_id, item.fact.amount

    def _prepare_move_vals(self, source, item, currency):
        return {
            **super()._prepare_move_vals(source, item, currency),
            "saas_state": "open",
        }

    def _prepare_maturity(self, source, item):
        due_at = item.fact.due_at
        return {"date_maturity": due_at and source._localize_date(due_at)}

    def _prepare_binding_vals(self, source, item, move):
        return {
            **super()._prepare_binding_vals(source, item, move),
            "rank": INVOICE_RANK["open" if move else "void"],
        }

    def _apply(self, source, items):
        result = super()._apply(source, items)
        # A payment may have been booked before the item was there.
        self.env["saas.ledger.settlement"]._settle(
            source,
            {("invoice", i.fact.external_id): i for i in items if not i.error},
        )
        return result


class SaasHandlerBalanceOpening(models.AbstractModel):
    """Credit balances that customers had: Dr opening, Cr customer balances."""

    _name = "saas.handler.balance_opening"
    _inherit = "saas.cutover.opening"
    _description = "SaaS balance opening handler"

    _binding_kind = "balance_opening"

    def _find_tenants(self, source, items):
        tenants = self._get_tenants(source, [item.fact.customer for item in items])
        for item in items:
            item.tenant = tenants.get(item.fact.customer)
            if not item.tenant:
                item.park("customer", item.fact.customer)
            elif not source.balance_account_id:
                item.quarantine(
                    Reason.INCOMPLETE_SETUP,
                    self.env._("the source has no account for customer balances"),
                )

    def _prepare_lines(self, source, item):
        return source.balance_account_id, -item.fact.credit
