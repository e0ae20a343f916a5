"""``invoice.finalized``, ``paid``, ``payment_succeeded``, ``payment_failed`` and
``voided``: five ways to send the same snapshot of an invoice.
https://docs.stripe.com/api/invoices/object
"""

from ...canonical.facts import DocumentLine, Invoice
from .customer import read_party
from .document import read_amounts, read_lines_complete
from .event import read_currency


def read(event):
    data = event.data
    party = read_party(data)
    transitions = data.object("status_transitions")
    failed = event.type == "invoice.payment_failed"
    return [
        Invoice(
            external_id=data.text("id"),
            customer=party and party.external_id,
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
            paid_outside=data.flag("paid_out_of_band")
            or bool(data.integer("amount_paid_off_stripe", 0)),
            **read_currency(data),
        )
    ]


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
    """Return the ids of the money that settles this invoice. A payment intent is
    preferred to its charge: the one is known by the other, never without it.
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
