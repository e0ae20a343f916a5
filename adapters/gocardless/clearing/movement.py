"""Reads what a payout consists of, beside the payments and refunds in it: fees, which
are the items of the payout put together by their kinds, and the payout itself.
https://developer.gocardless.com/api-reference/#core-endpoints-payout-items
"""

from decimal import Decimal

from ....canonical.categories import Category, FeeKind
from ....canonical.errors import Quarantine
from ....canonical.facts import FeePart, ListedMovement, PayoutContents
from ....canonical.reasons import Reason
from ..event import read_currency
from ..payments.day import read_day

#: What items are to the books that no object of their own tells, by their type; any
#: other keeps GoCardless' word.
CATEGORIES = {
    "gocardless_fee": Category.FEE,
    "surcharge_fee": Category.FEE,
    "app_fee": Category.FEE,
    # What a partner earns of GoCardless' fees.
    "revenue_share": Category.APPLICATION_FEE,
    # The payout itself, which is no item of GoCardless'.
    "payout": Category.PAYOUT,
}
#: Who asks for the fees.
COSTS = {
    "gocardless_fee": FeeKind.PROCESSING,
    "surcharge_fee": FeeKind.PROCESSING,
    "app_fee": FeeKind.APPLICATION,
}


def read(event):
    """Return one fact about what a payout holds of one kind, in a list. Fees hold their
    tax.

    :raises Quarantine: if the items don't come to whole minor units.
    """
    data = event.data
    kind = data.text("type")
    items = data.objects("items")
    net = _read_whole(
        data, sum(item.decimal_text("amount") for item in items), "rounding"
    )
    tax = _read_whole(data, sum(map(_read_tax, items), Decimal()), "tax_rounding")
    fees = (FeePart(kind=FeeKind.TAX, amount=-tax),) if tax else ()
    moved_at = read_day(data, "moved_on")
    return [
        ListedMovement(
            external_id=data.ref("id"),
            category=CATEGORIES.get(kind, kind),
            cost=COSTS.get(kind),
            type=kind,
            object_ids=tuple(data.value["object_ids"]),
            amount=net - tax,
            fee=-tax,
            fees=fees,
            net=net,
            moved_at=moved_at,
            available_at=moved_at,
            is_available=True,
            **read_currency(data),
        )
    ]


def read_contents(event):
    """Return one fact about which of these a payout holds, in a list."""
    data = event.data
    return [
        PayoutContents(
            external_id=data.ref("id"),
            transactions=tuple(data.value["transactions"]),
        )
    ]


def _read_tax(item):
    """Return the tax in an item, with the item's own sign. GoCardless states it without
    one.
    """
    amount = item.decimal_text("amount")
    tax = sum((tax.decimal_text("amount") for tax in item.objects("taxes")), Decimal())
    return abs(tax).copy_sign(amount)


def _read_whole(data, amount, key):
    """Return an amount with its rounding, as whole minor units."""
    whole = amount + data.decimal_text(key, Decimal())
    if whole != int(whole):
        raise Quarantine(
            Reason.INVALID_PAYLOAD,
            f"The items of {data.ref('id')} come to {amount} minor units.",
        )
    return int(whole)
