"""``invoice.finalized``, ``paid``, ``voided``, ``marked_uncollectible``, ``overpaid``,
``updated`` and more: many events that each send a snapshot of an invoice.
https://docs.stripe.com/api/invoices/object
"""

from datetime import timedelta

from ....canonical.facts import Allocation, DocumentLine, Invoice
from ..customers.customer import read_party
from ..event import read_currency
from ..words import read_word
from .document import read_amounts, read_lines_complete
from .head import read_lines

#: How old an object may be when it is wrapped: that long a page of a list, and all that
#: goes with it, takes to be read.
_READING = timedelta(minutes=10)
#: What an event says by its type, where the invoice's own word is not known.
_TOLD = {
    "invoice.marked_uncollectible": "uncollectible",
    "invoice.paid": "paid",
    "invoice.payment_succeeded": "paid",
    "invoice.voided": "void",
}


def read(event):
    """Return one fact about an invoice, in a list; nothing while it is a draft."""
    data = event.data
    state = _read_state(event, data)
    if state == "draft" or not (state or _is_final(data)):
        return []  # all of it may still change
    party = read_party(data)
    transitions = data.object("status_transitions")
    failed = event.type == "invoice.payment_failed"
    return [
        Invoice(
            external_id=data.ref("id"),
            customer=party and party.external_id,
            version=_read_version(event, data),
            party=party,
            state=state,
            number=data.text("number", ""),
            issued_at=data.moment("effective_at", None)
            or transitions.moment("finalized_at", None)
            or data.moment("created"),
            due_at=data.moment("due_date", None),
            voided_at=transitions.moment("voided_at", None)
            or (event.occurred_at if event.type == "invoice.voided" else None),
            total=data.integer("total"),
            lines=read_lines(event, data, _read_line),
            lines_complete=read_lines_complete(data),
            subscription=_read_subscription(event, data),
            **_read_payments(event, data),
            failed_attempt=max(data.integer("attempt_count", 0), 1) if failed else 0,
            next_attempt_at=data.moment("next_payment_attempt", None),
            amount_paid=data.integer("amount_paid", None),
            amount_remaining=data.integer("amount_remaining", None),
            **_read_ending(event, data, transitions),
            **_read_balance(event, data, transitions),
            **read_currency(data),
        )
    ]


def _read_state(event, data):
    """Return the state of an invoice, None if neither it nor the event tells any."""
    return read_word(data, "status", "invoice") or _TOLD.get(event.type)


def _is_final(data):
    """Return whether an invoice of an unknown state is final: whatever that is, it is
    owed.
    """
    return data.has("effective_at") or data.has("status_transitions.finalized_at")


def _read_ending(event, data, transitions):
    """Return how it was paid, or given up: a payment or a credit note that comes later
    lowers what is still due of it.
    """
    state = _read_state(event, data)
    paid, given_up = state == "paid", state == "uncollectible"
    return {
        "paid_at": transitions.moment("paid_at", None)
        or (event.occurred_at if paid else None),
        "written_off": data.integer("amount_remaining") if given_up else 0,
        "written_off_at": transitions.moment("marked_uncollectible_at", None)
        or (event.occurred_at if given_up else None),
        "paid_outside": data.integer("amount_paid_off_stripe", 0) > 0
        if event.is_basil
        else paid and data.flag("paid_out_of_band"),
    }


def _read_balance(event, data, transitions):
    """Return how the invoice changed customer credit. In Stripe's balance, credit is
    below zero. Until the invoice is finalised there is no ending balance.
    https://docs.stripe.com/billing/customer/balance
    """
    ending = data.integer("ending_balance", None)
    return {
        "credit_change": 0
        if ending is None
        else ending - data.integer("starting_balance", 0),
        "overpaid": data.integer("amount_overpaid", 0),
        "overpaid_at": transitions.moment("paid_at", None) or event.occurred_at,
    }


def _read_line(event, line):
    product, price = _read_product(event, line)
    period = line.object("period")
    return DocumentLine(
        external_id=line.text("id", ""),
        description=line.long_text("description", ""),
        product=product,
        price=price,
        # Null for a flat amount; 0 for metered usage that nobody had.
        quantity=line.integer("quantity", 1) or 1,
        period_start=period.moment("start", None),
        period_end=period.moment("end", None),
        **read_amounts(event, line),
    )


def _read_product(event, line):
    if event.is_basil:
        details = line.object("pricing.price_details")
        return details.ref("product", ""), details.ref("price", "")
    price = line.object("price") if line.has("price") else line.object("plan")
    return price.ref("product", ""), price.text("id", "")


def _read_subscription(event, data):
    if event.is_basil:
        return data.ref("parent.subscription_details.subscription", "")
    return data.ref("subscription", "")


def _read_version(event, data):
    """Return the snapshot's version. An open invoice that was read may have been paid
    while it was: then it must not pass for open again.
    """
    if not event.is_wrapped or data.text("status") != "open":
        return event.version
    return event.make_version(earlier=int(_READING.total_seconds()))


def _read_payments(event, data):
    """Return what pays this invoice. A payment intent is preferred to its charge: the
    one is known by the other, never without it.
    """
    if not event.is_basil:
        ref = data.ref("payment_intent", None) or data.ref("charge", None)
        return {"payments": (ref,) if ref else ()}
    listed = data.objects("payments.data")
    parts = (_read_allocation(event, part) for part in listed)
    known_at = event.occurred_at - (_READING if event.is_wrapped else timedelta())
    clear = all(read_word(part, "status", "invoice_payment", "") for part in listed)
    whole = clear and data.has("payments") and not data.flag("payments.has_more")
    return {
        "allocations": tuple(filter(None, parts)),
        "allocations_known_at": known_at if whole else None,
    }


def _read_allocation(event, part):
    """Return a part of a payment, or None while nothing came in by it. It may have been
    taken off the invoice since.
    """
    how = part.object("payment")
    money = how.ref("payment_intent", None) or how.ref("charge", None)
    paid_at = part.moment("status_transitions.paid_at", None)
    state = read_word(part, "status", "invoice_payment", "")
    ended = state == "canceled" and paid_at
    # Of a state that is not known, the moment tells.
    paid = state == "paid" or (state is None and paid_at)
    if not money or not (ended or paid):
        return None
    ended_at = part.moment("status_transitions.canceled_at", event.occurred_at)
    return Allocation(
        external_id=part.ref("id"),
        payment=money,
        amount=part.integer("amount_paid", None),
        paid_at=paid_at,
        ended_at=ended_at if ended else None,
    )
