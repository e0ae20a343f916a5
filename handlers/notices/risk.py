from odoo import models
from odoo.fields import Domain

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ...canonical.moments import naive
from ...canonical.money import to_decimal

#: What changes how much of a payment is at risk, or whose it is.
_OF_PAYMENTS = (Kind.PAYMENT, Kind.REFUND, Kind.PAYMENT_FAILURE)


class SaasHandlerRisk(models.AbstractModel):
    """Handles risks: payments or customers that a source doubts. The newest snapshot is
    kept, and nothing is booked. While a risk is open its tenant is at risk, and a case
    asks a person to look at it.

    What is at risk is what of the payment is not refunded, so it is computed from what
    is booked, whichever is told first.
    """

    _name = "saas.handler.risk"
    _inherit = "saas.handler"
    _description = "SaaS risk handler"

    def _apply(self, source, items):
        self._find_owners(source, items)
        items = [item for item in items if not item.error]
        currencies = self._find_currencies(items)
        bindings = self.env["saas.binding"]._find(
            source, Kind.RISK, [item.fact.external_id for item in items]
        )
        created = self._create_mirrors(
            source,
            "saas.risk",
            [item for item in items if item.fact.external_id not in bindings],
            lambda item: self._prepare_risk_vals(item, currencies),
            lambda fact: {"version": fact.age},
        )
        for item, risk in created.items():
            # Nobody has to know of what was over before it was told.
            is_open = item.fact.state == "open"
            item.log(Action.RISK_FLAGGED if is_open else Action.RISK_UPDATED, risk)
        for item in items:
            if binding := bindings.get(item.fact.external_id):
                self._advance(item, binding, currencies)

    def _find_owners(self, source, items):
        """Set the tenants whose money it is. A risk whose payment, or customer, isn't
        known yet waits.
        """
        refs = [item.fact.payment for item in items if item.fact.payment]
        bindings = self.env["saas.binding"]._find(source, Kind.PAYMENT, refs)
        for item in items:
            ref = item.fact.payment
            if ref in bindings:
                item.tenant = bindings[ref]._get_tenant()
            elif ref:
                item.park(Kind.PAYMENT, ref)
        self._find_tenants(source, [item for item in items if not item.fact.payment])

    def _find_currencies(self, items):
        """Return the currencies of what is told to be at risk, by code, also those that
        are not active.
        """
        codes = {item.fact.currency for item in items if item.fact.amount is not None}
        if not codes:
            return {}
        currencies = self.env["res.currency"].with_context(active_test=False)
        found = currencies.search([("name", "in", sorted(codes))])
        return {currency.name: currency for currency in found}

    def _advance(self, item, binding, currencies):
        """Bring a known risk to a newer snapshot. Since when it is there, an older one
        tells as well.
        """
        fact, risk = item.fact, binding._get_record()
        opened_at = naive(fact.opened_at)
        if opened_at and (not risk.opened_at or opened_at < risk.opened_at):
            risk.opened_at = opened_at
        if fact.age <= (binding.version or ""):
            return
        binding.version = fact.age
        before = risk.state
        vals = self._prepare_risk_vals(item, currencies)
        del vals["opened_at"]
        risk.write(vals)
        action = Action.RISK_UPDATED
        if risk.state != before:
            is_open = risk.state == "open"
            action = Action.RISK_FLAGGED if is_open else Action.RISK_CLEARED
        item.log(action, risk)

    def _prepare_risk_vals(self, item, currencies):
        fact, is_open = item.fact, item.fact.state == "open"
        currency = currencies.get(fact.currency)
        is_told = bool(currency) and fact.amount is not None
        return {
            "tenant_id": item.tenant.id if item.tenant else False,
            "payment_ref": fact.payment or False,
            "form": fact.form,
            "state": fact.state,
            "reason": fact.reason or False,
            "is_actionable": fact.is_actionable,
            "currency_id": currency.id if currency else False,
            "is_amount_told": is_told,
            "told_amount": to_decimal(fact.amount, fact.exponent) if is_told else 0,
            "opened_at": naive(fact.opened_at),
            "closed_at": False if is_open else naive(fact.told_at),
            "cleared_by_id": False,
        }

    # -- what follows ------------------------------------------------------------------

    def _follow(self, source, items):
        """Bring to what a batch has told what depends on it: how much is at risk, the
        cases, and what was held back. It asks nothing where no risk was told, and of no
        payment anything.
        """
        applied = [item for item in items if not item.error]
        told = {}
        for item in applied:
            if item.fact.kind == Kind.RISK:
                told.setdefault(item.fact.external_id, []).append(item.event)
        refs = {
            ref
            for item in applied
            if item.fact.kind in _OF_PAYMENTS
            for ref in (item.fact.external_id, getattr(item.fact, "payment", None))
            if ref
        }
        if not told and not refs:
            return
        if risks := self._find_touched(source, list(told), refs):
            self.env["saas.notices.risk_amount"]._refresh(source, risks)
            events = {risk: told.get(risk.external_id, ()) for risk in risks}
            risks._follow_state(events)

    def _find_touched(self, source, told, refs):
        """Return the risks that were told, and those of payments that go by an id."""
        wanted = Domain("external_id", "in", told)
        if refs:
            bindings = self.env["saas.binding"]._find(source, Kind.PAYMENT, refs)
            booked = {
                binding.res_id
                for binding in bindings.values()
                if binding.res_model == "account.payment"
            }
            wanted |= Domain("payment_ref", "in", list(refs))
            wanted |= Domain("payment_id", "in", list(booked))
        return self.env["saas.risk"].search(
            Domain("source_id", "=", source.id) & wanted
        )
