"""Reads the events that tell of one sum of money: ``charge.succeeded`` or
``charge.captured``, ``payment_intent.succeeded`` and, since 2025-05-28,
``invoice_payment.paid``.
https://docs.stripe.com/api/invoice-payment/object
"""

from ....canonical.facts import Payment
from ..clearing import moving
from ..clearing.movement import is_from_platform
from ..event import read_currency, read_customer_ref, read_settled_at
from . import outside


def read_charge(event):
    """Return one fact about a charge, in a list; nothing until it has moved money. What
    the account's platform has handed on is no customer's payment.
    """
    data = event.data
    if is_from_platform(data):
        return moving.read(event)
    if data.text("status", "succeeded") != "succeeded" or not data.flag(
        "captured", True
    ):
        return []  # an authorisation is not money
    return [
        Payment(
            external_id=data.ref("payment_intent", None) or data.text("id"),
            aliases=(data.text("id"),) if data.has("payment_intent") else (),
            amount=data.integer("amount_captured", None) or data.integer("amount"),
            **_read_common(event),
        )
    ]


def read_payment_intent(event):
    """Return one fact about a payment intent, in a list; nothing until it is paid."""
    data = event.data
    if data.text("status", "succeeded") != "succeeded":
        return []  # it was fetched or read, and is not paid yet
    charge = data.ref("latest_charge", None)
    if not charge and (charges := data.objects("charges.data")):
        charge = charges[-1].text("id")  # the list went with 2022-11-15
    return [
        Payment(
            external_id=data.text("id"),
            aliases=(charge,) if charge else (),
            amount=data.integer("amount_received", None) or data.integer("amount"),
            **_read_common(event),
        )
    ]


def read_invoice_payment(event):
    """Return one fact about the part of a payment for one invoice, in a list."""
    data = event.data
    how = data.object("payment")
    money = how.ref("payment_intent", None) or how.ref("charge", None)
    if not money:
        return outside.read(event)
    return [
        Payment(
            external_id=money,
            allocation=data.text("id"),
            amount=data.integer("amount_paid"),
            paid_at=data.moment("status_transitions.paid_at", event.occurred_at),
            invoices=(data.ref("invoice"),),
            **read_currency(data),
        )
    ]


def _read_common(event):
    """Return the values that all shapes have. Only versions before basil name the
    invoice.
    """
    data = event.data
    invoice = None if event.is_basil else data.ref("invoice", None)
    return {
        "customer": read_customer_ref(data),
        "paid_at": _read_paid_at(event),
        "invoices": (invoice,) if invoice else (),
        **read_currency(data),
    }


def _read_paid_at(event):
    """Return when the money was paid, which is the event's moment: a charge by bank
    debit is created days before it succeeds. For an object that was fetched or read, it
    is when the money came into the balance.
    """
    if not event.is_wrapped:
        return event.occurred_at
    charge = event.data.value.get("latest_charge")
    if isinstance(charge, dict):
        return read_settled_at(event.data.object("latest_charge"))
    return read_settled_at(event.data)
