"""The month of the entity in dollars: no tax, and the old shape of Stripe's objects."""

from ...make_believe.stripe.fate import Fate
from ..catalogue import (
    CALLS,
    KETTLE,
    LEGACY,
    ONBOARDING,
    SCALE,
    SEAT,
    STARTER,
    TEAM,
    at,
)
from .places import AUSTIN, BOSTON, DENVER, OSAKA, SEATTLE
from .tenant import Tenant

DUPLICATE = Fate("quarantined", "duplicate_customer")
UNMAPPED = Fate("quarantined", "unmapped_product")
PARKED = Fate("parked")


def tell(account):
    """Let the month happen at ``account``."""
    for storyline in (
        _subscribers,
        _upgrade,
        _downgrade,
        _trial,
        _launch_discount,
        _failures,
        _withdrawn,
        _refunds,
        _refund_that_came_back,
        _credit_before_payment,
        _workshop,
        _yen,
        _departure,
        _legacy_plan,
        _two_of_a_name,
    ):
        storyline(account)


def _subscribers(account):
    """Four who pay what they owe. One is billed near midnight, when it is still
    September in New York; one has usage at fractions of a cent.
    """
    alder = Tenant(account, "alder", "Alder Analytics", BOSTON, phone="+16175550101")
    alder.sign_up(at(1, 2), STARTER)
    alder.pay(at(1, 3, 5), alder.invoice(at(1, 2, 30), alder.line(STARTER)))

    birch = Tenant(account, "birch", "Birchwood Dental", AUSTIN)
    birch.sign_up(at(2), TEAM, (SEAT, 7))
    draft = {"id": "in_us_birch_1", "object": "invoice", "status": "draft"}
    birch.tell("invoice.created", at(2, 9, 1), draft)
    lines = birch.line(TEAM), birch.line(SEAT, 7)
    birch.pay(at(2, 11), birch.invoice(at(2, 10), *lines))
    birch.change(at(20), name="Birchwood Dental Group", email="ap@birchwood.example")

    cedar = Tenant(account, "cedar", "Cedar Robotics", SEATTLE)
    cedar.sign_up(at(1, 14), SCALE, CALLS)
    first = cedar.invoice(at(1, 15), cedar.line(SCALE))
    cedar.pay(at(1, 16), first)
    usage = cedar.line(CALLS, 48_271), cedar.line(CALLS, 1_307)
    cedar.pay(at(31, 8), cedar.invoice(at(31, 7), *usage))

    dogwood = Tenant(account, "dogwood", "Dogwood Press", DENVER)
    dogwood.sign_up(at(5), TEAM)
    dogwood.tell(
        "payment_method.attached",
        at(5),
        {"id": "pm_dogwood", "object": "payment_method", "type": "card"},
    )
    dogwood.pay(at(5, 10), dogwood.invoice(at(5, 9, 30), dogwood.line(TEAM)))


def _upgrade(account):
    """From one plan to another in the middle of the month: a negative line for the
    rest of the old one, within an invoice that is positive.
    """
    elm = Tenant(account, "elm", "Elm Street Studios", AUSTIN)
    elm.sign_up(at(3), STARTER)
    elm.pay(at(3, 12), elm.invoice(at(3, 10), elm.line(STARTER)))
    elm.switch(at(18), TEAM)
    invoice = elm.invoice(
        at(18, 10),
        elm.line(STARTER, amount="-14.97", proration=True, description="Unused time"),
        elm.line(TEAM, amount="51.10", proration=True, description="Remaining time"),
        reason="subscription_update",
    )
    elm.pay(at(18, 11), invoice)


