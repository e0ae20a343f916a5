"""What customers pay, and get back."""

from decimal import Decimal

from ...make_believe.stripe.documents import CreditNote, Line, Payment, Refund
from ...make_believe.stripe.fate import DONE, Fate
from ...make_believe.stripe.units import ZERO, rounded

PARKED = Fate("parked")


class TenantMoney:
    """The part of a customer that has to do with money."""

    def pay(self, moment, invoice=None, amount=None, fees=None, is_apart=False):
        """Pay an invoice, or a part of it, or an amount for no invoice; return the
        payment. ``fees`` are kept by others than Stripe. It ``is_apart`` if it is
        booked where it can't be reconciled with its invoice.
        """
        payment = Payment(
            id=self._id("pi"),
            charge=self._id("ch"),
            part=self._id("inpay"),
            amount=Decimal(amount) if amount else invoice.rest,
            currency=self.currency,
            paid_at=moment,
            invoice=invoice,
            is_apart=is_apart,
        )
        unusable = invoice is not None and invoice.fate.reason == "currency_mismatch"
        fate = invoice.fate if unusable else self.waits
        for kind in ("payment_intent", "charge"):
            self.account.keep(kind, self, payment)
            data = getattr(self.shape, kind)(self, payment)
            self.emit(f"{kind}.succeeded", moment, data, fate)
        if fate is DONE:
            if invoice and invoice.fate is DONE:
                self.ledger.recover(invoice, payment.amount, moment)
            self.ledger.payment(payment, invoice is not None and invoice.fate is DONE)
        self.account.balance.charge(payment, fate, fees)
        if invoice:
            invoice.payments.append(payment)
            self._tell_invoice_paid(moment, invoice, payment)
        return payment

    def _tell_invoice_paid(self, moment, invoice, payment):
        invoice.attempts += 1
        if self.shape.has_invoice_payment:
            # Without the invoice nobody knows whose money it is.
            fate = DONE if invoice.fate is DONE else PARKED
            data = self.shape.invoice_payment(payment)
            self.emit("invoice_payment.paid", moment, data, fate)
        if invoice.rest:
            if invoice.given_up_at:
                self._tell_invoice("updated", moment, invoice)
            return
        invoice.status, invoice.paid_at = "paid", moment
        if invoice.overpaid:
            self.change_credit(moment, invoice.overpaid, "invoice_overpaid", invoice)
            self.ledger.overpaid(invoice, payment, moment)
            self._tell_invoice("overpaid", moment, invoice)
        self._tell_paid(invoice, moment)

    def fail_after_all(self, moment, payment):
        """See a debit fail that had succeeded: its invoice is open again."""
        invoice, payment.failed_at = payment.invoice, moment
        self._reopen(invoice, payment)
        self.ledger.payment_failed(payment, moment)
        self.account.balance.fail(payment, moment)
        self.emit("charge.failed", moment, self.shape.charge(self, payment))
        self.fail(moment, invoice)

    def detach(self, moment, payment):
        """Have a payment taken off its invoice, which is open again."""
        invoice, payment.detached_at = payment.invoice, moment
        self._reopen(invoice, payment)
        self.ledger.detached(payment)
        data = self.shape.invoice_payment(payment)
        self.emit("invoice_payment.detached", moment, data)
        self._tell_invoice("updated", moment, invoice)

    def attach(self, moment, payment, invoice):
        """Have a payment put to an invoice that it was not made for."""
        payment.part, payment.invoice = self._id("inpay"), invoice
        payment.detached_at, payment.attached_at = None, moment
        invoice.payments.append(payment)
        self.ledger.settle(invoice.id, payment.id)
        self._tell_invoice_paid(moment, invoice, payment)

    def _reopen(self, invoice, payment):
        invoice.payments.remove(payment)
        invoice.status, invoice.paid_at = "open", None

    def refund(self, moment, payment, amount=None, status="succeeded", left=True):
        """Get money back, all that is left of the payment by default; return the
        refund. A pending one may have left Stripe's balance or not.
        """
        refund = Refund(
            id=self._id("re"),
            payment=payment,
            amount=Decimal(amount) if amount else payment.amount - payment.refunded,
            status=status,
            created=moment,
            has_left=left,
        )
        payment.refunded += refund.amount
        self.account.keep("refund", refund)
        if left:
            self._leave(refund, moment)
        self.emit("refund.created", moment, self.shape.refund(refund))
        self.emit("charge.refunded", moment, self.shape.charge(self, payment))
        return refund

    def complete(self, moment, refund):
        """See a pending refund arrive."""
        refund.status = "succeeded"
        if not refund.has_left:
            refund.has_left = True
            self._leave(refund, moment)
        return self.emit("refund.updated", moment, self.shape.refund(refund))

    def return_refund(self, moment, refund):
        """See a refund come back, because it could not be delivered."""
        refund.status, refund.has_come_back = "failed", refund.has_left
        if refund.has_left:
            self.ledger.refund_returned(refund)
            self.account.balance.return_refund(refund, moment)
        for kind in ("refund.updated", "refund.failed"):
            self.emit(kind, moment, self.shape.refund(refund))

    def _leave(self, refund, moment):
        self.ledger.refund(refund, moment)
        self.account.balance.refund(refund, moment)

    # Credit notes

    def credit(self, moment, invoice, *parts, refund=None, to_credit=False):
        """Get a credit note for parts of an invoice: pairs of a line and a net amount,
        or all lines; return it. Of an invoice that was paid in part it settles the
        rest, if there is a refund of what goes beyond.
        """
        parts = parts or [(line, line.net) for line in invoice.lines]
        kind = "post_payment" if invoice.status == "paid" else "pre_payment"
        if kind == "pre_payment" and refund:
            kind = "mixed"
        note = CreditNote(
            id=self._id("cn"),
            number=f"{invoice.number}-CN-{self._count('credit'):02d}",
            invoice=invoice,
            kind=kind,
            lines=[self._part(line, Decimal(net)) for line, net in parts],
            created=moment,
            refund=refund,
        )
        if kind != "post_payment":
            note.settled = min(note.total, invoice.rest)
        invoice.credited_before += note.settled
        invoice.credited_after += note.total - note.settled
        if to_credit:
            note.to_credit = note.total
            note.credit_change = self.change_credit(
                moment, note.total, "credit_note", invoice
            )
        self.account.keep("credit_note", self, note)
        self.ledger.credit_note(note)
        self.emit("credit_note.created", moment, self.shape.credit_note(self, note))
        if kind == "mixed":
            invoice.status, invoice.paid_at = "paid", moment
            self._tell_paid(invoice, moment)
        return note

    def void_credit(self, moment, note):
        """Have a credit note withdrawn, so that the invoice is due in full again."""
        note.voided_at = moment
        note.invoice.credited_before -= note.settled
        self.ledger.void_credit_note(note)
        data = self.shape.credit_note(self, note)
        return self.emit("credit_note.voided", moment, data)

    def _part(self, line, net):
        """Return a part of an invoice line as a line, with its share of the tax."""
        whole = net == line.net
        tax = line.tax if whole or not line.rate else net * line.rate.percent / 100
        return Line(
            id=line.id,
            product=line.product,
            description=line.description,
            quantity=line.quantity if whole else 1,
            net=net,
            rate=line.rate,
            tax=rounded(tax, self.currency),
            is_shipping=line.is_shipping,
            discount=line.discount if whole else ZERO,
        )

    def emit(self, event_type, moment, data, fate=DONE, **details):
        return self.account.emit(event_type, moment, data, fate, **details)

    def _id(self, prefix):
        """Return an id for a new object, which is legible, unlike Stripe's."""
        number = self._count(prefix)
        return f"{prefix}_{self.account.entity.key}_{self.key}_{number}"

    def _count(self, what):
        self._numbers[what] = self._numbers.get(what, 0) + 1
        return self._numbers[what]
