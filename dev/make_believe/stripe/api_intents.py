"""Payment intents: money that Stripe is told to collect. Knows no Odoo.
https://docs.stripe.com/api/payment_intents

How a saved way to pay behaves is said by the name of one of Stripe's own test cards.
https://docs.stripe.com/testing#declined-payments
"""

import re

from .api_lists import Refusal
from .shapes import collecting

_DECLINED = "Your card was declined."
#: What the bank says of each: Stripe's code, the bank's own, and the sentence.
DECLINES = {
    "pm_card_chargeDeclined": ("card_declined", "generic_decline", _DECLINED),
    "pm_card_visa_chargeDeclinedInsufficientFunds": (
        "card_declined",
        "insufficient_funds",
        "Your card has insufficient funds.",
    ),
    "pm_card_visa_chargeDeclinedLostCard": ("card_declined", "lost_card", _DECLINED),
    "pm_card_visa_chargeDeclinedStolenCard": (
        "card_declined",
        "stolen_card",
        _DECLINED,
    ),
    "pm_card_chargeDeclinedExpiredCard": (
        "expired_card",
        "expired_card",
        "Your card has expired.",
    ),
    "pm_card_chargeDeclinedProcessingError": (
        "processing_error",
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    "pm_card_authenticationRequired": (
        "authentication_required",
        "authentication_required",
        f"{_DECLINED} This transaction requires authentication.",
    ),
}
#: A bank debit: nobody knows for days whether the money comes.
DEBIT = "pm_sepa_debit"
#: What Stripe collects in its smallest amount, where it isn't 50 minor units.
_LEAST = {"jpy": 50, "gbp": 30, "huf": 17500, "isk": 10000, "kwd": 150, "bhd": 200}
#: https://docs.stripe.com/currencies
_CURRENCIES = frozenset(
    """
    aed aud bgn bhd brl cad chf clp czk dkk eur gbp hkd huf inr isk jod jpy krw kwd mga
    mxn myr nok nzd omr pln ron sek sgd thb tnd twd ugx usd vnd xaf xof
    """.split()
)
_THREE_DECIMALS = frozenset("bhd jod kwd omr tnd".split())
_WHOLE = frozenset("isk ugx".split())
_OPEN = (
    "requires_action",
    "requires_capture",
    "requires_confirmation",
    "requires_payment_method",
)
_MOST_LABELS = 50


def save_method(desk, customer, behaves="pm_card_visa", is_default=False, decline=None):
    """Have a customer save a way to pay; return it.

    :param behaves: the name of one of Stripe's test cards, or :data:`DEBIT`.
    :param decline: what the bank says of it, as :data:`DECLINES` has it.
    """
    kind = "sepa_debit" if behaves == DEBIT else "card"
    details = {"last4": "3000"} if kind == "sepa_debit" else {"brand": "visa"}
    saved = collecting.method(desk.make_id("pm"), desk.now(), customer, kind, **details)
    saved["_decline"] = decline or DECLINES.get(behaves)
    owner = desk.get(customer, "customer")
    if is_default:
        owner["invoice_settings"] = {"default_payment_method": saved["id"]}
    desk.put(saved, owner)
    return saved


def create(desk, values):
    """Create an intent as a request asks for, and collect it if it is to be confirmed.

    :raises Refusal: for what Stripe would not create, and if the bank refuses.
    """
    check_money(desk, values)
    check_labels(values)
    method_ref = values.get("payment_method")
    saved = method_ref and desk.get(method_ref, "payment_method")
    if saved and saved["customer"] != values.get("customer"):
        raise Refusal(
            400,
            "The provided PaymentMethod cannot be attached: it belongs to another "
            "customer.",
            param="payment_method",
        )
    automatic = values.get("automatic_payment_methods") or {}
    is_confirmed = values.get("confirm") == "true"
    redirects = automatic.get("allow_redirects", "always") != "never"
    if is_confirmed and redirects and automatic and not values.get("return_url"):
        raise Refusal(
            400,
            "This PaymentIntent is configured to accept payment methods enabled in "
            "your Dashboard. Because some of these payment methods might redirect "
            "your customer off of your page, you must provide a `return_url`.",
        )
    made = collecting.intent(
        desk.make_id("pi"),
        desk.now(),
        values.get("customer"),
        amount=int(values["amount"]),
        currency=values["currency"],
        automatic_payment_methods=automatic and {"enabled": True} or None,
        description=values.get("description"),
        livemode=desk.livemode,
        metadata=values.get("metadata") or {},
        setup_future_usage=values.get("setup_future_usage"),
    )
    desk.tell("payment_intent.created", made)
    return confirm(desk, made, saved) if is_confirmed else made


def confirm(desk, paying, saved):
    """Collect an intent by a way to pay; return the intent.

    :raises Refusal: as Stripe tells that the bank refuses.
    """
    paying["payment_method"] = saved["id"]
    paying["payment_method_types"] = [saved["type"]]
    if saved["_decline"]:
        error = fail(desk, paying, saved)
        raise Refusal(402, **{**error, "payment_intent": desk.show(paying)})
    if saved["type"] != "card":
        paying["status"] = "processing"
        desk.tell("payment_intent.processing", paying)
        return paying
    return succeed(desk, paying)


def succeed(desk, paying):
    """Have the money of an intent come; return the intent."""
    ref = desk.make_id("ch")
    paid = collecting.charge(ref, desk.now(), paying)
    moved = collecting.movement(
        ref.replace("ch_", "txn_"), desk.now(), paid, paid["amount"] * 15 // 1000
    )
    paid["balance_transaction"] = moved["id"]
    desk.put(moved)
    paying.update(
        status="succeeded",
        latest_charge=ref,
        amount_received=paying["amount"],
        last_payment_error=None,
    )
    desk.put(paying)
    desk.tell("charge.succeeded", paid)
    desk.tell("payment_intent.succeeded", paying)
    return paying


def fail(desk, paying, saved):
    """Have the bank refuse an intent; return how Stripe tells that."""
    code, decline, message = saved["_decline"]
    ref = desk.make_id("ch")
    error = {
        "charge": ref,
        "code": code,
        "decline_code": decline,
        "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}",
        "message": message,
        "payment_method": desk.show(saved),
        "type": "card_error" if saved["type"] == "card" else "invalid_request_error",
    }
    refused = collecting.charge(
        ref,
        desk.now(),
        paying,
        amount_captured=0,
        captured=False,
        failure_code=code,
        failure_message=message,
        outcome={"network_status": "declined_by_network", "reason": decline},
        paid=False,
        status="failed",
    )
    paying.update(
        status="requires_payment_method",
        latest_charge=ref,
        last_payment_error=error,
        payment_method=None,
    )
    desk.put(paying)
    desk.tell("charge.failed", refused)
    desk.tell("payment_intent.payment_failed", paying)
    return error


def settle(desk, intent, decline=None):
    """Have the bank answer, days later, to a debit that was on its way.

    :param decline: as :data:`DECLINES` has it; None: the money comes.
    """
    paying = desk.get(intent)
    if paying["status"] != "processing":
        raise ValueError(f"{intent} is {paying['status']}")
    if not decline:
        return succeed(desk, paying)
    fail(desk, paying, {**desk.get(paying["payment_method"]), "_decline": decline})
    return paying


def cancel(desk, intent, values):
    """Cancel an intent by which no money has come.

    :raises Refusal: if it is too late for that, or was canceled.
    """
    paying = desk.get(intent, "intent")
    if paying["status"] not in _OPEN:
        raise Refusal(
            400,
            "You cannot cancel this PaymentIntent because it has a status of "
            f"{paying['status']}.",
            code="payment_intent_unexpected_state",
            payment_intent=desk.show(paying),
        )
    paying.update(
        status="canceled",
        canceled_at=desk.now(),
        cancellation_reason=values.get("cancellation_reason"),
    )
    desk.tell("payment_intent.canceled", paying)
    return paying


def check_money(desk, values):
    """Check the customer, the currency and the amount of a request.

    :raises Refusal: for what Stripe would not collect.
    """
    if customer := values.get("customer"):
        desk.get(customer, "customer")
    currency = values.get("currency", "")
    if currency not in _CURRENCIES:
        raise Refusal(400, f"Invalid currency: {currency}.", param="currency")
    text = values.get("amount", "")
    if not re.fullmatch(r"-?\d+", text):
        raise Refusal(
            400,
            f"Invalid integer: {text}",
            code="parameter_invalid_integer",
            param="amount",
        )
    amount = int(text)
    if amount < _LEAST.get(currency, 50):
        raise Refusal(
            400,
            f"The amount must be at least {_LEAST.get(currency, 50)} {currency}.",
            code="amount_too_small",
            param="amount",
        )
    if amount > 99999999:
        raise Refusal(
            400,
            "Amount must be no more than 999,999.99.",
            code="amount_too_large",
            param="amount",
        )
    step = 10 if currency in _THREE_DECIMALS else 100 if currency in _WHOLE else 1
    if amount % step:
        raise Refusal(
            400, f"Invalid amount: {amount} is no multiple of {step}.", param="amount"
        )


def check_labels(values):
    """Check the metadata of a request. https://docs.stripe.com/api/metadata

    :raises Refusal: if it is too much.
    """
    labels = values.get("metadata") or {}
    if (
        len(labels) > _MOST_LABELS
        or any(len(key) > 40 for key in labels)
        or any(len(text) > 500 for text in labels.values())
    ):
        raise Refusal(400, "The metadata is too much.", param="metadata")