def _downgrade(account):
    """The other way round: the total is below zero, which Stripe keeps for the
    customer and Odoo books as a credit note.
    """
    fir = Tenant(account, "fir", "Fir & Sons Freight", DENVER)
    fir.sign_up(at(2, 15), SCALE)
    fir.pay(at(2, 17), fir.invoice(at(2, 16), fir.line(SCALE)))
    fir.switch(at(12), STARTER)
    fir.invoice(
        at(12, 10),
        fir.line(SCALE, amount="-337.42", proration=True, description="Unused time"),
        fir.line(STARTER, amount="19.61", proration=True, description="Remaining time"),
        reason="subscription_update",
    )


def _trial(account):
    """Two weeks for nothing, an invoice of zero, and then the real one."""
    ginkgo = Tenant(account, "ginkgo", "Ginkgo Wellness", SEATTLE)
    ginkgo.sign_up(at(6), TEAM, status="trialing", trial_end=at(20))
    ginkgo.invoice(at(6, 9, 1), ginkgo.line(TEAM, amount=0, description="Trial period"))
    ginkgo.tell_subscription("trial_will_end", at(17))
    ginkgo.change_subscription(at(20), status="active")
    ginkgo.pay(at(20, 11), ginkgo.invoice(at(20, 10), ginkgo.line(TEAM)))


def _launch_discount(account):
    """A fifth off for a customer with its own opinion of round numbers."""
    hazel = Tenant(account, "hazel", "Hazel Hill Coffee", BOSTON)
    hazel.sign_up(at(7), STARTER, (SEAT, 3))
    lines = hazel.line(STARTER, discount=20), hazel.line(SEAT, 3, discount=15)
    hazel.pay(at(7, 12), hazel.invoice(at(7, 11), *lines))


def _failures(account):
    """One pays at the third attempt, the other not at all."""
    iris = Tenant(account, "iris", "Iris Optical", AUSTIN)
    iris.sign_up(at(8), TEAM, (SEAT, 2))
    late = iris.invoice(at(8, 10), iris.line(TEAM), iris.line(SEAT, 2))
    iris.fail(at(8, 11), late)
    iris.change_subscription(at(8, 12), status="past_due")
    iris.fail(at(11, 11), late)
    iris.pay(at(14, 9), late)
    iris.change_subscription(at(14, 10), status="active")

    juniper = Tenant(account, "juniper", "Juniper Outdoor", DENVER)
    juniper.sign_up(at(9), TEAM)
    never = juniper.invoice(at(9, 10), juniper.line(TEAM))
    for day in (9, 12, 17, 24):
        juniper.fail(at(day, 12), never)
    juniper.change_subscription(at(24, 13), status="unpaid")


def _withdrawn(account):
    """Billed for the wrong thing: voided, and billed again."""
    katsura = Tenant(account, "katsura", "Katsura Imports", SEATTLE)
    katsura.sign_up(at(13), STARTER)
    wrong = katsura.invoice(at(13, 10), katsura.line(SCALE))
    katsura.void(at(13, 15), wrong)
    katsura.pay(at(14, 10), katsura.invoice(at(13, 16), katsura.line(STARTER)))


def _refunds(account):
    """All the money back with a credit note that says so, a part of it twice without
    one, and one that took days to arrive.
    """
    larch = Tenant(account, "larch", "Larch Legal", BOSTON)
    larch.sign_up(at(4), TEAM)
    invoice = larch.invoice(at(4, 10), larch.line(TEAM))
    payment = larch.pay(at(4, 11), invoice)
    refund = larch.refund(at(10), payment)
    larch.credit(at(10), invoice, refund=refund)

    maple = Tenant(account, "maple", "Maple & Main Realty", DENVER)
    maple.sign_up(at(4, 12), SCALE)
    payment = maple.pay(at(4, 14), maple.invoice(at(4, 13), maple.line(SCALE)))
    maple.refund(at(15), payment, "50.00")
    maple.refund(at(22), payment, "25.50")

    nutmeg = Tenant(account, "nutmeg", "Nutmeg Kitchen", AUSTIN)
    nutmeg.sign_up(at(6, 12), TEAM)
    invoice = nutmeg.invoice(at(6, 13), nutmeg.line(TEAM))
    payment = nutmeg.pay(at(6, 14), invoice)
    slow = nutmeg.refund(at(16), payment, "40.00", status="pending", left=False)
    nutmeg.complete(at(19), slow)
    nutmeg.credit(at(19), invoice, (invoice.lines[0], "40.00"), refund=slow)


