"""``credit_note.created``, ``updated`` and ``voided``.
https://docs.stripe.com/api/credit_notes/object
"""

from ....canonical.facts import CreditNote, CreditRefund, DocumentLine
from ..event import read_currency, read_customer_ref
from ..words import read_word
from .document import read_amounts, read_lines_complete
from .head import read_lines

#: What an event says by its type, where the credit note's own word is not known.
_TOLD = {"credit_note.voided": "void"}


def read(event):
    """Return one fact about a credit note, in a list. Of a type that is not known, what
    its amounts don't tell stays open for a person.
    """
    data = event.data
    kind = read_word(data, "type", "credit_note")
    return [
        CreditNote(
            external_id=data.ref("id"),
            customer=read_customer_ref(data),
            invoice=data.ref("invoice"),
            state=read_word(data, "status", "credit_note") or _TOLD.get(event.type),
            number=data.text("number", ""),
            reason=data.text("reason", ""),
            issued_at=data.moment("effective_at", None) or data.moment("created"),
            voided_at=data.moment("voided_at", None)
            or (event.occurred_at if event.type == "credit_note.voided" else None),
            total=data.integer("total"),
            lines=read_lines(event, data, _read_line),
            lines_complete=read_lines_complete(data),
            **_read_parts(event, data, kind),
            **read_currency(data),
        )
    ]


def _read_line(event, line):
    """Return a line of the fact. The price is on the invoice's line, which
    ``external_id`` names.
    """
    return DocumentLine(
        external_id=line.text("invoice_line_item", ""),
        description=line.long_text("description", ""),
        quantity=line.integer("quantity", 1) or 1,
        **read_amounts(event, line),
    )


def _read_parts(event, data, kind):
    """Return where the credit goes: to what is still due on the invoice, back by
    refunds, to customer credit, or outside Stripe.
    https://docs.stripe.com/api/credit_notes/create
    """
    total = data.integer("total")
    # Before 2025-05-28 a credit note went either to the invoice as a whole, or back as
    # a whole; then it names the way. So a type that is not known does not matter.
    ways = ("refund", "customer_balance_transaction", "out_of_band_amount")
    if kind is None and not any(data.has(way) for way in ways):
        kind = "pre_payment"
    to_invoice = data.integer(
        "pre_payment_amount", total if kind == "pre_payment" else 0
    )
    outside = data.integer("out_of_band_amount", 0) + sum(
        refund.integer("amount_refunded", 0)
        for refund in data.objects("refunds")
        if not refund.has("refund")  # a refund of a payment recorded by hand
    )
    rest = total - to_invoice - outside
    has_balance = data.has("customer_balance_transaction")
    refunds = _read_refunds(event, data, None if has_balance else rest)
    stated = [refund.amount for refund in refunds]
    left = None if None in stated else rest - sum(stated)
    return {
        "to_invoice": to_invoice,
        "refunds": refunds,
        "to_credit": left if has_balance else 0,
        "outside": outside,
    }


def _read_refunds(event, data, rest):
    """Return the refunds. A shape with only one of them does not tell its amount.

    :param rest: that amount, where it is all that can be.
    """
    if event.is_basil:
        return tuple(
            CreditRefund(
                external_id=refund.ref("refund"),
                amount=refund.integer("amount_refunded", rest),
            )
            for refund in data.objects("refunds")
            if refund.has("refund")
        )
    refund = data.ref("refund", None)
    return (CreditRefund(external_id=refund, amount=rest),) if refund else ()
