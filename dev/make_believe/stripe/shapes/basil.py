"""The shape of Stripe's objects since API version 2025-03-31.basil."""

from ..units import minor, stamp
from .shape import Shape


class BasilShape(Shape):
    """Here payments and invoices are tied by an object of their own, a line names its
    price and tax rate by their ids, and each subscription item has a period.
    """

    has_invoice_payment = True

    def customer(self, tenant):
        return {**super().customer(tenant), "customer_account": None}

    def subscription_item(self, subscription, item):
        return {
            **super().subscription_item(subscription, item),
            "current_period_end": stamp(subscription.end),
            "current_period_start": stamp(subscription.start),
        }

    def invoice(self, tenant, invoice):
        details = {"metadata": {}, "subscription": invoice.subscription}
        parent = {
            "quote_details": None,
            "subscription_details": details,
            "type": "subscription_details",
        }
        return {
            **super().invoice(tenant, invoice),
            "amount_overpaid": minor(invoice.overpaid, invoice.currency),
            "amount_paid_off_stripe": minor(invoice.outside, invoice.currency),
            "confirmation_secret": None,
            "customer_account": None,
            "parent": parent if invoice.subscription else None,
            "total_pretax_credit_amounts": [],
            "total_taxes": self._taxes(invoice.lines, invoice.currency),
        }

    def invoice_line(self, invoice, line):
        kind = "subscription_item_details"
        details = {
            "invoice_item": None,
            "proration": line.proration,
            "proration_details": {"credited_items": None},
            "subscription": invoice.subscription or None,
            "subscription_item": f"si_{line.id.removeprefix('il_')}",
        }
        return {
            **self.line(line, invoice.currency),
            "invoice": invoice.id,
            "parent": {"invoice_item_details": None, kind: details, "type": kind},
            "pretax_credit_amounts": [],
            "pricing": {
                "price_details": {
                    "price": self.entity.price_id(line.product),
                    "product": self.entity.product_id(line.product),
                },
                "type": "price_details",
                "unit_amount_decimal": f"{line.product.unit * 100:f}",
            },
            "quantity_decimal": str(line.quantity),
            "subtotal": minor(line.amount, invoice.currency),
            "taxes": self._taxes([line], invoice.currency),
        }

    def invoice_payment(self, payment):
        """Return what ties a payment, or a part of one, to an invoice, or tied it."""
        amount = minor(payment.amount, payment.currency)
        return {
            "id": payment.part,
            "object": "invoice_payment",
            "amount_paid": amount,
            "amount_requested": amount,
            "created": stamp(payment.invoice.finalized_at),
            "currency": payment.currency.lower(),
            "invoice": payment.invoice.id,
            "is_default": True,
            "livemode": True,
            "payment": {"payment_intent": payment.id, "type": "payment_intent"},
            "status": "canceled" if payment.detached_at else "paid",
            "status_transitions": {
                "canceled_at": stamp(payment.detached_at),
                "paid_at": stamp(payment.attached_at or payment.paid_at),
            },
        }

    def payment_intent(self, tenant, payment):
        return {**super().payment_intent(tenant, payment), "customer_account": None}

    def refund(self, refund):
        return {**super().refund(refund), "customer_account": None}

    def credit_note(self, tenant, note):
        currency = note.invoice.currency
        settled = minor(note.settled, currency)
        refund = note.refund and {
            "amount_refunded": minor(note.refund.amount, currency),
            "payment_record_refund": None,
            "refund": note.refund.id,
            "type": "refund",
        }
        return {
            **super().credit_note(tenant, note),
            "customer_account": None,
            "post_payment_amount": minor(note.total, currency) - settled,
            "pre_payment_amount": settled,
            "pretax_credit_amounts": [],
            "refunds": [refund] if refund else [],
            "total_taxes": self._taxes(note.lines, currency),
        }

    def credit_line(self, note, line):
        return {
            **super().credit_line(note, line),
            "metadata": {},
            "pretax_credit_amounts": [],
            "tax_rates": [],
            "taxes": self._taxes([line], note.invoice.currency),
        }

    def _taxes(self, lines, currency):
        return [
            {
                "amount": minor(line.tax, currency),
                "tax_behavior": "inclusive" if line.rate.inclusive else "exclusive",
                "tax_rate_details": {"tax_rate": line.rate.id},
                "taxability_reason": (
                    "standard_rated" if line.rate.percent else "reverse_charge"
                ),
                "taxable_amount": minor(line.net, currency),
                "type": "tax_rate_details",
            }
            for line in lines
            if line.rate
        ]
