"""What may become of a document or of money in dollars after it was booked, and what
people have to decide. Only with Stripe's API: it tells the movements.
"""

from datetime import UTC, datetime, time
from decimal import Decimal

from ...make_believe.stripe.fate import Fate
from ..catalogue import BY_HAND, ONBOARDING, SCALE, STARTER, TEAM, at
from .guest import Guest
from .places import AUSTIN, BOSTON, DENVER, SEATTLE
from .tenant import Tenant
from .tenant_money import PARKED

#: The customer whose contact a person puts on another receivable account.
MOVED = "cus_us_cypress"
LOCKED = Fate("quarantined", "period_locked")


def tell(account):
    """Let it happen at ``account``."""
    if not (account.has_api and account.is_resolved):
        account.ledger.by_hand(account.entity.currency, STARTER.unit)
    if not account.has_api:
        return
    for storyline in (
        _gone_before_it_was_known,
        _fees_of_others,
        _two_receivables,
        _of_a_month_that_is_closed,
        _refund_of_what_nobody_knows,
    ):
        storyline(account)


def _gone_before_it_was_known(account):
    """All that is ever told of this customer itself is that it was deleted; its name
    is on its invoice.
    """
    yarrow = Tenant(account, "yarrow", "Yarrow Pop-up Store", SEATTLE)
    yarrow.buy(at(6, 13))
    invoice = yarrow.invoice(at(6, 14), yarrow.line(ONBOARDING))
    yarrow.pay(at(6, 15), invoice)
    yarrow.leave(at(13, 15))


def _fees_of_others(account):
    """Of one payment, five keep something: each on its account."""
    tupelo = Tenant(account, "tupelo", "Tupelo Honey Foods", AUSTIN)
    tupelo.sign_up(at(7, 13), SCALE)
    invoice = tupelo.invoice(at(7, 14), tupelo.line(SCALE))
    fees = {
        "application_fee": Decimal("4.99"),
        "payment_method_passthrough_fee": Decimal("0.85"),
        "tax": Decimal("1.20"),
        "withheld_tax": Decimal("2.50"),
    }
    tupelo.pay(at(7, 15), invoice, fees=fees)


def _two_receivables(account):
    """Between invoice and payment, a person puts the contact on another receivable
    account: the two can't be reconciled, and somebody is told.
    """
    cypress = Tenant(account, "cypress", "Cypress Key Accounts", DENVER)
    cypress.sign_up(at(11, 13), TEAM)
    invoice = cypress.invoice(at(11, 14), cypress.line(TEAM))
    account.is_later = True
    cypress.pay(at(25, 14), invoice, is_apart=True)
    account.is_later = False


def _of_a_month_that_is_closed(account):
    """An invoice that is dated back to August, whose books are closed. It was entered
    by hand there: a person says that this is that document.
    """
    name, number, day = BY_HAND[1:]
    linden = Tenant(account, "linden", name, BOSTON, had_contact=True)
    linden.sign_up(at(12, 13), STARTER)
    invoice = linden.invoice(
        at(12, 14),
        linden.line(STARTER),
        fate=LOCKED,
        effective_at=datetime.combine(day, time(15), UTC),
    )
    assert invoice.number == number, "the invoice by hand has Stripe's number"
    linden.pay(at(12, 15), invoice)


def _refund_of_what_nobody_knows(account):
    """Money goes back of a payment that Stripe itself doesn't show any more: a person
    says whose it is. Stripe has not paid out since.
    """
    stranger = Guest(account, "myrtle", "Myrtle Beach Inn", AUSTIN)
    stranger.refund_unknown(at(31, 22), "45.00", PARKED)
