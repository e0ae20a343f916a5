"""What else ought to be booked than documents and payments: customers' credit, bad
debt, and all that happens to the money while Stripe has it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ...make_believe.stripe.units import ZERO, rounded
from ..catalogue import MONTH, RATES, YEAR

#: Where the money of a movement comes from or goes to that is no customer's.
PLACES = {
    "fee": "fees",
    "network_cost": "passed-through fees",
    "tax_withholding": "withheld tax",
    "topup": "transfers",
    "topup_reversal": "transfers",
    "transfer": "connected accounts",
    "transfer_reversal": "connected accounts",
    "platform_earning": "fees earned",
    "platform_earning_refund": "fees earned",
    "risk_reserved_funds": "reserve",
    "financing_payout": "loan",
    "financing_paydown": "loan",
}


#: Where the parts of a charge's fee go, by Stripe's type.
FEES = {
    "stripe_fee": "fees",
    "application_fee": "application fees",
    "payment_method_passthrough_fee": "passed-through fees",
    "tax": "tax on fees",
    "withheld_tax": "withheld tax",
}


@dataclass
class Posting:
    """An entry of its own: its day, and by account and currency what it changes;
    signed as in ``ledger.totals``.
    """

    day: date
    amounts: dict = field(default_factory=lambda: defaultdict(lambda: ZERO))


class LedgerMoney:
    """The part of the books that a clearing account begins and ends in."""

    # Customers' credit: what Halyard owes them

    def credit_used(self, invoice):
        """Let an invoice be paid by credit, or become credit."""
        used = invoice.credit_used
        if not used:
            return
        entry = self.entries[invoice.id]
        entry.still_open -= used
        self._book(
            "invoice_balance",
            invoice.id,
            entry.day,
            invoice.currency,
            {"receivable": -used, "customer balances": -used},
        )

    def credit_given(self, note):
        """Let a credit note become credit."""
        if not note.to_credit:
            return
        entry = self.entries[note.id]
        entry.still_open += note.to_credit
        self._book(
            "credit_note_balance",
            note.id,
            entry.day,
            entry.currency,
            {"receivable": note.to_credit, "customer balances": note.to_credit},
        )

    def overpaid(self, invoice, payment, moment):
        """Let what was paid too much become credit."""
        amount = invoice.overpaid
        self.entries[payment.id].still_open += amount
        self._book(
            "invoice_overpaid",
            invoice.id,
            self._day(moment),
            invoice.currency,
            {"receivable": amount, "customer balances": amount},
        )

    def credit_adjusted(self, change):
        """Change a customer's credit by hand."""
        self._book(
            "balance_adjustment",
            change.id,
            self._day(change.created),
            change.currency,
            {"adjustments": change.amount, "customer balances": change.amount},
        )

    # Bad debt

    def give_up(self, invoice, moment):
        """Write off what is still to be paid."""
        entry = self.entries[invoice.id]
        entry.state = "uncollectible"
        self.failing.discard(invoice.id)
        self._lose(invoice, entry.still_open, moment)

    def take_up(self, invoice, moment):
        """Take back that an invoice was written off, if it was."""
        if self.entries[invoice.id].state == "uncollectible":
            self.recover(invoice, self._lost[invoice.id], moment)
            self.entries[invoice.id].state = "open"

    def recover(self, invoice, amount, moment):
        """Take back so much of an invoice's loss, if it is one: it is paid now."""
        if self._lost[invoice.id]:
            self._lose(invoice, -amount, moment)

    def _lose(self, invoice, amount, moment):
        """Book so much of an invoice as lost, or less than before."""
        day = self._day(moment)
        self.entries[invoice.id].still_open -= amount
        self._lost[invoice.id] += amount
        self._book(
            "invoice_loss",
            f"{invoice.id} {day}",
            day,
            invoice.currency,
            {"receivable": -amount, "bad debt": amount},
        )

    # Receivables

    def taken_back(self, payment, moment):
        """Take back a payment that has failed."""
        self._book(
            "payment_failure",
            payment.charge,
            self._day(moment),
            payment.currency,
            {"receivable": payment.amount, "clearing": -payment.amount},
        )

    def transferred(self, payment):
        """Transfer a payment's credit to the account that its invoice is on."""
        self._book(
            "receivable_transfer",
            f"payment {payment.id} 1",
            self._day(payment.paid_at),
            payment.currency,
            {"receivable": ZERO},
        )

    # Money at Stripe

    def movement(self, movement):
        """Book what Stripe keeps of a movement, what it exchanges it into, and all of
        it where it is no customer's.
        """
        if not self.has_api:
            return
        day, currency = self._day(movement.created), movement.currency
        if place := PLACES.get(movement.category):
            amounts = {place: -movement.amount, "clearing": movement.amount}
            self._book("balance_entry", movement.id, day, currency, amounts)
            return
        if movement.fee:
            amounts = {FEES[kind]: amount for kind, amount in movement.fees.items()}
            amounts["clearing"] = -movement.fee
            self._book("balance_entry", movement.id, day, currency, amounts)
        if movement.is_exchanged:
            self._exchange(movement, day)

    def _exchange(self, movement, day):
        """Let money leave in the currency it came in, and enter in Stripe's. It had
        been booked at that day's rate: what Stripe's differs by is a gain or a loss.
        """
        foreign, own = movement.money_currency, self.entity.currency
        rate = self._get_rate(foreign, day)
        booked = rounded(movement.money / rate, own)
        self._book(
            "balance_entry",
            movement.id,
            day,
            foreign,
            {"clearing": -movement.money},
        )
        self._book(
            "balance_entry",
            movement.id,
            day,
            own,
            {"clearing": movement.amount, "exchange": booked - movement.amount},
        )

    def _get_rate(self, currency, day):
        """Return units of a currency for one of the company's, on a day."""
        rates = RATES[self.entity.key][currency]
        known = [
            rate
            for first, rate in rates
            if (YEAR, MONTH, first) <= (day.year, day.month, day.day)
        ]
        return Decimal(known[-1])

    def loan_cost(self, repayment):
        """Book the fee in a repayment as a cost: it repays nothing of the loan."""
        self._book(
            "loan_cost",
            repayment.id,
            self._day(repayment.created),
            repayment.currency,
            {"cost of the loan": repayment.cost, "loan": -repayment.cost},
        )

    def dispute_moved(self, movement):
        """Book what a dispute takes away, with its fee, or brings back."""
        self._book(
            "dispute_movement",
            movement.id,
            self._day(movement.created),
            movement.currency,
            {
                "disputed": -movement.amount,
                "fees": movement.fee,
                "clearing": movement.net,
            },
        )

    def dispute_lost(self, dispute, moment):
        """Book as a loss what is gone for good."""
        amount = dispute.payment.amount
        self._book(
            "dispute_loss",
            dispute.id,
            self._day(moment),
            dispute.payment.currency,
            {"chargebacks": amount, "disputed": -amount},
        )

    def payout(self, payout):
        """Let money leave for the bank. Its day is a day, wherever one is."""
        self._transfer("payout_entry", payout, payout.arrives_at.date(), 1)

    def payout_returned(self, payout, moment):
        self._transfer("payout_return", payout, self._day(moment), -1)

    def _transfer(self, kind, payout, day, sign):
        amount = sign * payout.amount
        amounts = {"transfers": amount, "clearing": -amount}
        self._book(kind, payout.id, day, payout.currency, amounts)

    def _book(self, kind, key, day, currency, amounts):
        """Add to an entry, and to the totals."""
        posting = self.postings.setdefault((kind, key), Posting(day))
        for account, amount in amounts.items():
            posting.amounts[account, currency] += amount
            self.totals[currency][account] += amount
