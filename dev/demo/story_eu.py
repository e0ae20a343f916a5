"""The month of the entity in euros: 19 % VAT, and the shape of Stripe's objects since
2025-03-31.basil.
"""

from .catalogue import (
    CALLS,
    ONBOARDING,
    REVERSE_CHARGE,
    SCALE,
    SEAT,
    STARTER,
    TEAM,
    VAT,
    VAT_FRANCE,
    VAT_INCLUDED,
    VAT_REDUCED,
    WITHOUT_RATE,
    at,
)
from .tenant import Tenant
from .things import Fate

UNMAPPED = Fate("quarantined", "unmapped_tax")
MISMATCH = Fate("quarantined", "tax_mismatch")
NO_RATE = Fate("quarantined", "currency_mismatch")
STRANGER = Fate("quarantined", "unknown_account")
WRONG_MODE = Fate("quarantined", "wrong_mode")
INVALID = Fate("quarantined", "invalid_payload")

BERLIN = ("Berlin", "10115", "Chausseestraße 12")
MUNICH = ("München", "80331", "Sendlinger Straße 5")
COLOGNE = ("Köln", "50667", "Breite Straße 40")
VIENNA = ("Wien", "1010", "Wollzeile 9")
LONDON = ("London", "EC1A 1BB", "4 Little Britain")
LYON = ("Lyon", "69002", "18 rue Mercière")
ZURICH = ("Zürich", "8001", "Rennweg 22")


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
        _failures,
        _withdrawn,
        _refunds,
        _refund_that_came_back,
        _credit_notes,
        _unusable_taxes,
        _francs,
        _not_meant_for_us,
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


def _failures(account):
    """One pays at the second attempt, the other has not yet."""
    taube = Tenant(account, "taube", "Taube Post", BERLIN)
    taube.sign_up(at(10), TEAM)
    late = taube.invoice(at(10, 10), taube.line(TEAM, rate=VAT))
    taube.fail(at(10, 11), late)
    taube.pay(at(13, 10), late)

    uhu = Tenant(account, "uhu", "Uhu Klebetechnik", MUNICH)
    uhu.sign_up(at(11), SCALE)
    never = uhu.invoice(at(11, 10), uhu.line(SCALE, rate=VAT))
    uhu.fail(at(11, 11), never)
    uhu.fail(at(14, 11), never)
    uhu.change_subscription(at(14, 12), status="past_due")


def _withdrawn(account):
    """The wrong number of seats: voided, and billed again. The taxes of the lines are
    rounded one by one, which comes to a cent more than Odoo's tax on their sum.
    """
    wachtel = Tenant(account, "wachtel", "Wachtel Hof", COLOGNE)
    wachtel.sign_up(at(12), TEAM, (SEAT, 2))
    wrong = (
        wachtel.line(TEAM, rate=VAT, discount=25),
        wachtel.line(SEAT, 5, rate=VAT, discount=25),
    )
    wachtel.void(at(12, 16), wachtel.invoice(at(12, 10), *wrong))
    right = wachtel.line(TEAM, rate=VAT), wachtel.line(SEAT, 2, rate=VAT)
    wachtel.pay(at(13, 10), wachtel.invoice(at(12, 17), *right))


def _refunds(account):
    """All of it back with its tax, a part that only became a credit, and a part that
    nobody has explained yet.
    """
    zeisig = Tenant(account, "zeisig", "Zeisig Keramik", BERLIN)
    zeisig.sign_up(at(4, 12), TEAM)
    invoice = zeisig.invoice(at(4, 13), zeisig.line(TEAM, rate=VAT))
    payment = zeisig.pay(at(4, 14), invoice)
    refund = zeisig.refund(at(15), payment)
    zeisig.credit(at(15), invoice, refund=refund)

    amsel = Tenant(account, "amsel", "Amsel Apotheke", MUNICH)
    amsel.sign_up(at(7, 12), SCALE)
    invoice = amsel.invoice(at(7, 13), amsel.line(SCALE, rate=VAT))
    payment = amsel.pay(at(7, 14), invoice)
    amsel.credit(at(20), invoice, (invoice.lines[0], "61.30"))
    amsel.refund(at(24), payment, "10.00")


