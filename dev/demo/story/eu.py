"""The month of the entity in euros: 19 % VAT, and the shape of Stripe's objects since
2025-03-31.basil. Here, what is sold and paid.
"""

from ..catalogue import (
    CALLS,
    REVERSE_CHARGE,
    SCALE,
    SEAT,
    STARTER,
    TEAM,
    VAT,
    VAT_INCLUDED,
    at,
)
from .places import BERLIN, COLOGNE, LONDON, MUNICH, VIENNA
from .tenant import Tenant


def tell(account):
    """Let the month happen at ``account``."""
    for storyline in (
        _subscribers,
        _prices_with_tax,
        _reverse_charge,
        _pounds,
        _in_two_parts,
        _upgrade,
        _downgrade,
        _trial,
        _launch_discount,
    ):
        storyline(account)


def _subscribers(account):
    """One that Odoo knows already by its e-mail and VAT number, one with three lines
    of odd cents, one that is billed at half past midnight in Hamburg.
    """
    bergmann = Tenant(
        account,
        "bergmann",
        "Bergmann Werkzeugbau",
        MUNICH,
        email="office@bergmann.example",
        vat="DE811204568",
        had_contact=True,
    )
    bergmann.sign_up(at(1), SCALE)
    bergmann.pay(at(1, 11), bergmann.invoice(at(1, 10), bergmann.line(SCALE, rate=VAT)))

    falke = Tenant(account, "falke", "Falke Logistik", COLOGNE, phone="+4922155501")
    falke.sign_up(at(2), TEAM, (SEAT, 3), CALLS)
    lines = [falke.line(TEAM, rate=VAT), falke.line(SEAT, 3, rate=VAT)]
    falke.pay(at(2, 12), falke.invoice(at(2, 10), *lines))
    usage = [falke.line(CALLS, count, rate=VAT) for count in (10_537, 8_211, 99)]
    falke.pay(at(31, 11), falke.invoice(at(31, 10), *usage))
    falke.change(at(12), phone="+4922155502")

    eule = Tenant(account, "eule", "Eule Verlag", BERLIN)
    eule.sign_up(at(9, 21), STARTER)
    eule.pay(at(9, 23), eule.invoice(at(9, 22, 30), eule.line(STARTER, rate=VAT)))


def _prices_with_tax(account):
    """Consumers see prices that hold the tax."""
    gans = Tenant(account, "gans", "Gertrud Gans", BERLIN)
    gans.sign_up(at(3), STARTER)
    gans.pay(at(3, 11), gans.invoice(at(3, 10), gans.line(STARTER, rate=VAT_INCLUDED)))

    hahn = Tenant(account, "hahn", "Hanno Hahn", COLOGNE)
    hahn.sign_up(at(4), STARTER, SEAT)
    lines = hahn.line(STARTER, rate=VAT_INCLUDED), hahn.line(SEAT, rate=VAT_INCLUDED)
    hahn.pay(at(4, 11), hahn.invoice(at(4, 10), *lines))


def _reverse_charge(account):
    """A business in Austria owes the tax itself."""
    ibis = Tenant(
        account, "ibis", "Ibis Planung", VIENNA, country="AT", vat="ATU58219608"
    )
    ibis.sign_up(at(5), TEAM)
    ibis.pay(at(5, 11), ibis.invoice(at(5, 10), ibis.line(TEAM, rate=REVERSE_CHARGE)))


def _pounds(account):
    """A tenant with a currency of its own. Between invoice and payment its rate has
    moved, and later some of the money goes back. Its offices in Germany pay VAT.
    """
    kestrel = Tenant(
        account, "kestrel", "Kestrel & Co", LONDON, country="GB", currency="GBP"
    )
    kestrel.sign_up(at(6), SCALE)
    invoice = kestrel.invoice(at(6, 10), kestrel.line(SCALE, rate=REVERSE_CHARGE))
    payment = kestrel.pay(at(18, 10), invoice)
    refund = kestrel.refund(at(22), payment, "99.00")
    kestrel.credit(at(22), invoice, (invoice.lines[0], "99.00"), refund=refund)
    branch = [kestrel.line(SEAT, 3, rate=VAT, discount=10) for _office in range(3)]
    kestrel.invoice(at(30), *branch, days_to_pay=14)


