"""The month of the entity in dollars, as its clearing account sees it: credit, bad
debt, disputes, and the payouts.
"""

from decimal import Decimal

from ..catalogue import SCALE, SEAT, STARTER, TEAM, at
from .places import AUSTIN, BOSTON, DENVER, DUBLIN, SEATTLE
from .tenant import Tenant


def tell(account):
    """Let the rest of the month happen at ``account``."""
    for storyline in (
        _given_up,
        _credit_kept,
        _too_little,
        _prepaid,
        _paid_by_cheque,
        _disputes,
        _euros,
        _payouts,
    ):
        storyline(account)


def _given_up(account):
    """Three that nobody expected to pay any more: one does, one need not, and one
    is a loss.
    """
    sequoia = Tenant(account, "sequoia", "Sequoia Surveying", SEATTLE)
    sequoia.sign_up(at(3, 16), SCALE)
    late = sequoia.invoice(at(3, 17), sequoia.line(SCALE))
    sequoia.fail(at(3, 18), late)
    sequoia.give_up(at(17, 10), late)
    sequoia.pay(at(26, 15), late)

    tamarack = Tenant(account, "tamarack", "Tamarack Tools", DENVER)
    tamarack.sign_up(at(4, 16), TEAM)
    excused = tamarack.invoice(at(4, 17), tamarack.line(TEAM))
    tamarack.fail(at(4, 18), excused)
    tamarack.give_up(at(18, 10), excused)
    tamarack.void(at(27, 10), excused)

    upas = Tenant(account, "upas", "Upas Ventures", AUSTIN)
    upas.sign_up(at(5, 16), TEAM, (SEAT, 2))
    lost = upas.invoice(at(5, 17), upas.line(TEAM), upas.line(SEAT, 2))
    upas.fail(at(5, 18), lost)
    upas.give_up(at(20, 10), lost)
    upas.change_subscription(at(20, 11), "deleted", status="canceled")


def _credit_kept(account):
    """A credit note that stays with Stripe, and pays a part of the next invoice."""
    viburnum = Tenant(account, "viburnum", "Viburnum Florists", BOSTON)
    viburnum.sign_up(at(6, 16), TEAM)
    first = viburnum.invoice(at(6, 17), viburnum.line(TEAM))
    viburnum.pay(at(6, 18), first)
    viburnum.credit(at(14, 16), first, (first.lines[0], "30.00"), to_credit=True)
    second = viburnum.invoice(at(21, 17), viburnum.line(SEAT, 4))
    viburnum.pay(at(21, 18), second)


def _too_little(account):
    """Less than Stripe collects: it is owed with the next invoice."""
    willow = Tenant(account, "willow", "Willow Bend Yoga", AUSTIN)
    willow.sign_up(at(7, 16), STARTER)
    odd = {"amount": "0.31", "proration": True, "description": "Remaining time"}
    willow.invoice(at(7, 17), willow.line(STARTER, **odd))
    willow.pay(at(8, 18), willow.invoice(at(8, 17), willow.line(STARTER)))


def _prepaid(account):
    """Somebody entered a prepayment at Stripe by hand, which only its API tells."""
    if not account.has_api:
        return
    yew = Tenant(account, "yew", "Yew Tree Archives", BOSTON)
    yew.sign_up(at(8, 16), TEAM)
    yew.change_credit(at(8, 17), Decimal("250.00"))
    for day in (9, 19, 29):
        invoice = yew.invoice(at(day, 17), yew.line(TEAM))
        if invoice.rest:
            yew.pay(at(day, 18), invoice)


def _paid_by_cheque(account):
    """Paid past Stripe: the cheque will show on the bank's statement."""
    zelkova = Tenant(account, "zelkova", "Zelkova County Library", DENVER)
    zelkova.sign_up(at(9, 16), SCALE)
    invoice = zelkova.invoice(at(9, 17), zelkova.line(SCALE), days_to_pay=30)
    zelkova.pay_outside(at(22, 17), invoice)


def _disputes(account):
    """One is lost; about another payment a bank only asks."""
    aspen = Tenant(account, "aspen", "Aspen Ridge Rentals", DENVER)
    aspen.sign_up(at(2, 18), TEAM)
    payment = aspen.pay(at(2, 20), aspen.invoice(at(2, 19), aspen.line(TEAM)))
    dispute = account.balance.dispute(at(12, 16), payment)
    account.balance.decide(at(28, 16), dispute, "lost")

    buckeye = Tenant(account, "buckeye", "Buckeye Ballroom", AUSTIN)
    buckeye.sign_up(at(3, 19), STARTER)
    payment = buckeye.pay(at(3, 21), buckeye.invoice(at(3, 20), buckeye.line(STARTER)))
    account.balance.dispute(at(24, 16), payment, "unrecognized", is_inquiry=True)


def _euros(account):
    """Billed in euros, by an account that holds dollars: Stripe exchanges them at its
    own rate.
    """
    hawthorn = Tenant(
        account, "hawthorn", "Hawthorn Studios", DUBLIN, country="IE", currency="EUR"
    )
    hawthorn.sign_up(at(10, 16), SCALE)
    invoice = hawthorn.invoice(at(10, 17), hawthorn.line(SCALE))
    payment = hawthorn.pay(at(10, 18), invoice)
    refund = hawthorn.refund(at(20, 18), payment, "99.00")
    hawthorn.credit(at(20, 18), invoice, (invoice.lines[0], "99.00"), refund=refund)


def _payouts(account):
    """Once a week. One finds the bank account closed, and is repeated. The last one
    takes all that is there.
    """
    balance = account.balance
    balance.keep_fee(at(30, 12), "18.40")
    balance.pay_out(at(9, 22), "USD")
    balance.pay_out(at(16, 22), "USD", bounces=True)
    balance.pay_out(at(23, 22), "USD")
    balance.pay_out(at(31, 20), "USD")
