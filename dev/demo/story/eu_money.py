"""The month of the entity in euros, as its clearing account sees it: credit, bad debt,
disputes, and the payouts.
"""

from ..catalogue import REVERSE_CHARGE_NL, SCALE, SEAT, STARTER, TEAM, VAT, at, later
from .places import BERLIN, COLOGNE, MUNICH, UTRECHT
from .tenant import Tenant


def tell(account):
    """Let the rest of the month happen at ``account``."""
    for storyline in (
        _given_up,
        _paid_too_much,
        _credit_in_two_parts,
        _credit_kept,
        _reverse_charge_by_rule,
        _branches,
        _paid_by_transfer,
        _dispute,
        _notices,
        _payouts,
    ):
        storyline(account)


def _given_up(account):
    """Paid in part; the rest is a loss, with its tax."""
    bussard = Tenant(account, "bussard", "Bussard Bau", MUNICH)
    bussard.sign_up(at(2, 16), SCALE)
    invoice = bussard.invoice(at(2, 17), bussard.line(SCALE, rate=VAT))
    bussard.pay(at(6, 17), invoice, "193.81")
    bussard.give_up(at(23, 10), invoice)


def _paid_too_much(account):
    """A bank transfer with two digits swapped: what is over pays the next invoice."""
    dohle = Tenant(account, "dohle", "Dohle Druck", BERLIN)
    dohle.sign_up(at(3, 16), TEAM)
    invoice = dohle.invoice(at(3, 17), dohle.line(TEAM, rate=VAT), days_to_pay=14)
    dohle.pay(at(9, 17), invoice, "171.81")
    dohle.pay(at(24, 17), dohle.invoice(at(24, 16), dohle.line(TEAM, rate=VAT)))


def _credit_in_two_parts(account):
    """A credit note for more than is still open: the rest is refunded."""
    eisvogel = Tenant(account, "eisvogel", "Eisvogel Optik", COLOGNE)
    eisvogel.sign_up(at(4, 16), SCALE)
    invoice = eisvogel.invoice(at(4, 17), eisvogel.line(SCALE, rate=VAT))
    payment = eisvogel.pay(at(8, 17), invoice, "400.00")
    refund = eisvogel.refund(at(21, 17), payment, "44.19")
    eisvogel.credit(at(21, 17), invoice, (invoice.lines[0], "200.00"), refund=refund)


def _credit_kept(account):
    """A credit note that stays with Stripe, and more than pays the next invoice."""
    fasan = Tenant(account, "fasan", "Fasan Feinkost", MUNICH)
    fasan.sign_up(at(5, 16), TEAM)
    first = fasan.invoice(at(5, 17), fasan.line(TEAM, rate=VAT))
    fasan.pay(at(5, 18), first)
    fasan.credit(at(12, 16), first, (first.lines[0], "60.00"), to_credit=True)
    fasan.invoice(at(26, 17), fasan.line(STARTER, rate=VAT))


def _reverse_charge_by_rule(account):
    """A rate that nobody has mapped: a rule says what any reverse charge is."""
    reiger = Tenant(
        account, "reiger", "Reiger Rederij", UTRECHT, country="NL", vat="NL820646660B01"
    )
    reiger.sign_up(at(6, 16), TEAM)
    line = reiger.line(TEAM, rate=REVERSE_CHARGE_NL)
    reiger.pay(at(6, 18), reiger.invoice(at(6, 17), line))


def _branches(account):
    """More lines than an event holds: the rest is read through the API."""
    if not account.has_api:
        return
    graugans = Tenant(account, "graugans", "Graugans Filialen", BERLIN)
    graugans.sign_up(at(7, 16), SEAT)
    lines = [
        graugans.line(SEAT, number, rate=VAT, description=f"Seats of branch {number}")
        for number in range(1, 15)
    ]
    graugans.pay(at(7, 18), graugans.invoice(at(7, 17), *lines))


def _paid_by_transfer(account):
    """Paid past Stripe: the transfer will show on the bank's statement."""
    habicht = Tenant(account, "habicht", "Habicht Stiftung", BERLIN)
    habicht.sign_up(at(8, 16), TEAM)
    invoice = habicht.invoice(at(8, 17), habicht.line(TEAM, rate=VAT), days_to_pay=30)
    habicht.pay_outside(at(20, 17), invoice)


def _dispute(account):
    """Won: the money comes back, and the fee as well."""
    kranich = Tenant(account, "kranich", "Kranich Kletterhalle", MUNICH)
    kranich.sign_up(at(1, 16), TEAM)
    invoice = kranich.invoice(at(1, 17), kranich.line(TEAM, rate=VAT))
    payment = kranich.pay(at(1, 18), invoice)
    dispute = account.balance.dispute(at(11, 16), payment, "product_not_received")
    account.balance.decide(at(27, 16), dispute, "won")


def _notices(account):
    """Told by thin events: of one fact beside its snapshot, of another alone, so that
    the snapshot is read through the API.
    """
    if not account.has_api:
        return
    milan = Tenant(account, "milan", "Milan Segelflug", MUNICH)
    milan.sign_up(at(9, 16), TEAM)
    milan.pay(at(9, 18), milan.invoice(at(9, 17), milan.line(TEAM, rate=VAT)))
    paid = next(e for e in reversed(account.events) if e.type == "invoice.paid")
    account.notify(paid)
    moved = milan.change(at(25, 10), phone="+498955501")
    account.notify(moved, is_sent=False)


def _payouts(account):
    """Once a week in euros, once in pounds. The last ones take all that is there."""
    balance = account.balance
    balance.keep_fee(at(30, 12), "12.00")
    for day in (9, 16, 23):
        balance.pay_out(at(day, 22), "EUR")
    balance.pay_out(at(31, 20), "EUR")
    balance.pay_out(at(31, 20), "GBP")
    if account.has_api:
        # What moved in November.
        balance.pay_out(later(6, 20), "EUR")
