"""Opening items, as ``opening.py`` has worked them out."""

from ....canonical.facts import CreditOpening, InvoiceOpening
from ..customers.customer import read_party
from ..event import read_currency


def read_invoice(event):
    """Return one fact about the amount that was due on an invoice at the cut-over, in a
    list.
    """
    data = event.data
    invoice = data.object("invoice")
    party = read_party(invoice)
    return [
        InvoiceOpening(
            external_id=data.ref("id"),
            customer=party and party.external_id,
            party=party,
            number=invoice.text("number", ""),
            due_at=invoice.moment("due_date", None),
            amount=data.integer("amount"),
            **read_currency(invoice),
        )
    ]


def read_balance(event):
    """Return one fact about the customer credit at the cut-over, in a list.
    ``opening.py`` has turned Stripe's sign around already.
    """
    data = event.data
    return [
        CreditOpening(
            external_id=data.ref("id"),
            customer=data.ref("id"),
            credit=data.integer("amount"),
            **read_currency(data),
        )
    ]
