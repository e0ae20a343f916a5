"""Payments as JSON, as far as all API versions agree.
https://docs.stripe.com/api/charges
https://docs.stripe.com/api/payment_intents
https://docs.stripe.com/api/refunds
"""

from ..units import minor, stamp


class PaymentShape:
    """Writes charges, payment intents and refunds."""

    def charge(self, tenant, payment):
        amount = minor(payment.amount, payment.currency)
        refunded = minor(payment.refunded, payment.currency)
        return {
            "id": payment.charge,
            "object": "charge",
            "amount": amount,
            "amount_captured": amount,
            "amount_refunded": refunded,
            "balance_transaction": payment.movement,
            "billing_details": {
                "address": self.address(tenant),
                "email": tenant.email,
                "name": tenant.name,
                "phone": tenant.phone,
            },
            "captured": True,
            "created": stamp(payment.paid_at),
            "currency": payment.currency.lower(),
            "customer": tenant.id,
            "description": None,
            "disputed": payment.disputed,
            "failure_balance_transaction": payment.failure_movement or None,
            "failure_code": "insufficient_funds" if payment.failed_at else None,
            "failure_message": None,
            "livemode": True,
            "metadata": {},
            "paid": not payment.failed_at,
            "payment_intent": payment.id,
            "payment_method": f"pm_{tenant.key}",
            "receipt_email": tenant.email,
            "receipt_url": None,
            "refunded": refunded == amount,
            "status": "failed" if payment.failed_at else "succeeded",
        }

    def payment_intent(self, tenant, payment):
        amount = minor(payment.amount, payment.currency)
        return {
            "id": payment.id,
            "object": "payment_intent",
            "amount": amount,
            "amount_capturable": 0,
            "amount_received": 0 if payment.failed_at else amount,
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
            "status": ("requires_payment_method" if payment.failed_at else "succeeded"),
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
