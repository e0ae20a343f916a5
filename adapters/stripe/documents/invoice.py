"""``invoice.finalized``, ``paid``, ``voided``, ``marked_uncollectible``, ``overpaid``,
``updated`` and more: many events that each send a snapshot of an invoice.
https://docs.stripe.com/api/invoices/object
"""

from ....canonical.facts import DocumentLine, Invoice
from ..customers.customer import read_party
from ..event import read_currency
from .document import read_amounts, read_lines_complete


def read(event):
    """Return one fact about an invoice, in a list; nothing while it is a draft."""
    data = event.data
    if data.text("status") == "draft":
        return []  # all of it may still change
    party = read_party(data)
    transitions = data.object("status_transitions")
    failed = event.type == "invoice.payment_failed"
    return [
        Invoice(
            external_id=data.text("id"),
            customer=party and party.external_id,
            version=event.version,
            party=party,
            state=data.text("status"),
            number=data.text("number", ""),
            issued_at=data.moment("effective_at", None)
            or transitions.moment("finalized_at", None)
            or data.moment("created"),
            due_at=data.moment("due_date", None),
            voided_at=transitions.moment("voided_at", None)
            or (event.occurred_at if event.type == "invoice.voided" else None),
            total=data.integer("total"),
            lines=tuple(_read_line(event, line) for line in data.objects("lines.data")),
            lines_complete=read_lines_complete(data),
            subscription=_read_subscription(event, data),
            payments=_read_payments(event, data),
            failed_attempt=max(data.integer("attempt_count", 0), 1) if failed else 0,
            amount_paid=data.integer("amount_paid", None),
            amount_remaining=data.integer("amount_remaining", None),
            **_read_ending(event, data, transitions),
            **_read_balance(event, data, transitions),
            **read_currency(data),
        )
    ]


def _read_ending(event, data, transitions):
    """Return how it was paid, or given up: a payment or a credit note that comes later
    lowers what is still due of it.
    """
    paid = data.text("status") == "paid"
    given_up = data.text("status") == "uncollectible"
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
        description=line.text("description", ""),
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


def _read_payments(event, data):
    """Return the ids of the money that pays this invoice. A payment intent is preferred
    to its charge: the one is known by the other, never without it.
    """
    if event.is_basil:
        paid = (
            payment.object("payment")
            for payment in data.objects("payments.data")
            if payment.text("status", "") == "paid"
        )
    else:
        paid = [data]
    refs = (
        payment.ref("payment_intent", None) or payment.ref("charge", None)
        for payment in paid
    )
    return tuple(filter(None, refs))
