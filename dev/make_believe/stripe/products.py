"""What is sold, as plain values: products with their prices and tax rates, and the
subscriptions to them.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

#: Prices are the same number in all currencies but this one.
YEN_PER_UNIT = 150


@dataclass(frozen=True)
class TaxRate:
    """A tax rate at Stripe. ``mapped`` is the percentage of the Odoo tax it is mapped
    to, or None: it is not mapped.
    """

    id: str
    name: str
    percent: Decimal
    inclusive: bool = False
    mapped: Decimal | None = None
    country: str = "DE"


@dataclass(frozen=True)
class Product:
    """A product at Stripe with its monthly price. ``mapped`` says by which of its two
    ids it is mapped to an Odoo product, or None.
    """

    key: str
    name: str
    unit: Decimal
    mapped: str | None = "price"
    income: str = "subscription"
    metered: bool = False


def unit_price(product, currency):
    """Return what one of a product costs."""
    return product.unit * YEN_PER_UNIT if currency == "JPY" else product.unit


@dataclass
class Item:
    """What a subscription is for."""

    id: str
    product: Product
    quantity: int = 1


@dataclass
class Subscription:
    """A customer's subscription, in the billing period from ``start`` to ``end``."""

    id: str
    currency: str
    items: list[Item]
    start: datetime
    end: datetime
    status: str = "active"
    trial_end: datetime | None = None
    canceled_at: datetime | None = None
    cancel_at_period_end: bool = False
