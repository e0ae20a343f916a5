"""What ought to be booked: a small double entry in Decimal, kept beside the events.

It reads the plain values of the story and nothing of what is sent: neither JSON nor
minor units nor the addon's code. So what it says and what Odoo says can only agree if
everything between the two is right.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ...make_believe.stripe.units import ZERO
from .ledger_money import LedgerMoney

ACCOUNTS = (
    "receivable",
    "revenue",
    "tax",
    "customer balances",
    "adjustments",
    "bad debt",
    "fees",
    "passed-through fees",
    "application fees",
    "tax on fees",
    "withheld tax",
    "disputed",
    "chargebacks",
    "exchange",
    "transfers",
    "connected accounts",
    "fees earned",
    "reserve",
    "loan",
    "cost of the loan",
    "clearing",
)


@dataclass
class Entry:
    """A document or a sum of money as it ought to stand in the books. ``amount`` and
    ``still_open`` are positive for what a customer owes.
    """

    kind: str
    currency: str
    amount: Decimal
    day: date
    state: str = ""
    still_open: Decimal = ZERO


class Ledger(LedgerMoney):
    """The books of one entity, as they ought to be. ``has_api`` says whether it is
    known what Stripe keeps and exchanges: no event tells. ``is_resolved``: people have
    done what they were asked to.
    """

    def __init__(self, entity, has_api=False, is_resolved=False):
        self.entity = entity
        self.has_api = has_api
        self.is_resolved = is_resolved
        #: Entries that are neither documents nor payments, by kind and id.
        self.postings = {}
        #: What is still lost of invoices that were given up.
        self._lost = defaultdict(lambda: ZERO)
        self.totals = defaultdict(lambda: dict.fromkeys(ACCOUNTS, ZERO))
        self.entries = {}
        self.reversals = Counter()
        #: What a person is asked to look at: failing invoices, unexplained refunds.
        self.failing = set()
        self.unexplained = set()
        #: Invoices that were paid past Stripe, and disputes to be answered.
        self.outside = set()
        self.asked = set()
        #: Words of Stripe's that somebody is asked about.
        self.unknown_words = set()
        #: Payments that stand where they can't be reconciled, by their invoices.
        self.apart = {}
        self._owed_by_hand = defaultdict(lambda: ZERO)
        #: Net and tax of the credit notes before payment, by invoice.
        self._credited = defaultdict(lambda: (ZERO, ZERO))

    def invoice(self, invoice):
        """Post an invoice; one below zero is a credit note in Odoo."""
        kind = "credit_note" if invoice.total < 0 else "invoice"
        moment = invoice.effective_at or invoice.finalized_at
        self._document(invoice.id, kind, invoice, moment)
        self.credit_used(invoice)

    def by_hand(self, currency, amount):
        """Post an invoice without tax. Nobody has said yet that it is Stripe's."""
        self._post(currency, amount, ZERO)
        self._owed_by_hand[currency] += amount

    def credit_note(self, note):
        """Post a credit note. Before payment, it settles a part of its invoice; after
        payment, the refund that came with it, or nothing yet. What it adds to the
        customer's credit waits there.
        """
        self._document(note.id, "credit_note", note, note.created, sign=-1)
        if note.settled:
            self.settle(note.invoice.id, note.id)
            self._take_credit(note, 1)
        if note.refund:
            self.settle(note.refund.id, note.id)
            self.unexplained.discard(note.refund.id)
        self.credit_given(note)

    def void(self, document, sign=1):
        """Reverse what credit notes have left of a document, with its taxes."""
        entry = self.entries[document.id]
        net, tax = self._credited[document.id]
        self._post(
            entry.currency, sign * (net - document.net), sign * (tax - document.tax)
        )
        entry.state, entry.still_open = "void", ZERO
        self.failing.discard(document.id)
        self.reversals[f"{entry.kind}_void"] += 1

    def void_credit_note(self, note):
        """Reverse a credit note that had settled a part of an invoice."""
        self.entries[note.invoice.id].still_open += note.settled
        self._take_credit(note, -1)
        self.void(note, sign=-1)

    def _take_credit(self, note, sign):
        net, tax = self._credited[note.invoice.id]
        self._credited[note.invoice.id] = (net + sign * note.net, tax + sign * note.tax)

    def paid(self, invoice, moment):
        self.take_up(invoice, moment)
        self.entries[invoice.id].state = "paid"
        self.failing.discard(invoice.id)

    def payment(self, payment, invoice_is_booked):
        """Book money received, and settle its invoice with it."""
        self._money(payment.id, "payment", payment, payment.paid_at, 1)
        if payment.is_apart and not self.is_resolved:
            self.apart[payment.invoice.id] = payment.id
        elif payment.invoice and invoice_is_booked:
            self.settle(payment.invoice.id, payment.id)
        if payment.is_apart and self.is_resolved:
            self.transferred(payment)

    def payment_failed(self, payment, moment):
        """Take a payment back, so that its invoice is open again."""
        self.detached(payment)
        self.entries[payment.id].still_open = ZERO
        self.taken_back(payment, moment)

    def detached(self, payment):
        """Open the invoice again that a payment had paid."""
        invoice, money = (self.entries[key] for key in (payment.invoice.id, payment.id))
        invoice.state, invoice.still_open = "open", payment.amount
        money.still_open = -payment.amount

    def refund(self, refund, moment):
        """Book money that has left, on the day it left. Somebody is asked why, until a
        credit note tells.
        """
        self._money(refund.id, "refund", refund, moment, -1)
        self.unexplained.add(refund.id)

    def refund_returned(self, refund):
        """Take back a refund that did not arrive."""
        entry = self.entries[refund.id]
        self._move_money(entry.currency, refund.amount)
        entry.still_open = ZERO
        self.reversals["refund_return"] += 1
        self.unexplained.discard(refund.id)

    def settle(self, debit, credit):
        """Match what is owed with what settles it, as far as both reach."""
        owed, settling = self.entries[debit], self.entries[credit]
        matched = min(owed.still_open, -settling.still_open)
        owed.still_open -= matched
        settling.still_open += matched

    def count(self, kind):
        return sum(entry.kind == kind for entry in self.entries.values())

    def still_open(self, currency, sign):
        """Return the sum of what is owed (1), or of what waits to settle it (-1)."""
        return sum(
            (
                entry.still_open
                for entry in self.entries.values()
                if entry.currency == currency and entry.still_open * sign > 0
            ),
            self._owed_by_hand[currency] if sign > 0 else ZERO,
        )

    def _document(self, key, kind, document, moment, sign=1):
        currency = getattr(document, "invoice", document).currency
        amount = sign * document.total
        self._post(currency, sign * document.net, sign * document.tax)
        self.entries[key] = Entry(
            kind, currency, amount, self._day(moment), "open", amount
        )

    def _money(self, key, kind, money, moment, sign):
        currency = getattr(money, "payment", money).currency
        self._move_money(currency, sign * money.amount)
        amount = -sign * money.amount
        self.entries[key] = Entry(kind, currency, amount, self._day(moment), "", amount)

    def _post(self, currency, net, tax):
        """Debit the receivable, credit revenue and tax."""
        totals = self.totals[currency]
        totals["receivable"] += net + tax
        totals["revenue"] += net
        totals["tax"] += tax

    def _move_money(self, currency, amount):
        """Debit the clearing account, credit the receivable."""
        totals = self.totals[currency]
        totals["clearing"] += amount
        totals["receivable"] -= amount

    def _day(self, moment):
        """Return the day on which a moment falls where the entity is."""
        return (moment + timedelta(hours=self.entity.utc_offset)).date()