def _in_two_parts(account):
    """A bank transfer that was short, and the rest; and one whose rest is due."""
    lerche = Tenant(account, "lerche", "Lerche Musikschule", MUNICH)
    lerche.sign_up(at(7), SCALE)
    invoice = lerche.invoice(at(7, 10), lerche.line(SCALE, rate=VAT), days_to_pay=14)
    lerche.pay(at(12, 10), invoice, "400.00")
    lerche.pay(at(16, 10), invoice)

    moewe = Tenant(account, "moewe", "Möwe Reederei", BERLIN)
    moewe.sign_up(at(8), SCALE)
    invoice = moewe.invoice(at(8, 10), moewe.line(SCALE, rate=VAT), days_to_pay=30)
    moewe.pay(at(20, 10), invoice, "250.00")


def _upgrade(account):
    """A negative line with negative tax, within a positive invoice."""
    nachtigall = Tenant(account, "nachtigall", "Nachtigall Akustik", BERLIN)
    nachtigall.sign_up(at(2, 13), STARTER)
    first = nachtigall.invoice(at(2, 14), nachtigall.line(STARTER, rate=VAT))
    nachtigall.pay(at(2, 15), first)
    nachtigall.switch(at(17), TEAM)
    unused = {"amount": "-15.43", "proration": True, "description": "Unused time"}
    rest = {"amount": "52.69", "proration": True, "description": "Remaining time"}
    invoice = nachtigall.invoice(
        at(17, 10),
        nachtigall.line(STARTER, rate=VAT, **unused),
        nachtigall.line(TEAM, rate=VAT, **rest),
        reason="subscription_update",
    )
    nachtigall.pay(at(17, 11), invoice)


def _downgrade(account):
    """Below zero in all, tax as well."""
    pirol = Tenant(account, "pirol", "Pirol Reisen", COLOGNE)
    pirol.sign_up(at(3, 13), SCALE)
    pirol.pay(at(3, 15), pirol.invoice(at(3, 14), pirol.line(SCALE, rate=VAT)))
    unused = {"amount": "-289.74", "proration": True, "description": "Unused time"}
    rest = {"amount": "16.84", "proration": True, "description": "Remaining time"}
    pirol.invoice(
        at(13, 10),
        pirol.line(SCALE, rate=VAT, **unused),
        pirol.line(STARTER, rate=VAT, **rest),
        reason="subscription_update",
    )
    # The credit pays the next one, and there is some left.
    pirol.invoice(at(30, 10), pirol.line(STARTER, rate=VAT))


def _trial(account):
    """For nothing at first, with a tax rate all the same."""
    rabe = Tenant(account, "rabe", "Rabe Sicherheit", MUNICH)
    rabe.sign_up(at(5, 12), TEAM, status="trialing", trial_end=at(19))
    rabe.invoice(at(5, 12, 1), rabe.line(TEAM, rate=VAT, amount=0, description="Trial"))
    rabe.change_subscription(at(19), status="active")
    rabe.pay(at(19, 12), rabe.invoice(at(19, 11), rabe.line(TEAM, rate=VAT)))


def _launch_discount(account):
    """The tax is on what is left after the discount."""
    specht = Tenant(account, "specht", "Specht Holzbau", COLOGNE)
    specht.sign_up(at(6, 12), TEAM, (SEAT, 5))
    lines = (
        specht.line(TEAM, rate=VAT, discount=25),
        specht.line(SEAT, 5, rate=VAT, discount=25),
    )
    specht.pay(at(6, 14), specht.invoice(at(6, 13), *lines))
