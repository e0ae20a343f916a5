"""``credit_note.created`` and ``voided``.
https://docs.stripe.com/api/credit_notes/object
"""

from ...canonical.errors import Quarantine
from ...canonical.facts import CreditNote, DocumentLine
from ...canonical.reasons import Reason
from .document import read_amounts, read_lines_complete
from .event import read_currency, read_customer_ref


def read(event):
    data = event.data
    kind = data.text("type")
    if kind not in ("pre_payment", "post_payment"):
        raise Quarantine(
            Reason.UNSUPPORTED_TYPE, f"credit notes of type {kind} are not booked yet"
        )
    return [
        CreditNote(
            external_id=data.text("id"),
            customer=read_customer_ref(data),
            invoice=data.ref("invoice"),
            state=data.text("status"),
            number=data.text("number", ""),
            issued_at=data.moment("effective_at", None) or data.moment("created"),
            voided_at=data.moment("voided_at", None)
            or (event.occurred_at if event.type == "credit_note.voided" else None),
            total=data.integer("total"),
            lines=tuple(_read_line(event, line) for line in data.objects("lines.data")),
            lines_complete=read_lines_complete(data),
            settles_invoice=kind == "pre_payment",
            refunds=_read_refunds(event, data),
            **read_currency(data),
        )
    ]


def _read_line(event, line):
    """The price is on the invoice's line, which ``external_id`` names."""
    return DocumentLine(
        external_id=line.text("invoice_line_item", ""),
        description=line.text("description", ""),
        quantity=line.integer("quantity", 1) or 1,
        **read_amounts(event, line),
    )


def _read_refunds(event, data):
    if event.is_basil:
        # A refund recorded by hand (payment_record_refund) never touched Stripe.
        refs = (refund.ref("refund", None) for refund in data.objects("refunds"))
        return tuple(filter(None, refs))
    refund = data.ref("refund", None)
    return (refund,) if refund else ()
