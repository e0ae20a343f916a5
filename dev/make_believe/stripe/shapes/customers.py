"""Customers and their subscriptions as JSON, as far as all API versions agree.
https://docs.stripe.com/api/customers
https://docs.stripe.com/api/subscriptions
"""

from ..products import unit_price
from ..units import EXPONENTS, minor, stamp


class CustomerShape:
    """Writes customers, and what they subscribe to."""

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

    def tax_ids(self, tenant):
        return [{"type": "eu_vat", "value": tenant.vat}] if tenant.vat else []

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
