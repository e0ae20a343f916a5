from decimal import Decimal

from odoo import models

from ...canonical.facts import REFUND_RANK
from ...canonical.kinds import Kind
from ...canonical.moments import aware
from ...canonical.money import exact


class SaasNoticesRiskAmount(models.AbstractModel):
    """Computes how much is at risk, and whose money it is, from what is booked of the
    payments: in any order of what is told that ends with the same.
    """

    _name = "saas.notices.risk_amount"
    _description = "SaaS amounts at risk"

    def _refresh(self, source, risks):
        """Bring risks of a source to what is booked of their payments."""
        bindings = self.env["saas.binding"]._find(
            source, Kind.PAYMENT, [*filter(None, risks.mapped("payment_ref"))]
        )
        payments = {}
        for risk in risks:
            binding = bindings.get(risk.payment_ref)
            record = binding and binding._get_record()
            is_payment = bool(record) and record._name == "account.payment"
            payments[risk] = record if is_payment else self.env["account.payment"]
            risk.payment_id = payments[risk]
            if binding:
                risk.tenant_id = binding._get_tenant()
            if is_payment:
                risk.currency_id = record.currency_id
        every = self.env["account.payment"].union(*payments.values())
        left, rates = self._get_left(source, every), self._get_rates(source, risks)
        places = source.company_id.currency_id.decimal_places
        for risk in risks:
            amount, rate = self._choose(risk, left.get(payments[risk])), rates.get(risk)
            is_known = amount is not None and rate is not None
            own = (
                (amount / rate).quantize(Decimal(1).scaleb(-places)) if is_known else 0
            )
            risk.write(
                {
                    "amount": amount or 0,
                    "amount_company": own,
                    "is_amount_known": is_known,
                }
            )

    def _choose(self, risk, left):
        """Return what is at risk: what is left of the payment, but no more than the
        source says; None where neither is known.

        :param left: a Decimal, or None without a booked payment.
        """
        told = None
        if risk.is_amount_told:
            told = exact(risk.told_amount, risk.currency_id.decimal_places)
        return min((each for each in (told, left) if each is not None), default=None)

    def _get_rates(self, source, risks):
        """Return by risk the rate of its day, where that is known."""
        keys = {
            risk: (
                source.company_id,
                risk.currency_id,
                source._localize_date(aware(risk.opened_at or risk.create_date)),
            )
            for risk in risks
            if risk.currency_id
        }
        rates = self.env["saas.ledger.rates"]._find(set(keys.values()))
        return {risk: rates[key] for risk, key in keys.items() if key in rates}

    def _get_left(self, source, payments):
        """Return what of payments is neither refunded nor taken back, an exact Decimal
        each.
        """
        bindings = self.env["saas.binding"]
        own = [("source_id", "=", source.id)]
        known = bindings.search(
            [
                *own,
                ("kind", "=", Kind.PAYMENT),
                ("res_model", "=", "account.payment"),
                ("res_id", "in", payments.ids),
            ]
        )
        holders = {binding.external_id: binding.res_id for binding in known}
        parts = bindings.search(
            [
                *own,
                ("kind", "in", (Kind.REFUND, Kind.PAYMENT_FAILURE)),
                ("parent_ref", "in", list(holders)),
                ("res_id", "!=", False),
            ]
        )
        left = {p: exact(p.amount, p.currency_id.decimal_places) for p in payments}
        for part in parts:
            payment = payments.browse(holders[part.parent_ref])
            if part.kind == Kind.PAYMENT_FAILURE:
                left[payment] = Decimal(0)
            elif part.rank < REFUND_RANK["returned"]:
                refund = part._get_record()
                left[payment] -= exact(refund.amount, refund.currency_id.decimal_places)
        return {payment: max(amount, Decimal(0)) for payment, amount in left.items()}
