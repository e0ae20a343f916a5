"""``product.*``, ``price.*`` and ``plan.*``. A plan is a recurring price by its older
name: Stripe sends both, with equal content.
https://docs.stripe.com/api/products/object https://docs.stripe.com/api/prices/object
"""

from ....canonical.facts import CatalogItem
from ....canonical.money import to_decimal
from ..event import read_currency


def read_product(event):
    """Return one fact about a product, in a list."""
    return [_read(event, "product", event.data.text("name", ""), None)]


def read_price(event):
    """Return one fact about a price, in a list."""
    data = event.data
    amount = data.integer("unit_amount", None)
    return [_read_price(event, amount, data.text("recurring.interval", ""))]


def read_plan(event):
    """Return one fact about a plan, as a price, in a list."""
    data = event.data
    return [_read_price(event, data.integer("amount", None), data.text("interval", ""))]


def _read_price(event, amount, interval):
    """Return the fact about a price. A price without a name is known by its amount."""
    data = event.data
    name = data.text("nickname", "")
    if not name and amount is not None:
        money = read_currency(data)
        name = f"{to_decimal(amount, money['exponent'])} {money['currency']}"
        name += f" / {interval}" if interval else ""
    return _read(event, "price", name, data.ref("product", None))


def _read(event, kind, name, product):
    return CatalogItem(
        external_id=event.data.ref("id"),
        version=event.version,
        type=kind,
        name=name,
        product=product,
        active=event.data.flag("active", True),
        deleted=event.type.endswith(".deleted"),
    )
