"""Stripe's objects as JSON, as far as all API versions agree on them.
https://docs.stripe.com/api
"""

from .catalogue import EXPONENTS, unit_price
from .shape_balance import BalanceShape
from .units import minor, stamp

#: Of a list inside an object, an event holds the first entries only.
FIRST_PAGE = 10


class Shape(BalanceShape):
    """Writes the objects of one Stripe account. Subclasses add what differs between
    the versions before 2025-03-31.basil and those since.

    ``page`` is how many entries of a list are shown: None: all.
    """

    def __init__(self, entity, page=FIRST_PAGE):
        self.entity = entity
        self.page = page

    def event(
        self,
        event_id,
        event_type,
        moment,
        data,
        livemode=True,
        previous=None,
        account=None,
    ):
        """Return an event about an object; ``account`` is one that is connected."""
        whose = {"account": account} if account else {}
        changes = {"previous_attributes": previous} if previous is not None else {}
        return {
            "id": event_id,
            "object": "event",
            **whose,
            "api_version": self.entity.api_version,
            "created": stamp(moment),
            "data": {"object": data, **changes},
            "livemode": livemode,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": event_type,
        }

    def customer(self, tenant):
        return {
            "id": tenant.id,
            "object": "customer",
            "address": self.address(tenant),
            # Stripe writes credit as below zero.
            "balance": -minor(tenant.balance, tenant.currency),
            "created": stamp(tenant.created),
            "currency": tenant.currency.lower(),
            "default_source": None,
            "delinquent": False,
            "description": None,
            "discount": None,
            "email": tenant.email,
            "invoice_prefix": tenant.key[:8].upper(),
            "livemode": True,
            "metadata": {},
            "name": tenant.name,
            "next_invoice_sequence": 1,
            "phone": tenant.phone,
            "preferred_locales": [],
            "shipping": None,
            "tax_exempt": "none",
            "test_clock": None,
        }

    def address(self, tenant):
        return {
            "city": tenant.city,
            "country": tenant.country,
            "line1": tenant.street,
            "line2": None,
            "postal_code": tenant.zip,
            "state": None,
        }

    def subscription(self, tenant, subscription):
        return {
            "id": subscription.id,
            "object": "subscription",
            "automatic_tax": {"enabled": False, "liability": None},
            "billing_cycle_anchor": stamp(subscription.start),
            "cancel_at": None,
            "cancel_at_period_end": subscription.cancel_at_period_end,
            "canceled_at": stamp(subscription.canceled_at),
            "collection_method": "charge_automatically",
            "created": stamp(subscription.start),
            "currency": subscription.currency.lower(),
            "customer": tenant.id,
            "days_until_due": None,
            "default_payment_method": None,
            "description": None,
            "discounts": [],
            "ended_at": stamp(subscription.canceled_at),
            "items": self.list(
                [
                    self.subscription_item(subscription, item)
                    for item in subscription.items
                ]
            ),
            "latest_invoice": None,
            "livemode": True,
            "metadata": {},
            "pause_collection": None,
            "start_date": stamp(subscription.start),
            "status": subscription.status,
            "trial_end": stamp(subscription.trial_end),
            "trial_start": stamp(subscription.trial_end and subscription.start),
        }

    def subscription_item(self, subscription, item):
        return {
            "id": item.id,
            "object": "subscription_item",
            "created": stamp(subscription.start),
            "discounts": [],
            "metadata": {},
            "price": self.price(item.product, subscription.currency),
            "quantity": None if item.product.metered else item.quantity,
            "subscription": subscription.id,
            "tax_rates": [],
        }

    def price(self, product, currency):
        """Return a price. What is metered costs less than a minor unit a piece."""
        unit = unit_price(product, currency).scaleb(EXPONENTS[currency])
        return {
            "id": self.entity.price_id(product),
            "object": "price",
            "active": True,
            "billing_scheme": "per_unit",
            "created": 1704067200,
            "currency": currency.lower(),
            "livemode": True,
            "lookup_key": None,
            "metadata": {},
            "nickname": product.name,
            "product": self.entity.product_id(product),
            "recurring": {"interval": "month", "interval_count": 1},
            "tax_behavior": "unspecified",
            "type": "recurring",
            "unit_amount": None if product.metered else int(unit),
            "unit_amount_decimal": f"{unit.normalize():f}",
        }

    def invoice(self, tenant, invoice):
        currency = invoice.currency
        return {
            "id": invoice.id,
            "object": "invoice",
            "account_country": self.entity.country,
            "account_name": self.entity.company,
            "amount_due": minor(invoice.due, currency),
            "amount_paid": minor(invoice.paid, currency),
            "amount_remaining": minor(invoice.rest, currency),
            "amount_shipping": 0,
            "attempt_count": invoice.attempts,
            "attempted": invoice.attempts > 0,
            "auto_advance": False,
            "automatic_tax": {"enabled": False, "liability": None, "status": None},
            "billing_reason": invoice.reason,
            "collection_method": "charge_automatically",
            "created": stamp(invoice.finalized_at) - 3600,
            "currency": currency.lower(),
            "customer": tenant.id,
            "customer_address": self.address(tenant),
            "customer_email": tenant.email,
            "customer_name": tenant.name,
            "customer_phone": tenant.phone,
            "customer_tax_exempt": "none",
            "customer_tax_ids": self.tax_ids(tenant),
            "default_tax_rates": [],
            "description": None,
            "discounts": [],
            "due_date": stamp(invoice.due_at),
            "effective_at": stamp(invoice.finalized_at),
            "ending_balance": -minor(invoice.credit_left, currency),
            "hosted_invoice_url": None,
            "invoice_pdf": None,
            "lines": self.list(
                [self.invoice_line(invoice, line) for line in invoice.lines],
                f"/v1/invoices/{invoice.id}/lines",
            ),
            "livemode": True,
            "metadata": {},
            "number": invoice.number,
            "period_end": stamp(invoice.finalized_at),
            "period_start": stamp(invoice.finalized_at),
            "post_payment_credit_notes_amount": minor(invoice.credited_after, currency),
            "pre_payment_credit_notes_amount": minor(invoice.credited_before, currency),
            "starting_balance": -minor(invoice.credit_before, currency),
            "status": invoice.status,
            "status_transitions": {
                "finalized_at": stamp(invoice.finalized_at),
                "marked_uncollectible_at": stamp(invoice.given_up_at),
                "paid_at": stamp(invoice.paid_at),
                "voided_at": stamp(invoice.voided_at),
            },
            "subtotal": minor(sum(line.amount for line in invoice.lines), currency),
            "total": minor(invoice.total, currency),
            "total_discount_amounts": [],
            "total_excluding_tax": minor(invoice.net, currency),
        }

    def tax_ids(self, tenant):
        return [{"type": "eu_vat", "value": tenant.vat}] if tenant.vat else []

    def line(self, line, currency):
        """Return what the lines of invoices have in all versions."""
        discounts = [
            {"amount": minor(line.discount, currency), "discount": "di_launch"}
        ]
        return {
            "id": line.id,
            "object": "line_item",
            "amount": minor(line.amount, currency),
            "currency": currency.lower(),
            "description": line.description,
            "discount_amounts": discounts if line.discount else [],
            "discountable": not line.proration,
            "discounts": ["di_launch"] if line.discount else [],
            "livemode": True,
            "metadata": {},
            "period": {"start": stamp(line.start), "end": stamp(line.end)},
            "quantity": line.quantity,
        }

    def charge(self, tenant, payment):
        amount = minor(payment.amount, payment.currency)
        refunded = minor(payment.refunded, payment.currency)
        return {
            "id": payment.charge,
            "object": "charge",
            "amount": amount,
            "amount_captured": amount,
            "amount_refunded": refunded,
            "balance_transaction": payment.charge.replace("ch_", "txn_"),
            "captured": True,
            "created": stamp(payment.paid_at),
            "currency": payment.currency.lower(),
            "customer": tenant.id,
            "description": None,
            "disputed": payment.disputed,
            "failure_code": None,
            "failure_message": None,
            "livemode": True,
            "metadata": {},
            "paid": True,
            "payment_intent": payment.id,
            "payment_method": f"pm_{tenant.key}",
            "receipt_email": tenant.email,
            "receipt_url": None,
            "refunded": refunded == amount,
            "status": "succeeded",
        }

    def payment_intent(self, tenant, payment):
        amount = minor(payment.amount, payment.currency)
        return {
            "id": payment.id,
            "object": "payment_intent",
            "amount": amount,
            "amount_capturable": 0,
            "amount_received": amount,
            "canceled_at": None,
            "capture_method": "automatic_async",
            "confirmation_method": "automatic",
            "created": stamp(payment.paid_at),
            "currency": payment.currency.lower(),
            "customer": tenant.id,
            "description": None,
            "last_payment_error": None,
            "latest_charge": payment.charge,
            "livemode": True,
            "metadata": {},
            "payment_method": f"pm_{tenant.key}",
            "payment_method_types": ["card"],
            "status": "succeeded",
        }

    def refund(self, refund):
        return {
            "id": refund.id,
            "object": "refund",
            "amount": minor(refund.amount, refund.payment.currency),
            "balance_transaction": f"txn_{refund.id}" if refund.has_left else None,
            "charge": refund.payment.charge,
            "created": stamp(refund.created),
            "currency": refund.payment.currency.lower(),
            "failure_balance_transaction": (
                f"txn_{refund.id}_back" if refund.has_come_back else None
            ),
            "failure_reason": "expired_or_canceled_card"
            if refund.status == "failed"
            else None,
            "metadata": {},
            "payment_intent": refund.payment.id,
            "reason": "requested_by_customer",
            "receipt_number": None,
            "status": refund.status,
        }

    def credit_note(self, tenant, note):
        currency = note.invoice.currency
        return {
            "id": note.id,
            "object": "credit_note",
            "amount": minor(note.total, currency),
            "amount_shipping": 0,
            "created": stamp(note.created),
            "currency": currency.lower(),
            "customer": tenant.id,
            "customer_balance_transaction": note.credit_change
            and note.credit_change.id,
            "discount_amount": minor(note.discount, currency),
            "discount_amounts": [],
            "effective_at": stamp(note.created),
            "invoice": note.invoice.id,
            "lines": self.list(
                [self.credit_line(note, line) for line in note.lines],
                f"/v1/credit_notes/{note.id}/lines",
            ),
            "livemode": True,
            "memo": None,
            "metadata": {},
            "number": note.number,
            "out_of_band_amount": None,
            "pdf": None,
            "reason": "order_change",
            "status": "void" if note.voided_at else "issued",
            "subtotal": minor(sum(line.amount for line in note.lines), currency),
            "total": minor(note.total, currency),
            "total_excluding_tax": minor(note.net, currency),
            "type": note.kind,
            "voided_at": stamp(note.voided_at),
        }

    def credit_line(self, note, line):
        currency = note.invoice.currency
        discounts = [
            {"amount": minor(line.discount, currency), "discount": "di_launch"}
        ]
        return {
            "id": f"cnli_{note.id.removeprefix('cn_')}_{line.id.removeprefix('il_')}",
            "object": "credit_note_line_item",
            "amount": minor(line.amount, currency),
            "description": line.description,
            "discount_amount": minor(line.discount, currency),
            "discount_amounts": discounts if line.discount else [],
            "invoice_line_item": line.id,
            "livemode": True,
            "quantity": line.quantity,
            "type": "invoice_line_item",
            "unit_amount": None,
            "unit_amount_decimal": None,
        }

    def list(self, data, url="/v1/list"):
        shown = data[: self.page]
        return {
            "object": "list",
            "data": shown,
            "has_more": len(shown) < len(data),
            "total_count": len(data),
            "url": url,
        }
