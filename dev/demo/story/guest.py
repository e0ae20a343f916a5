"""Somebody who pays at Stripe without being a customer there."""

from decimal import Decimal

from ...make_believe.stripe.documents import Payment, Refund
from ...make_believe.stripe.fate import DONE
from .tenant_money import TenantMoney


class Guest(TenantMoney):
    """A payer of whom Stripe knows what was typed in when they paid, and no more."""

    id = None
    phone = None
    waits = DONE

    def __init__(self, account, key, name, place):
        self.account = account
        self.shape = account.shape
        self.ledger = account.ledger
        self.key = key
        self.name = name
        self.city, self.zip, self.street = place
        self.email = f"{key}@mail.example"
        self.country = account.entity.country
        self.currency = account.entity.currency
        self._numbers = {}

    def refund_unknown(self, moment, amount, fate):
        """Get money back of a payment that nothing else is told of."""
        payment = Payment(
            id=self._id("pi"),
            charge=self._id("ch"),
            part="",
            amount=Decimal(amount),
            currency=self.currency,
            paid_at=moment,
        )
        refund = Refund(
            id=self._id("re"),
            payment=payment,
            amount=payment.amount,
            status="succeeded",
            created=moment,
            has_left=True,
            fate=self.account.become(fate),
        )
        self.account.keep("refund", refund)
        if refund.fate is DONE:
            self.ledger.refund(refund, moment)
        self.account.balance.refund(refund, moment, refund.fate)
        self.emit("refund.created", moment, self.shape.refund(refund), fate)
        return refund
