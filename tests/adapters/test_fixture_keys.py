import typing

import stripe

from odoo.tests import BaseCase, tagged

from ..support import stripe_fixtures


class _PayoutTransactions(stripe.StripeObject):
    """A list put together here, of what Stripe's list for a payout held."""

    OBJECT_NAME = "payout_transactions"

    id: str
    object: str
    transactions: list


class _FinancingTransaction(stripe.StripeObject):
    """A part of a preview of Stripe's, which the library doesn't have.
    https://docs.stripe.com/api/capital/financing_transactions/object
    """

    OBJECT_NAME = "capital.financing_transaction"

    class Details(stripe.StripeObject):
        advance_amount: int
        currency: str
        fee_amount: int
        linked_payment: str
        reason: str
        reversed_transaction: str
        total_amount: int
        transaction: dict

    account: str
    created_at: int
    details: Details
    financing_offer: str
    id: str
    legacy_balance_transaction_source: str
    livemode: bool
    object: str
    type: str
    user_facing_description: str


#: Classes of the library that fixtures hold objects of.
_CLASSES = (
    _FinancingTransaction,
    _PayoutTransactions,
    stripe.ApplicationFee,
    stripe.ApplicationFeeRefund,
    stripe.BalanceTransaction,
    stripe.CashBalance,
    stripe.Charge,
    stripe.Coupon,
    stripe.CreditNote,
    stripe.CreditNoteLineItem,
    stripe.Customer,
    stripe.CustomerBalanceTransaction,
    stripe.CustomerCashBalanceTransaction,
    stripe.Discount,
    stripe.Dispute,
    stripe.Event,
    stripe.Invoice,
    stripe.InvoiceLineItem,
    stripe.InvoicePayment,
    stripe.PaymentIntent,
    stripe.Payout,
    stripe.Plan,
    stripe.Price,
    stripe.Product,
    stripe.Refund,
    stripe.Review,
    stripe.Subscription,
    stripe.SubscriptionItem,
    stripe.TaxId,
    stripe.TaxRate,
    stripe.Topup,
    stripe.Transfer,
    stripe.TransferReversal,
    stripe.radar.EarlyFraudWarning,
    stripe.reserve.Hold,
)
_LIST_KEYS = {"object", "data", "has_more", "total_count", "url"}
#: Keys with content of the merchant's own making, or of any object.
_FREE_KEYS = {"metadata", "previous_attributes", "fraud_details"}

#: Keys that existed in the shape ``before``, and the version that removed them.
#: https://docs.stripe.com/changelog/basil
_REMOVED = {
    # https://docs.stripe.com/upgrades#2020-08-27
    "2020-08-27": {"invoice": {"tax_percent"}},
    "2025-03-31.basil": {
        "charge": {"invoice"},
        "credit_note": {"refund", "tax_amounts"},
        "credit_note_line_item": {
            "amount_excluding_tax",
            "tax_amounts",
            "unit_amount_excluding_tax",
        },
        "invoice": {
            "application_fee_amount",
            "charge",
            "discount",
            "paid",
            "paid_out_of_band",
            "payment_intent",
            "quote",
            "subscription",
            "subscription_details",
            "tax",
            "total_tax_amounts",
            "transfer_data",
        },
        "line_item": {
            "amount_excluding_tax",
            "invoice_item",
            "plan",
            "price",
            "proration",
            "proration_details",
            "subscription_item",
            "tax_amounts",
            "tax_rates",
            "type",
            "unit_amount_excluding_tax",
        },
        "payment_intent": {"invoice"},
        "plan": {"aggregate_usage"},
        "price": {"aggregate_usage"},  # in its `recurring`
        "subscription": {"current_period_start", "current_period_end", "discount"},
    },
}


@tagged("post_install", "-at_install")
class TestFixtureKeys(BaseCase):
    """The fixtures were written by hand: they may hold no key that Stripe's own
    library doesn't know.
    """

    def test_known_keys(self):
        for shape, name, event in stripe_fixtures.every():
            with self.subTest(shape=shape, fixture=name):
                removed = _removed_keys() if shape == "before" else {}
                unknown = list(_unknown_keys(event, None, "", removed))
                self.assertFalse(unknown)

    def test_removed_keys_are_gone(self):
        """The list of removed keys holds none that the library still has."""
        classes = {cls.OBJECT_NAME: cls for cls in _CLASSES}
        for name, keys in _removed_keys().items():
            self.assertFalse(keys & set(_annotations(classes[name])), name)

    def test_shapes(self):
        for shape, name, event in stripe_fixtures.every():
            with self.subTest(shape=shape, fixture=name):
                self.assertEqual(name.partition("-")[0], event["type"])
                is_basil = event["api_version"] >= "2025-03-31"
                self.assertEqual(is_basil, shape == "basil")

    def test_ids_are_unique(self):
        ids = [event["id"] for _shape, _name, event in stripe_fixtures.every()]
        self.assertEqual(len(ids), len(set(ids)))

    def test_checker_finds_keys(self):
        """The check itself works, on the top and deep inside."""
        event = stripe_fixtures.load("basil", "invoice.finalized", tax=1)
        line = event["data"]["object"]["lines"]["data"][0]
        line["taxes"][0]["tax_rate_details"]["percentage"] = 19
        self.assertEqual(
            list(_unknown_keys(event, None, "", {})),
            [
                ".data.object.lines.data.taxes.tax_rate_details.percentage",
                ".data.object.tax",
            ],
        )


def _removed_keys():
    result = {}
    for by_object in _REMOVED.values():
        for name, keys in by_object.items():
            result.setdefault(name, set()).update(keys)
    return result


def _unknown_keys(value, cls, path, removed, owner=None):
    """Yield the paths of keys that neither the library nor ``removed`` knows.

    :param cls: the class that the annotations gave for ``value``, if any; an
        object that names itself goes by its name.
    :param owner: the name of the object that a nested value belongs to.
    """
    if isinstance(value, list):
        for item in value:
            yield from _unknown_keys(item, cls, path, removed, owner)
        return
    if not isinstance(value, dict):
        return
    name = value.get("object")
    if name == "list":
        known = dict.fromkeys(_LIST_KEYS)
    elif isinstance(name, str):
        owner = name
        [cls] = (cls for cls in _CLASSES if name == cls.OBJECT_NAME)
        known = _annotations(cls)
    elif cls:
        known = _annotations(cls)
    else:
        return  # the annotations end here
    for key, item in value.items():
        here = f"{path}.{key}"
        if key in _FREE_KEYS:
            continue
        if key in known:
            annotation = known[key]
            yield from _unknown_keys(item, _nested(annotation), here, removed, owner)
        elif key not in removed.get(owner, ()):
            yield here


def _annotations(cls):
    """Return what a class and its bases annotate, by key."""
    result = {}
    for base in reversed(cls.__mro__):
        result.update(vars(base).get("__annotations__", {}))
    return result


def _nested(annotation):
    """Return the library's class inside an annotation such as Optional[List[X]]."""
    if isinstance(annotation, type) and issubclass(annotation, stripe.StripeObject):
        return annotation
    for argument in typing.get_args(annotation):
        if cls := _nested(argument):
            return cls
    return None
