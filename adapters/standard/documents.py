"""``invoice.*`` and ``credit_note.*``."""

from decimal import Decimal

from ...canonical.facts import (
    CreditNote,
    CreditRefund,
    DocumentLine,
    Invoice,
    TaxAmount,
    TaxRateDetails,
)
from .currency import read_money
from .customers import read_party


def read_issued(event, data):
    """Return one fact about an invoice, in a list: what is paid of it is told by its
    payments.
    """
    return [Invoice(state="open", **_read_invoice(event, data))]


def read_voided(event, data):
    """Return one fact about an invoice that is void, in a list."""
    invoice = _read_invoice(event, data)
    return [Invoice(state="void", voided_at=data.voided_at, **invoice)]


def read_credit_note(_event, data):
    """Return one fact about a credit note, in a list."""
    return [
        CreditNote(
            **_read_document(data),
            invoice=data.invoice,
            customer=data.customer,
            state="issued",
            to_invoice=data.to_invoice,
            refunds=tuple(
                CreditRefund(external_id=refund.id, amount=refund.amount)
                for refund in data.refunds
            ),
            to_credit=data.to_credit,
            outside=data.outside,
            reason=data.reason,
        )
    ]


def _read_invoice(event, data):
    return {
        **_read_document(data),
        "customer": data.customer.id,
        "party": read_party(data.customer),
        "version": event.order,
        "due_at": data.due_at,
        "subscription": data.subscription,
        "payments": tuple(data.payments),
    }


def _read_document(data):
    return {
        "external_id": data.id,
        "number": data.number,
        "issued_at": data.issued_at,
        "total": data.total,
        "lines": tuple(map(_read_line, data.lines)),
        **read_money(data),
    }


def _read_line(line):
    return DocumentLine(
        external_id=line.id,
        description=line.description,
        product=line.product,
        price=line.price,
        # Metered usage that nobody had is a line all the same.
        quantity=Decimal(line.quantity) or Decimal(1),
        net=line.net,
        taxes=tuple(map(_read_tax, line.taxes)),
        period_start=line.period_start,
        period_end=line.period_end,
    )


def _read_tax(tax):
    return TaxAmount(
        rate=tax.rate,
        amount=tax.amount,
        reason=tax.reason or "",
        taxable=tax.taxable,
        details=_read_rate(tax),
    )


def _read_rate(tax):
    """Return what a tax is, where the sender tells more than its code."""
    if not (tax.percentage or tax.country or tax.name):
        return None
    return TaxRateDetails(
        percentage=Decimal(tax.percentage) if tax.percentage else None,
        country=tax.country,
        state=tax.state,
        display_name=tax.name,
    )
