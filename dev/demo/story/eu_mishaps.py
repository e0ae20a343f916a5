"""What goes wrong in euros, or is given back: payments that fail, refunds and credit
notes, and events that Odoo cannot or must not book.
"""

from ...make_believe.stripe.fate import Fate
from ..catalogue import (
    ONBOARDING,
    REVERSE_CHARGE,
    SCALE,
    SEAT,
    TEAM,
    VAT,
    VAT_FRANCE,
    VAT_INCLUDED,
    VAT_REDUCED,
    WITHOUT_RATE,
    at,
)
from .places import BERLIN, COLOGNE, LYON, MUNICH, ZURICH
from .tenant import Tenant

#: What is not for this company is ignored by a person.
IGNORED = Fate("ignored", "ignored_by_person")
UNMAPPED = Fate("quarantined", "unmapped_tax")
MISMATCH = Fate("quarantined", "tax_mismatch")
NO_RATE = Fate("quarantined", "currency_mismatch")
STRANGER = Fate("quarantined", "unknown_account", IGNORED)
WRONG_MODE = Fate("quarantined", "wrong_mode", IGNORED)
INVALID = Fate("quarantined", "invalid_payload", IGNORED)


def tell(account):
    """Let the month go on at ``account``."""
    for storyline in (
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