def _refund_that_came_back(account):
    """The card had expired, so the money is with Stripe again."""
    oak = Tenant(account, "oak", "Oak Hollow Brewing", SEATTLE)
    oak.sign_up(at(5, 14), TEAM)
    payment = oak.pay(at(5, 16), oak.invoice(at(5, 15), oak.line(TEAM)))
    refund = oak.refund(at(21), payment, "33.00", status="pending")
    oak.return_refund(at(26), refund)


def _credit_before_payment(account):
    """Two seats too many on an open invoice: a credit note, then the rest is paid."""
    pecan = Tenant(account, "pecan", "Pecan Grove Foods", AUSTIN)
    pecan.sign_up(at(14), TEAM, (SEAT, 10))
    invoice = pecan.invoice(at(14, 10), pecan.line(TEAM), pecan.line(SEAT, 10))
    pecan.credit(at(15, 10), invoice, (invoice.lines[1], "25.00"))
    pecan.pay(at(16, 10), invoice)


def _workshop(account):
    """Money for which there is no invoice stays with the customer as a credit."""
    quince = Tenant(account, "quince", "Quince Bakery", BOSTON)
    quince.sign_up(at(16, 9), STARTER)
    quince.pay(at(16, 11), quince.invoice(at(16, 10), quince.line(STARTER)))
    quince.pay(at(23), amount=ONBOARDING.unit)


def _yen(account):
    """A currency without minor unit, in the books of a company with cents."""
    sakura = Tenant(
        account, "sakura", "Sakura Systems", OSAKA, country="JP", currency="JPY"
    )
    sakura.sign_up(at(2, 3), TEAM, (SEAT, 4))
    invoice = sakura.invoice(at(2, 4), sakura.line(TEAM), sakura.line(SEAT, 4))
    payment = sakura.pay(at(19, 5), invoice)
    sakura.refund(at(21, 5), payment, "1500")


def _departure(account):
    """Gone before the month was out."""
    rowan = Tenant(account, "rowan", "Rowan Consulting", DENVER)
    rowan.sign_up(at(1, 18), STARTER)
    rowan.pay(at(1, 20), rowan.invoice(at(1, 19), rowan.line(STARTER)))
    rowan.change_subscription(at(27), "deleted", status="canceled", canceled_at=at(27))
    rowan.leave(at(28))


def _legacy_plan(account):
    """Paid, but nobody told Odoo what this plan is: the invoice waits for a person,
    the money is booked.
    """
    sumac = Tenant(account, "sumac", "Sumac Supply", SEATTLE)
    sumac.sign_up(at(17), LEGACY)
    sumac.pay(at(17, 11), sumac.invoice(at(17, 10), sumac.line(LEGACY), fate=UNMAPPED))


def _two_of_a_name(account):
    """Two contacts in Odoo have the VAT number that this customer's invoice states.
    The invoice waits for a person; what only needs the customer, waits for that.
    Stripe has not paid out its money yet.

    Nothing is told of the customer itself: Stripe sends that without the number, and
    it would be a customer of its own at once if it were processed before the invoice.
    """
    kettle = Tenant(
        account,
        "kettle",
        "Copper Kettle",
        BOSTON,
        email="accounts@copperkettle.example",
        vat=KETTLE,
        had_contact=True,
        fate=DUPLICATE,
        waits=PARKED,
    )
    kettle.buy(at(31, 21))
    kettle.pay(at(31, 22), kettle.invoice(at(31, 21, 30), kettle.line(TEAM)))
