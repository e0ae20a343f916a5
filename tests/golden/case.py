"""What each fact does to the books, written from the accounting rules alone.

Odoo calls a credit note "reversed" that an entry settles, and its invoice "paid".
In the texts ``M`` is the fixtures' month. An amount is a debit (+) or a credit (-).
AR is receivables, REV income, TAX output tax, and SC what the source holds for us.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """Events and the books that come of them.

    A fixture named ``basil:…`` or ``before:…`` is delivered in that shape only.
    ``activities`` counts what a person is asked to look at; ``waiting`` names the
    events that stay parked; all others end as done.
    """

    deliver: tuple
    books: str
    shapes: tuple = ("before", "basil")
    activities: tuple = ()
    waiting: tuple = field(default=())
    tz: str = "UTC"
    #: how the source is set up, as pairs of a field and its value
    setup: tuple = ()

    def fixtures(self, shape):
        """Return the names of the fixtures to deliver in a shape."""
        for name in self.deliver:
            only, _colon, rest = name.rpartition(":")
            if only in ("", shape):
                yield rest


def sort_books(text):
    """Return books that were written by hand as :meth:`SaasCommon.books` writes them:
    without empty lines, and the entries in order.
    """
    moves = []
    for line in filter(str.strip, text.splitlines()):
        if line.startswith(" "):
            moves[-1] += f"\n{line}"
        else:
            moves.append(line)
    return "\n".join(sorted(moves))


#: The same 119.00 by every event there is for it.
PAID = (
    "invoice.finalized",
    "payment_intent.succeeded",
    "charge.succeeded",
    "basil:invoice_payment.paid",
    "invoice.paid",
    "invoice.payment_succeeded",
)
MAIN_OPEN = """
M-02 out_invoice not_paid
    AR +119.00 open +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
"""
MAIN_PAID = """
M-02 entry
    AR -119.00
    SC +119.00
M-02 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
"""
#: Paid, but nothing says yet by whom: the money is open credit.
MAIN_APART = """
M-02 entry
    AR -119.00 open -119.00
    SC +119.00
M-02 out_invoice not_paid
    AR +119.00 open +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
"""
VOIDED = """
M-04 out_invoice reversed
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
M-06 out_refund paid
    AR -119.00
    REV +100.00 {19% VAT}
    TAX +19.00
"""
ZERO = """
M-10 out_invoice paid
    AR +0.00
    REV +0.00
"""
BOUNCED = (
    MAIN_PAID
    + """
M-12 entry
    AR +20.00
    SC -20.00
M-15 entry
    AR -20.00
    SC +20.00
"""
)
CREDIT_OPEN = """
M-10 out_invoice partial
    AR +238.00 open +178.50
    REV -200.00 {19% VAT}
    TAX -38.00
M-13 out_refund paid
    AR -59.50
    REV +50.00 {19% VAT}
    TAX +9.50
"""
CREDIT_VOIDED = """
M-10 out_invoice not_paid
    AR +238.00 open +238.00
    REV -200.00 {19% VAT}
    TAX -38.00
M-13 out_refund paid
    AR -59.50
    REV +50.00 {19% VAT}
    TAX +9.50
M-14 out_invoice reversed
    AR +59.50
    REV -50.00 {19% VAT}
    TAX -9.50
"""
POST_PAYMENT = (
    MAIN_PAID
    + """
M-14 entry
    AR +59.50
    SC -59.50
M-14 out_refund paid
    AR -59.50
    REV +50.00 {19% VAT}
    TAX +9.50
"""
)
PLAIN_REFUND = (
    MAIN_PAID
    + """
M-12 entry
    AR +30.00 open +30.00
    SC -30.00
"""
)
JPY_PAID = """
M-11 entry
    AR -119.00 (-11900 JPY)
    SC +119.00 (+11900 JPY)
M-11 out_invoice paid
    AR +119.00 (+11900 JPY)
    REV -100.00 (-10000 JPY) {19% VAT}
    TAX -19.00 (-1900 JPY)
"""
EUR_PARTIAL = """
M-11 out_invoice partial
    AR +148.75 (+119.00 EUR) open +69.00
    REV -125.00 (-100.00 EUR) {19% VAT}
    TAX -23.75 (-19.00 EUR)
M-12 entry
    AR -62.50 (-50.00 EUR)
    SC +62.50 (+50.00 EUR)
"""
#: Activities of the addon, by their names.
FAILED, UNEXPLAINED = "payment_failed", "refund_without_credit_note"
OUTSIDE, NOT_FINALIZED = "paid_outside", "not_finalized"
