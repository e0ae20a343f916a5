"""A customer of the SaaS. What it does becomes events at its Stripe account, and
entries in the ledger of what ought to be booked.
"""

from datetime import timedelta

from ...make_believe.stripe.documents import CreditChange, Invoice, Line
from ...make_believe.stripe.fate import DONE, Fate
from ...make_believe.stripe.products import Item, Subscription, unit_price
from ...make_believe.stripe.units import ZERO, minor, rounded
from ..catalogue import SMALLEST_CHARGE
from .tenant_money import TenantMoney

IGNORED = Fate("ignored", "unsupported_type")
A_MONTH = timedelta(days=31)


class Tenant(TenantMoney):
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
        self.balance = ZERO
        self.has_left = False
        self.fate = account.become(details.pop("fate", DONE))
        self.waits = account.become(details.pop("waits", DONE))
        #: Odoo has its contact from before the first event.
        self.had_contact = False
        for name_, value in details.items():
            setattr(self, name_, value)
        self._numbers = {}
        account.tenants.append(self)

    # Signing up and changing one's mind

    def sign_up(self, moment, *products, status="active", **details):
        """Become a customer and subscribe to products (pairs with a quantity)."""
        self.created = moment
        self.account.keep("customer", self)
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
        self.account.keep("subscription", self, self.subscription)
        self.tell_subscription("created", moment)

    def buy(self, moment):
        """Become a customer of whom nothing is told, and who subscribes to nothing."""
        self.created = moment
        self.account.keep("customer", self)
        self.subscription = Subscription("", self.currency, [], moment, moment)

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
        self.has_left = True
        data = {"id": self.id, "object": "customer", "deleted": True}
        told = self.shape.customer(self) if self.subscription.id else {}
        return self.emit("customer.deleted", moment, told | data)

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
            fate=self.account.become(fate) if fate else self.fate,
            **details,
        )
        self._use_credit(moment, invoice)
        self.account.keep("invoice", self, invoice)
        if invoice.due <= 0:
            invoice.status, invoice.paid_at = "paid", moment
        self._tell_invoice("finalized", moment, invoice)
        if invoice.fate is DONE:
            self.ledger.invoice(invoice)
        if invoice.status == "paid":
            self._tell_paid(invoice, moment)
        return invoice

    def _use_credit(self, moment, invoice):
        """Let the customer's credit pay what it can. It takes what is below zero, and
        what is too little to be collected.
        """
        used, kind = min(self.balance, invoice.total), "applied_to_invoice"
        if invoice.total > 0:
            rest = invoice.total - used
            if 0 < rest < SMALLEST_CHARGE[self.currency]:
                used, kind = invoice.total, "invoice_too_small"
        invoice.credit_before = self.balance
        if used:
            self.change_credit(moment, -used, kind, invoice)
        invoice.credit_left = self.balance

    def change_credit(self, moment, amount, kind="adjustment", invoice=None):
        """Have more credit at Stripe, or less; the customer object tells the sum
        alone, and the API what it came of. Return the change.
        """
        before = self.balance
        self.balance += amount
        change = CreditChange(
            id=self._id("cbtxn"),
            customer=self.id,
            currency=self.currency,
            amount=amount,
            after=self.balance,
            kind=kind,
            created=moment,
            invoice=invoice.id if invoice else "",
        )
        self.account.keep("customer_balance_transaction", change)
        if kind == "adjustment" and self.account.has_api:
            self.ledger.credit_adjusted(change)
        self.emit(
            "customer.updated",
            moment,
            self.shape.customer(self),
            self.fate,
            previous={"balance": -minor(before, self.currency)},
        )
        return change

    def give_up(self, moment, invoice):
        """Have an invoice marked as uncollectible."""
        invoice.status, invoice.given_up_at = "uncollectible", moment
        self.ledger.give_up(invoice, moment)
        return self._tell_invoice("marked_uncollectible", moment, invoice)

    def pay_outside(self, moment, invoice):
        """Pay an invoice, but not through Stripe: somebody there says so."""
        invoice.outside = invoice.rest
        invoice.status, invoice.paid_at = "paid", moment
        self.ledger.outside.add(invoice.id)
        self._tell_paid(invoice, moment)

    def fail(self, moment, invoice):
        """Fail to pay: another attempt was made in vain."""
        invoice.attempts += 1
        self.ledger.failing.add(invoice.id)
        return self._tell_invoice("payment_failed", moment, invoice)

    def void(self, moment, invoice):
        """Have an invoice withdrawn."""
        invoice.status, invoice.voided_at = "void", moment
        self.ledger.take_up(invoice, moment)
        self.ledger.void(invoice)
        return self._tell_invoice("voided", moment, invoice)

    # Telling

    def tell(self, event_type, moment, data):
        """Tell something that the addon leaves aside."""
        return self.emit(event_type, moment, data, IGNORED)

    def _tell_invoice(self, what, moment, invoice):
        data = self.shape.invoice(self, invoice)
        return self.emit(f"invoice.{what}", moment, data, invoice.fate)

    def _tell_paid(self, invoice, moment):
        if invoice.fate is DONE:
            self.ledger.paid(invoice, moment)
        self._tell_invoice("paid", moment, invoice)
        self._tell_invoice("payment_succeeded", moment, invoice)


def _pair(product):
    """Return a product and its quantity, which is 1 unless it is given."""
    return product if isinstance(product, tuple) else (product, 1)