def _refund_that_came_back(account):
    """It had left, and could not be delivered. It is sent again to another card."""
    drossel = Tenant(account, "drossel", "Drossel Ventile", COLOGNE)
    drossel.sign_up(at(8, 12), TEAM)
    invoice = drossel.invoice(at(8, 13), drossel.line(TEAM, rate=VAT))
    payment = drossel.pay(at(8, 14), invoice)
    lost = drossel.refund(at(19), payment, status="pending")
    drossel.return_refund(at(23), lost)
    payment.refunded -= lost.amount
    again = drossel.refund(at(24), payment)
    drossel.credit(at(24), invoice, refund=again)


def _credit_notes(account):
    """One on an open invoice, one that was withdrawn, and one on prices with tax."""
    elster = Tenant(account, "elster", "Elster Schmuck", BERLIN)
    elster.sign_up(at(13), TEAM, (SEAT, 6))
    invoice = elster.invoice(
        at(13, 10), elster.line(TEAM, rate=VAT), elster.line(SEAT, 6, rate=VAT)
    )
    elster.credit(at(14), invoice, (invoice.lines[1], "37.50"))
    elster.pay(at(15), invoice)

    fink = Tenant(account, "fink", "Fink Fahrräder", MUNICH)
    fink.sign_up(at(14), SCALE)
    invoice = fink.invoice(at(14, 10), fink.line(SCALE, rate=VAT), days_to_pay=14)
    mistaken = fink.credit(at(16), invoice, (invoice.lines[0], "120.00"))
    fink.void_credit(at(17), mistaken)
    fink.pay(at(27), invoice)

    kiebitz = Tenant(account, "kiebitz", "Klara Kiebitz", COLOGNE)
    kiebitz.sign_up(at(15), TEAM)
    invoice = kiebitz.invoice(at(15, 10), kiebitz.line(TEAM, rate=VAT_INCLUDED))
    payment = kiebitz.pay(at(15, 11), invoice)
    refund = kiebitz.refund(at(25), payment)
    kiebitz.credit(at(25), invoice, refund=refund)


def _unusable_taxes(account):
    """A rate that is not mapped, and one that is mapped to another tax."""
    lavande = Tenant(account, "lavande", "Lavande Conseil", LYON, country="FR")
    lavande.sign_up(at(16), TEAM)
    line = lavande.line(TEAM, rate=VAT_FRANCE)
    lavande.invoice(at(16, 10), line, fate=UNMAPPED, days_to_pay=30)

    star = Tenant(account, "star", "Star Buchhandlung", BERLIN)
    star.sign_up(at(17, 12), ONBOARDING)
    line = star.line(ONBOARDING, rate=VAT_REDUCED)
    star.invoice(at(17, 13), line, fate=MISMATCH, days_to_pay=30)


def _francs(account):
    """Odoo has no rate for this currency, and takes no guess. There is no bank account
    for francs either: they stay with Stripe.
    """
    enzian = Tenant(
        account, "enzian", "Enzian Hotels", ZURICH, country="CH", currency=WITHOUT_RATE
    )
    enzian.sign_up(at(18), TEAM)
    line = enzian.line(TEAM, rate=REVERSE_CHARGE)
    enzian.pay(at(18, 11), enzian.invoice(at(18, 10), line, fate=NO_RATE))


def _not_meant_for_us(account):
    """An event of the test mode, one of a connected account that nobody knows, one that
    is not what it says, and some of types that the addon leaves aside.
    """
    tenant = account.tenants[0]
    data = tenant.shape.customer(tenant)
    test = {**data, "id": "cus_test_1", "livemode": False, "email": "a@test.example"}
    account.emit("customer.created", at(3), test, WRONG_MODE, livemode=False)
    theirs = {**data, "id": "cus_other_1", "email": "a@other.example"}
    account.emit("customer.created", at(4), theirs, STRANGER, account="acct_other")
    broken = {**data, "created": "yesterday", "email": ["not", "an", "address"]}
    account.emit("customer.updated", at(4), broken, INVALID)
    product = {"id": "prod_eu_team", "object": "product", "name": "Team plan"}
    tenant.emit("product.updated", at(5), product)
    for day in (6, 13, 20, 27):
        method = {"id": f"pm_eu_{day}", "object": "payment_method", "type": "card"}
        tenant.tell("payment_method.attached", at(day), method)
