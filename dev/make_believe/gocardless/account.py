"""What one account at GoCardless holds, and what happens in it.

Its clock stands still until somebody moves it: ``account.at = …``. Knows no Odoo.
"""

import itertools
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from . import shapes

CREDITOR = "CR000MAIN"
#: What an event's link calls the object.
LINKS = {
    "billing_requests": "billing_request",
    "customers": "customer",
    "mandates": "mandate",
    "payments": "payment",
    "payouts": "payout",
    "refunds": "refund",
}
_PREFIXES = {
    "billing_requests": "BRQ",
    "billing_request_flows": "BRF",
    "customers": "CU",
    "mandates": "MD",
    "payments": "PM",
    "payouts": "PO",
    "refunds": "RF",
    "events": "EV",
}


class Account:
    """Customers, mandates, payments, refunds, payouts and events of one creditor.

    ``fee`` says what GoCardless keeps of a payment, by its amount: pairs of the fee
    without tax and the tax in it, as Decimals of minor units.
    """

    def __init__(self, at=None, fee=None):
        self.at = at or datetime(2026, 11, 2, 9, tzinfo=UTC)
        self.fee = fee or (lambda amount: (Decimal(20), Decimal(4)))
        self.objects = {name: {} for name in _PREFIXES}
        #: the items of each payout, the taxes with them
        self.items = {}
        #: items that go into the next payout, by currency
        self.due = {}
        #: payments that another integration made: its objects can't be read
        self.hidden = set()
        #: the ids of what was created, by what it is and the idempotency key
        self.keys = {}
        self._numbers = {name: itertools.count(1) for name in _PREFIXES}

    def pass_days(self, days=1):
        """Move the clock."""
        self.at += timedelta(days=days)

    def get(self, name, ref):
        """Return an object, as it is now."""
        return self.objects[name][ref]

    def tell(self, name, ref, action, links=(), **details):
        """Have something happen to an object: return the event that tells it."""
        event_ref = self._next("events")
        links = {LINKS[name]: ref, **dict(links)}
        event = shapes.event(event_ref, self.at, name, action, links, **details)
        self.objects["events"][event_ref] = event
        # Two events of one moment would have no order.
        self.at += timedelta(seconds=1)
        return event

    # -- what people and integrations make ------------------------------------

    def add_customer(self, **values):
        """Make a customer, with a mandate that is active; return both ids."""
        ref = self._next("customers")
        self.objects["customers"][ref] = shapes.customer(ref, self.at, **values)
        return ref, self.add_mandate(ref)

    def add_mandate(self, customer, scheme="bacs", status="active"):
        """Make a mandate of a customer; return its id.

        :param status: ``active``, or ``pending_submission`` as it begins.
        """
        ref = self._next("mandates")
        values = {"scheme": scheme, "status": status}
        self.objects["mandates"][ref] = shapes.mandate(
            ref, self.at, customer, CREDITOR, **values
        )
        is_active = status == "active"
        for action in ("created", "submitted", "active") if is_active else ("created",):
            self.tell("mandates", ref, action)
        return ref

    def add_billing_request(self, asked, customer, **values):
        """Ask a customer for a mandate; return the id of the billing request.

        :param asked: the mandate's currency and scheme.
        """
        ref = self._next("billing_requests")
        self.objects["billing_requests"][ref] = shapes.billing_request(
            ref, self.at, asked, customer, CREDITOR, **values
        )
        self.tell("billing_requests", ref, "created")
        return ref

    def add_flow(self, request, life, **values):
        """Make a page on which a billing request can be answered; return its id."""
        ref = self._next("billing_request_flows")
        self.objects["billing_request_flows"][ref] = shapes.billing_request_flow(
            ref, self.at, self.at + life, request, **values
        )
        links = {"billing_request_flow": ref}
        self.tell("billing_requests", request, "flow_created", links)
        return ref

    def is_hidden(self, data):
        """Return whether another integration made an object, or what it is of."""
        links = data.get("links") or {}
        return bool({data.get("id"), links.get("payment")} & self.hidden)

    def add_payment(self, mandate, amount, currency="GBP", is_hidden=False, **values):
        """Make a payment of a mandate, charged in three days; return its id.

        :param is_hidden: another integration made it, and ours may not read it.
        """
        ref = self._next("payments")
        charged = (self.at + timedelta(days=3)).date()
        self.objects["payments"][ref] = shapes.payment(
            ref,
            self.at,
            mandate,
            CREDITOR,
            amount=amount,
            currency=currency,
            charge_date=str(charged),
            **values,
        )
        if is_hidden:
            self.hidden.add(ref)
        self.tell("payments", ref, "created")
        return ref

    def add_refund(self, payment, amount):
        """Make a refund: it is taken off the next payout; return its id."""
        paid = self.get("payments", payment)
        ref = self._next("refunds")
        self.objects["refunds"][ref] = shapes.refund(
            ref,
            self.at,
            payment,
            paid["links"]["mandate"],
            amount=amount,
            currency=paid["currency"],
        )
        paid["amount_refunded"] += amount
        links = {"payment": payment, "refund": ref}
        self.owe(paid["currency"], "payment_refunded", -Decimal(amount), links)
        self.tell("refunds", ref, "created")
        return ref

    def set(self, name, ref, status, action, **details):
        """Bring an object to a state, and tell it."""
        self.get(name, ref)["status"] = status
        return self.tell(name, ref, action, **details)

    # -- payouts ----------------------------------------------------------------

    def owe(self, currency, kind, amount, links, tax=None):
        """Put an item into the next payout of a currency."""
        taxes = [] if tax is None else [shapes.tax(tax, currency)]
        item = shapes.payout_item(kind, amount, links, taxes)
        self.due.setdefault(currency, []).append(item)

    def owe_payment(self, ref):
        """Have the next payout hold a payment, less its fee."""
        paid = self.get("payments", ref)
        amount, links = Decimal(paid["amount"]), {"payment": ref}
        self.owe(paid["currency"], "payment_paid_out", amount, links)
        fee, tax = self.fee(amount)
        self.owe(paid["currency"], "gocardless_fee", -fee - tax, links, tax)

    def owe_back(self, ref, kind):
        """Have the next payout take a payment back, and give its fee back."""
        paid = self.get("payments", ref)
        amount, links = Decimal(paid["amount"]), {"payment": ref}
        self.owe(paid["currency"], kind, -amount, links)
        fee, tax = self.fee(amount)
        self.owe(paid["currency"], "gocardless_fee", fee + tax, links, tax)

    def pay_out(self, currency="GBP", fx=None):
        """Pay out all that is due in a currency; return the payout's id.

        :param fx: a pair of the currency that the bank gets and the exchange rate, a
            Decimal; None where it gets the payments' own.
        """
        items = self.due.pop(currency)
        ref = self._next("payouts")
        # https://developer.gocardless.com/api-reference/#payout-items: all items are
        # summed, and the sum is rounded.
        amount = _round(sum(Decimal(item["amount"]) for item in items))
        fees = [item for item in items if item["type"].endswith("_fee")]
        kept = -_round(sum(Decimal(item["amount"]) for item in fees))
        self.objects["payouts"][ref] = payout = shapes.payout(
            ref,
            self.at,
            CREDITOR,
            amount=amount,
            currency=currency,
            deducted_fees=kept,
            tax_currency="GBP" if any(item["taxes"] for item in items) else None,
        )
        self.items[ref] = items
        if fx:
            other, rate = fx
            estimate = {"fx_currency": other, "estimated_exchange_rate": f"{rate:f}"}
            payout["fx"] |= estimate
            exchanged = {
                "exchange_rate": f"{rate:f}",
                "fx_amount": _round(amount * rate),
            }
            payout["fx"] |= {**exchanged, "estimated_exchange_rate": None}
            self.tell("payouts", ref, "fx_rate_confirmed", currency=other)
        self._tell_items(ref, items)
        payout["arrival_date"] = str((self.at + timedelta(days=2)).date())
        self.set("payouts", ref, "paid", "paid", item_count=len(items))
        return ref

    def _tell_items(self, ref, items):
        """Tell of each object that a payout holds that it does."""
        told = {
            "payment_paid_out": ("payments", "paid_out"),
            "payment_failed": ("payments", "late_failure_settled"),
            "payment_charged_back": ("payments", "chargeback_settled"),
            "payment_refunded": ("refunds", "refund_settled"),
        }
        for item in items:
            name, action = told.get(item["type"], (None, None))
            if not name:
                continue
            own = item["links"][LINKS[name]]
            if action == "paid_out":
                paid = self.get("payments", own)
                paid["links"]["payout"] = ref
                paid["status"] = "paid_out"
            self.tell(name, own, action, {"payout": ref})

    def _next(self, name):
        return f"{_PREFIXES[name]}{next(self._numbers[name]):06}"


def _round(amount):
    return int(Decimal(amount).quantize(Decimal(1), ROUND_HALF_UP))
