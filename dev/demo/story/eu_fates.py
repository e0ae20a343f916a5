"""What may become of a document or of money in euros after it was booked. Each of
these once ended with wrong books. Only with Stripe's API: it tells the movements.
"""

from ..catalogue import ONBOARDING, SCALE, SEAT, SHIPPING, TEAM, VAT, at, later
from .guest import Guest
from .places import BERLIN, COLOGNE, MUNICH
from .tenant import Tenant


def tell(account):
    """Let it happen at ``account``."""
    if not account.has_api:
        return
    for storyline in (
        _withdrawn_after_a_credit_note,
        _a_part_after_all,
        _put_to_another,
        _over_the_end_of_the_month,
        _debit_that_bounced,
        _parcel,
        _unknown_word,
        _guest,
    ):
        storyline(account)


def _withdrawn_after_a_credit_note(account):
    """Two seats were credited, then the rest was voided: nothing is left."""
    sperber = Tenant(account, "sperber", "Sperber Optik", BERLIN)
    sperber.sign_up(at(10, 16), TEAM, (SEAT, 2))
    invoice = sperber.invoice(
        at(10, 17), sperber.line(TEAM, rate=VAT), sperber.line(SEAT, 2, rate=VAT)
    )
    sperber.credit(at(12, 16), invoice, (invoice.lines[1], "25.00"))
    sperber.void(at(19, 16), invoice)


def _a_part_after_all(account):
    """Given up, then a part of it is paid: the loss is what is still missing."""
    wiesel = Tenant(account, "wiesel", "Wiesel Kurier", MUNICH)
    wiesel.sign_up(at(2, 12), SCALE)
    invoice = wiesel.invoice(at(2, 13), wiesel.line(SCALE, rate=VAT))
    wiesel.give_up(at(16, 10), invoice)
    wiesel.pay(at(26, 10), invoice, "150.00")


def _put_to_another(account):
    """A payment is taken off an invoice that was a mistake, and pays the right one."""
    dachs = Tenant(account, "dachs", "Dachs Tiefbau", COLOGNE)
    dachs.sign_up(at(6, 14), TEAM)
    wrong = dachs.invoice(at(6, 15), dachs.line(TEAM, rate=VAT))
    payment = dachs.pay(at(6, 16), wrong)
    right = dachs.invoice(at(13, 14), dachs.line(TEAM, rate=VAT))
    dachs.detach(at(13, 15), payment)
    dachs.attach(at(13, 16), payment, right)
    dachs.void(at(14, 10), wrong)


def _over_the_end_of_the_month(account):
    """A refund that was asked for in October leaves in November: it is November's."""
    luchs = Tenant(account, "luchs", "Luchs Optometrie", BERLIN)
    luchs.sign_up(at(9, 12), TEAM)
    payment = luchs.pay(at(9, 14), luchs.invoice(at(9, 13), luchs.line(TEAM, rate=VAT)))
    refund = luchs.refund(at(30, 14), payment, "20.00", status="pending", left=False)
    luchs.complete(later(4, 10), refund)
    luchs.pay(later(5, 11), luchs.invoice(later(5, 10), luchs.line(TEAM, rate=VAT)))


def _debit_that_bounced(account):
    """A bank debit succeeds, and the bank takes it back eight days later."""
    hamster = Tenant(account, "hamster", "Hamster Vorrat", MUNICH)
    hamster.sign_up(at(8, 14), TEAM)
    invoice = hamster.invoice(at(8, 15), hamster.line(TEAM, rate=VAT))
    payment = hamster.pay(at(12, 10), invoice)
    hamster.fail_after_all(at(20, 10), payment)


def _parcel(account):
    """Shipping stands at the head of an invoice, and a credit note is of it alone."""
    igel = Tenant(account, "igel", "Igel Hardware", COLOGNE)
    igel.sign_up(at(9, 14), TEAM)
    parcel = igel.line(SHIPPING, rate=VAT, is_shipping=True)
    invoice = igel.invoice(at(9, 15), igel.line(TEAM, rate=VAT), parcel)
    payment = igel.pay(at(9, 16), invoice)
    refund = igel.refund(at(21, 15), payment, "14.28")
    igel.credit(at(21, 15), invoice, (parcel, "12.00"), refund=refund)


def _unknown_word(account):
    """Stripe tells a dispute's state by a word that did not exist before: the money
    beside it is booked, and a person is asked what it means.
    """
    otter = Tenant(account, "otter", "Otter Badeland", MUNICH)
    otter.sign_up(at(3, 12), TEAM)
    invoice = otter.invoice(at(3, 13), otter.line(TEAM, rate=VAT))
    dispute = account.balance.dispute(at(13, 12), otter.pay(at(3, 14), invoice))
    account.balance.tell_word(at(15, 12), dispute, "in_mediation")
    account.balance.decide(at(28, 12), dispute, "lost")


def _guest(account):
    """A ticket for a workshop, bought by somebody who is no customer; some of it goes
    back.
    """
    guest = Guest(account, "marder", "Marion Marder", COLOGNE)
    payment = guest.pay(at(14, 12), amount=ONBOARDING.unit)
    guest.refund(at(22, 12), payment, "125.00")
