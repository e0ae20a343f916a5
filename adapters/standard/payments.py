"""``payment.*`` and ``refund.*``."""

from ...canonical.categories import Category
from ...canonical.facts import (
    DocumentLink,
    GatewayRef,
    Payment,
    PaymentFailure,
    Refund,
)
from ...canonical.kinds import Kind
from .clearing import list_movement, name_movement
from .cloud_event import join
from .currency import read_money
from .customers import read_payer


def read_succeeded(_event, data):
    """Return a fact about a sum that came in, one for each part of it that goes to an
    invoice, and one about its movement if the sender holds the money.
    """
    parts = [invoice for invoice in data.invoices if invoice.amount is not None]
    whole = tuple(invoice.id for invoice in data.invoices if invoice.amount is None)
    common = {
        "paid_at": data.paid_at,
        "customer": data.customer,
        "gateway_ref": _read_gateway(data),
        **read_money(data),
    }
    # A part tells whose the money is where nothing else does.
    named = data.customer or data.invoices
    facts = [
        Payment(
            external_id=data.id,
            aliases=tuple(data.other_ids),
            amount=data.amount,
            movement=_name_movement("payment", data),
            invoices=whole or tuple(part.id for part in parts if not data.customer),
            payer=None if named else read_payer(data.payer),
            document_links=_read_links(Kind.INVOICE, data.invoices_elsewhere),
            **common,
        )
    ]
    facts += [
        Payment(
            external_id=data.id,
            allocation=join(data.id, part.id),
            amount=part.amount,
            invoices=(part.id,),
            **common,
        )
        for part in parts
        if data.customer
    ]
    return facts + list_movement(
        "payment", Category.CHARGE, data, data.amount, data.paid_at, data.id
    )


def read_reversed(_event, data):
    """Return a fact about a payment that was taken back, and one about its movement if
    the sender holds the money.
    """
    return [
        PaymentFailure(
            external_id=data.payment,
            payment=data.payment,
            customer=data.customer,
            amount=data.amount,
            failed_at=data.reversed_at,
            **read_money(data),
        ),
        *list_movement(
            "reversal",
            Category.CHARGE_FAILURE,
            data,
            -data.amount,
            data.reversed_at,
            data.payment,
        ),
    ]


def read_refund(_event, data):
    """Return a fact about money that was sent back, and one about its movement if the
    sender holds the money.
    """
    return [
        Refund(
            external_id=data.id,
            # Its customer counts only where no payment says whose money it was.
            customer=None if data.payment else data.customer,
            payment=data.payment,
            payer=None if data.payment else read_payer(data.payer),
            amount=data.amount,
            state="succeeded",
            left=True,
            refunded_at=data.refunded_at,
            movement=_name_movement("refund", data),
            gateway_ref=_read_gateway(data),
            document_links=_read_links(Kind.CREDIT_NOTE, data.credit_notes_elsewhere),
            **read_money(data),
        ),
        *list_movement(
            "refund", Category.REFUND, data, -data.amount, data.refunded_at, data.id
        ),
    ]


def _read_gateway(data):
    given = data.gateway
    return given and GatewayRef(system=given.system, external_id=given.id)


def _read_links(kind, documents):
    """Return the documents of other systems that money is for."""
    return tuple(
        DocumentLink(
            kind=kind,
            by="id" if document.id else "number",
            value=document.id or document.number,
            amount=document.amount,
        )
        for document in documents
    )


def _name_movement(kind, data):
    return None if data.fee is None else name_movement(kind, data.id)
