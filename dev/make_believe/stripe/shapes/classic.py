"""The shape of Stripe's objects in API versions before 2025-03-31.basil."""

from ..units import minor, stamp
from .shape import Shape


class ClassicShape(Shape):
    """Here an invoice knows its charge and a charge its invoice, a line holds its
    price and tax rates whole, and a period is the subscription's.
    """

    #: There is no object yet that ties a payment to an invoice.
    has_invoice_payment = False

    def subscription(self, tenant, subscription):
        return {
            **super().subscription(tenant, subscription),
            "current_period_end": stamp(subscription.end),
            "current_period_start": stamp(subscription.start),
            "discount": None,
            "quantity": subscription.items[0].quantity,
            "schedule": None,
        }

    def invoice(self, tenant, invoice):
        payment = invoice.payments[-1] if invoice.payments else None
        tax = minor(invoice.tax, invoice.currency)
        return {
            **super().invoice(tenant, invoice),
            "charge": payment and payment.charge,
            "discount": None,
            "paid": invoice.status == "paid",
            "paid_out_of_band": bool(invoice.outside),
            "payment_intent": payment and payment.id,
            "quote": None,
            "subscription": invoice.subscription or None,
            "subscription_details": {"metadata": {}} if invoice.subscription else None,
            "tax": tax or None,
            "total_tax_amounts": [],
        }

    def invoice_line(self, invoice, line):
        price = self.price(line.product, invoice.currency)
        return {
            **self.line(line, invoice.currency),
            "amount_excluding_tax": minor(line.net + line.discount, invoice.currency),
            "invoice": invoice.id,
            "plan": {
                "id": price["id"],
                "object": "plan",
                "amount": price["unit_amount"],
                "currency": price["currency"],
                "interval": "month",
                "product": price["product"],
            },
            "price": price,
            "proration": line.proration,
            "proration_details": {"credited_items": None},
            "subscription": invoice.subscription or None,
            "type": "invoiceitem" if line.proration else "subscription",
            **self._taxes(line, invoice.currency),
        }

    def charge(self, tenant, payment):
        return {
            **super().charge(tenant, payment),
            "invoice": payment.invoice and payment.invoice.id,
        }

    def payment_intent(self, tenant, payment):
        return {
            **super().payment_intent(tenant, payment),
            "invoice": payment.invoice and payment.invoice.id,
        }

    def credit_note(self, tenant, note):
        return {
            **super().credit_note(tenant, note),
            "refund": note.refund and note.refund.id,
            "tax_amounts": [],
        }

    def credit_line(self, note, line):
        currency = note.invoice.currency
        return {
            **super().credit_line(note, line),
            "amount_excluding_tax": minor(line.net + line.discount, currency),
            **self._taxes(line, currency),
        }

    def _taxes(self, line, currency):
        if not line.rate:
            return {"tax_amounts": [], "tax_rates": []}
        rate = {
            "id": line.rate.id,
            "object": "tax_rate",
            "active": True,
            "country": line.rate.country,
            "display_name": line.rate.name,
            "inclusive": line.rate.inclusive,
            "livemode": True,
            "percentage": float(line.rate.percent),
        }
        amount = {
            "amount": minor(line.tax, currency),
            "inclusive": line.rate.inclusive,
            "tax_rate": line.rate.id,
            "taxability_reason": "standard_rated",
            "taxable_amount": minor(line.net, currency),
        }
        return {"tax_amounts": [amount], "tax_rates": [rate]}
