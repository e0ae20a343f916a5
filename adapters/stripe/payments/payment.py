"""Reads the events that tell of one sum of money: ``charge.succeeded`` or
``charge.captured``, ``payment_intent.succeeded`` and, since 2025-05-28,
``invoice_payment.paid``; and ``charge.failed``, which may take it back.
https://docs.stripe.com/api/invoice-payment/object
"""

from ....canonical.facts import Certainty, Payment, PaymentFailure
from ..clearing import moving
from ..clearing.movement import is_from_platform
from ..event import read_currency, read_customer_ref
from ..words import read_word
from . import ordered, outside
from .payer import read_intent_payer, read_payer

#: The movement by which money of a charge that fails goes out again.
_FAILURE = "failure_balance_transaction"


def read_charge(event):
    """Return one fact about a charge, in a list; nothing until it has moved money. What
    the account's platform has handed on is no customer's payment.
    """
    data = event.data
    if is_from_platform(data):
        return moving.read(event)
    status = read_word(data, "status", "charge", "succeeded")
    if status == "failed" or (status is None and event.type == "charge.failed"):
        return _read_failed(event, data)
    succeeded = data.flag("paid") if status is None else status == "succeeded"
    if not succeeded or not data.flag("captured", True):
        return []  # an authorisation is not money
    payment = _read_payment(event, data, _read_day(event, data, Certainty.STATED))
    return [payment, *ordered.read_paid(data, payment)]


def read_payment_intent(event):
    """Return one fact about a payment intent, in a list; nothing until it is paid. One
    that was read may have been paid before, and its charge have failed since.
    """
    data = event.data
    expanded = isinstance(data.value.get("latest_charge"), dict)
    status = read_word(data, "status", "payment_intent", "succeeded")
    # Of a state that is not known, what came in tells.
    received = data.integer("amount_received", 0) > 0
    if not (received if status is None else status == "succeeded"):
        latest = data.object("latest_charge") if expanded else None
        if latest and latest.text("status", "") == "failed":
            return _read_failed(event, latest)
        # It was fetched or read, and is not paid yet.
        return ordered.read_unpaid(data, status)
    charge = data.ref("latest_charge", None)
    if not charge and (charges := data.objects("charges.data")):
        charge = charges[-1].ref("id")  # the list went with 2022-11-15
    payment = Payment(
        external_id=data.ref("id"),
        aliases=(charge,) if charge else (),
        attempt=charge,
        amount=data.integer("amount_received", None) or data.integer("amount"),
        payer=read_intent_payer(data),
        **_read_day(
            event,
            data.object("latest_charge") if expanded else data,
            Certainty.TOLD,
        ),
        **_read_common(event),
    )
    return [payment, *ordered.read_paid(data, payment)]


def read_invoice_payment(event):
    """Return one fact about the part of a payment for one invoice, in a list. A part
    that was detached from its invoice, or canceled, has ended; one by which nothing
    ever came in is nothing.
    https://docs.stripe.com/changelog/clover/2026-01-28/detach-payment-from-invoice
    """
    data = event.data
    how = data.object("payment")
    money = how.ref("payment_intent", None) or how.ref("charge", None)
    is_over = data.text("status", "") == "canceled" or event.type.endswith(".detached")
    paid_at = data.moment("status_transitions.paid_at", None)
    amount = data.integer("amount_paid", None)
    if is_over and not (money and (paid_at or amount)):
        return []
    if not money:
        return outside.read(event)
    ended_at = data.moment("status_transitions.canceled_at", event.occurred_at)
    return [
        Payment(
            external_id=money,
            allocation=data.ref("id"),
            amount=amount or data.integer("amount_requested"),
            paid_at=paid_at or event.occurred_at,
            # It may have come in long before it was attached to this invoice.
            certainty=Certainty.ASSUMED,
            ended_at=ended_at if is_over else None,
            invoices=(data.ref("invoice"),),
            **read_currency(data),
        )
    ]


def _read_failed(event, data):
    """Return the facts of a charge that failed, in a list. Where its money came into
    the balance and went out again, it was a payment, too, of which nothing else may
    tell: what was given back of it in the meantime has to be somebody's.
    """
    failure = _read_failure(event, data)
    told = [failure, *ordered.read_failed(data, failure)]
    if not data.has("balance_transaction") or not data.has(_FAILURE):
        return told
    return [_read_payment(event, data, _read_moved(data)), *told]


def _read_payment(event, charge, day):
    """Return the payment that a charge is; ``day`` says when, as values of it."""
    intent = charge.ref("payment_intent", None)
    return Payment(
        external_id=intent or charge.ref("id"),
        aliases=(charge.ref("id"),) if intent else (),
        attempt=charge.ref("id") if intent else None,
        amount=_read_amount(charge),
        movement=charge.ref("balance_transaction", None),
        payer=read_payer(charge),
        **day,
        **_read_common(event),
    )


def _read_failure(event, data):
    """Return the fact that a charge failed. Where its money had moved, which for a bank
    debit may be before it succeeds, Stripe names the movement that took it back.
    https://docs.stripe.com/api/charges/object#charge_object-failure_balance_transaction
    """
    keys = ("balance_transaction", _FAILURE)
    failed_at, certainty = event.occurred_at, Certainty.STATED
    if event.is_wrapped:
        failed_at, certainty = data.moment("created"), Certainty.ASSUMED
        if isinstance(data.value.get(_FAILURE), dict):
            failed_at = data.moment(f"{_FAILURE}.created")
            certainty = Certainty.MOVED
    return PaymentFailure(
        external_id=data.ref("id"),
        customer=read_customer_ref(data),
        payment=data.ref("payment_intent", None) or data.ref("id"),
        amount=_read_amount(data),
        failed_at=failed_at,
        certainty=certainty,
        has_moved=any(data.has(key) for key in keys),
        **read_currency(data),
    )


def _read_amount(charge):
    return charge.integer("amount_captured", None) or charge.integer("amount")


def _read_common(event):
    """Return the values that all shapes have. Only versions before basil name the
    invoice.
    """
    data = event.data
    invoice = None if event.is_basil else data.ref("invoice", None)
    return {
        "customer": read_customer_ref(data),
        "invoices": (invoice,) if invoice else (),
        "metadata": data.labels("metadata"),
        **read_currency(data),
    }


def _read_day(event, data, certainty):
    """Return when the money was paid, and how well that is known. It is the event's
    moment: a charge by bank debit is created days before it succeeds. For an object
    that was fetched or read, it is when the money came into the balance.

    :param data: the charge if it is there, or else the intent.
    :param certainty: how well the event's own moment says it.
    """
    if event.is_wrapped or isinstance(data.value.get("balance_transaction"), dict):
        return _read_moved(data)
    return {"paid_at": event.occurred_at, "certainty": certainty}


def _read_moved(data):
    """Return when money came into the balance. Where the movement isn't there, nothing
    better is known than when the object was made.
    """
    if isinstance(data.value.get("balance_transaction"), dict):
        moved_at = data.moment("balance_transaction.created")
        return {"paid_at": moved_at, "certainty": Certainty.MOVED}
    return {"paid_at": data.moment("created"), "certainty": Certainty.ASSUMED}
