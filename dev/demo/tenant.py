"""A customer of the SaaS. What it does becomes events at its Stripe account, and
entries in the ledger of what ought to be booked.
"""

from datetime import timedelta
from decimal import Decimal

from .catalogue import unit_price
from .things import (
    DONE,
    ZERO,
    CreditNote,
    Fate,
    Invoice,
    Item,
    Line,
    Payment,
    Refund,
    Subscription,
    rounded,
)

IGNORED = Fate("ignored", "unsupported_type")
A_MONTH = timedelta(days=31)


class Tenant:
    """One customer. ``fate`` is what becomes of what its customer object is needed
    for: usually all is done.
    """

    def __init__(self, account, key, name, place, **details):
        self.account = account
        self.shape = account.shape
        self.ledger = account.ledger
        self.key = key
        self.name = name
        self.city, self.zip, self.street = place
        self.id = f"cus_{account.entity.key}_{key}"
        self.email = details.pop("email", f"billing@{key}.example")
        self.phone = None
        self.vat = None
        self.country = account.entity.country
        self.currency = account.entity.currency
        self.created = None
        self.subscription = None
        self.fate = DONE
        self.waits = DONE
        for name_, value in details.items():
            setattr(self, name_, value)
        self._numbers = {}
        account.tenants.append(self)

    # Signing up and changing one's mind

    def sign_up(self, moment, *products, status="active", **details):
        """Become a customer and subscribe to products (pairs with a quantity)."""
        self.created = moment
        self.emit("customer.created", moment, self.shape.customer(self), self.fate)
        self.subscription = Subscription(
            id=f"sub_{self.account.entity.key}_{self.key}",
            currency=self.currency,
            items=[
                Item(
                    f"si_{self.account.entity.key}_{self.key}_{number}", *_pair(product)
                )
                for number, product in enumerate(products, 1)
            ],
            start=moment,
            end=moment + A_MONTH,
            status=status,
            **details,
        )
        self.tell_subscription("created", moment)

    def change(self, moment, **values):
        """Change what the customer object says of this tenant."""
        previous = {name: getattr(self, name) for name in values}
        for name, value in values.items():
            setattr(self, name, value)
        data = self.shape.customer(self)
        return self.emit("customer.updated", moment, data, previous=previous)

    def change_subscription(self, moment, what="updated", **values):
        """Change the subscription, and tell it."""
        for name, value in values.items():
            setattr(self.subscription, name, value)
        return self.tell_subscription(what, moment)

    def switch(self, moment, product):
        """Go over to another plan."""
        self.subscription.items[0].product = product
        return self.tell_subscription("updated", moment)

    def tell_subscription(self, what, moment):
        data = self.shape.subscription(self, self.subscription)
        return self.emit(f"customer.subscription.{what}", moment, data, self.waits)

    def leave(self, moment):
        """Be deleted. What was booked stays."""
        data = {"id": self.id, "object": "customer", "deleted": True}
        return self.emit("customer.deleted", moment, self.shape.customer(self) | data)

    # Invoices

    def line(self, product, quantity=1, rate=None, discount=0, amount=None, **details):
        """Return an invoice line.

        In: what is sold, the tax rate, a discount in percent, and the amount where it
        is not quantity times price. The amount holds an inclusive tax.
        """
        if amount is None:
            amount = unit_price(product, self.currency) * quantity
        amount = rounded(amount, self.currency)
        reduction = rounded(amount * discount / 100, self.currency)
        net, tax = amount - reduction, ZERO
        if rate and rate.inclusive:
            tax = rounded(net * rate.percent / (100 + rate.percent), self.currency)
            net -= tax
        elif rate:
            tax = rounded(net * rate.percent / 100, self.currency)
        return Line(
            id=self._id("il"),
            product=product,
            description=details.pop("description", f"{quantity} × {product.name}"),
            quantity=quantity,
            net=net,
            rate=rate,
            tax=tax,
            discount=reduction,
            start=self.subscription.start,
            end=self.subscription.end,
            **details,
        )

    def invoice(self, moment, *lines, fate=None, days_to_pay=None, **details):
        """Get an invoice; return it. What is due nothing is paid at once."""
        invoice = Invoice(
            id=self._id("in"),
            number=f"{self.key[:8].upper()}-{self._count('number'):04d}",
            currency=self.currency,
            lines=list(lines),
            finalized_at=moment,
            subscription=self.subscription.id,
            due_at=moment + timedelta(days=days_to_pay) if days_to_pay else None,
            fate=fate or self.fate,
            **details,
        )
        if invoice.total <= 0:
            invoice.status, invoice.paid_at = "paid", moment
        self._tell_invoice("finalized", moment, invoice)
        if invoice.fate is DONE:
            self.ledger.invoice(invoice)
        if invoice.status == "paid":
            self._tell_paid(invoice, moment)
        return invoice

    def fail(self, moment, invoice):
        """Fail to pay: another attempt was made in vain."""
        invoice.attempts += 1
        self.ledger.failing.add(invoice.id)
        return self._tell_invoice("payment_failed", moment, invoice)

    def void(self, moment, invoice):
        """Have an invoice withdrawn."""
        invoice.status, invoice.voided_at = "void", moment
        self.ledger.void(invoice)
        return self._tell_invoice("voided", moment, invoice)

    # Money

    def pay(self, moment, invoice=None, amount=None):
        """Pay an invoice, or a part of it, or an amount for no invoice; return the
        payment.
        """
        payment = Payment(
            id=self._id("pi"),
            charge=self._id("ch"),
            part=self._id("inpay"),
            amount=Decimal(amount) if amount else invoice.due - invoice.paid,
            currency=self.currency,
            paid_at=moment,
            invoice=invoice,
        )
        unusable = invoice is not None and invoice.fate.reason == "currency_mismatch"
        fate = invoice.fate if unusable else self.waits
        for kind in ("payment_intent", "charge"):
            data = getattr(self.shape, kind)(self, payment)
            self.emit(f"{kind}.succeeded", moment, data, fate)
        if fate is DONE:
            self.ledger.payment(payment, invoice is not None and invoice.fate is DONE)
        if invoice:
            invoice.payments.append(payment)
            self._tell_invoice_paid(moment, invoice, payment)
        return payment

    def _tell_invoice_paid(self, moment, invoice, payment):
        invoice.attempts += 1
        if self.shape.has_invoice_payment:
            # Without the invoice nobody knows whose money it is.
            fate = DONE if invoice.fate is DONE else Fate("parked")
            data = self.shape.invoice_payment(payment)
            self.emit("invoice_payment.paid", moment, data, fate)
        if invoice.paid == invoice.due:
            invoice.status, invoice.paid_at = "paid", moment
            self._tell_paid(invoice, moment)

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
        if left:
            self.ledger.refund(refund)
        self.emit("refund.created", moment, self.shape.refund(refund))
        self.emit("charge.refunded", moment, self.shape.charge(self, payment))
        return refund

    def complete(self, moment, refund):
        """See a pending refund arrive."""
        refund.status = "succeeded"
        if not refund.has_left:
            refund.has_left = True
            self.ledger.refund(refund)
        return self.emit("refund.updated", moment, self.shape.refund(refund))

    def return_refund(self, moment, refund):
        """See a refund come back, because it could not be delivered."""
        refund.status, refund.has_come_back = "failed", refund.has_left
        if refund.has_left:
            self.ledger.refund_returned(refund)
        for kind in ("refund.updated", "refund.failed"):
            self.emit(kind, moment, self.shape.refund(refund))

    # Credit notes

    def credit(self, moment, invoice, *parts, refund=None):
        """Get a credit note for parts of an invoice: pairs of a line and a net amount,
        or all lines; return it.
        """
        parts = parts or [(line, line.net) for line in invoice.lines]
        kind = "post_payment" if invoice.status == "paid" else "pre_payment"
        note = CreditNote(
            id=self._id("cn"),
            number=f"{invoice.number}-CN-{self._count('credit'):02d}",
            invoice=invoice,
            kind=kind,
            lines=[self._part(line, Decimal(net)) for line, net in parts],
            created=moment,
            refund=refund,
        )
        if kind == "pre_payment":
            invoice.credited_before += note.total
        else:
            invoice.credited_after += note.total
        self.ledger.credit_note(note)
        self.emit("credit_note.created", moment, self.shape.credit_note(self, note))
        return note

    def void_credit(self, moment, note):
        """Have a credit note withdrawn, so that the invoice is due in full again."""
        note.voided_at = moment
        note.invoice.credited_before -= note.total
        self.ledger.void_credit_note(note)
        data = self.shape.credit_note(self, note)
        return self.emit("credit_note.voided", moment, data)

    # Telling

    def emit(self, event_type, moment, data, fate=DONE, **details):
        return self.account.emit(event_type, moment, data, fate, **details)

    def tell(self, event_type, moment, data):
        """Tell something that the addon leaves aside."""
        return self.emit(event_type, moment, data, IGNORED)

    def _tell_invoice(self, what, moment, invoice):
        data = self.shape.invoice(self, invoice)
        return self.emit(f"invoice.{what}", moment, data, invoice.fate)

    def _tell_paid(self, invoice, moment):
        if invoice.fate is DONE:
            self.ledger.paid(invoice)
        self._tell_invoice("paid", moment, invoice)
        self._tell_invoice("payment_succeeded", moment, invoice)

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
            discount=line.discount if whole else ZERO,
        )

    def _id(self, prefix):
        """Return an id for a new object, which is legible, unlike Stripe's."""
        number = self._count(prefix)
        return f"{prefix}_{self.account.entity.key}_{self.key}_{number}"

    def _count(self, what):
        self._numbers[what] = self._numbers.get(what, 0) + 1
        return self._numbers[what]


def _pair(product):
    """Return a product and its quantity, which is 1 unless it is given."""
    return product if isinstance(product, tuple) else (product, 1)
