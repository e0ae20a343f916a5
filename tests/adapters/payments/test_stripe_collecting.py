"""What Stripe does with our orders, and says of them, through its own library.

Covers adapters/stripe/payments/collect, adapters/stripe/payments/declines,
adapters/stripe/payments/ordered and adapters/stripe/payments/payment_page.
"""

from dataclasses import replace

import requests

from odoo.tests import tagged

from ....canonical.facts import Payment, PaymentFailure
from ....canonical.payments.collecting import CollectionReason, CollectionState
from ....dev.make_believe.stripe.api import KEY
from ....dev.make_believe.stripe.api_intents import DEBIT, DECLINES
from ....dev.make_believe.stripe.webhooks import make_requests
from ...support.common import SECRET
from .collecting_order import get_outcomes, make_order
from .stripe_collecting import CUSTOMER, StripeCollectingCommon

#: What each of Stripe's test cards that are declined means here.
_MEANINGS = {
    "pm_card_authenticationRequired": CollectionReason.AUTHENTICATION,
    "pm_card_chargeDeclined": CollectionReason.DECLINED,
    "pm_card_chargeDeclinedExpiredCard": CollectionReason.METHOD_EXPIRED,
    "pm_card_chargeDeclinedProcessingError": CollectionReason.DECLINED,
    "pm_card_visa_chargeDeclinedInsufficientFunds": CollectionReason.FUNDS,
    "pm_card_visa_chargeDeclinedLostCard": CollectionReason.DECLINED,
    "pm_card_visa_chargeDeclinedStolenCard": CollectionReason.DECLINED,
}


@tagged("post_install", "-at_install")
class TestStripeCollecting(StripeCollectingCommon):
    # -- it is collected -----------------------------------------------------------

    def test_collected(self):
        saved = self.save(is_default=True)
        self.save("pm_card_chargeDeclined")  # newer, and not the default
        order = make_order(CUSTOMER)
        answer = self.collect(order)
        self.assertPending(answer)
        intent = self.api.get(answer.external_id)
        self.assertEqual(
            (intent["amount"], intent["currency"], intent["payment_method"]),
            (11900, "eur", saved["id"]),
        )
        self.assertEqual(intent["metadata"], dict(order.labels))
        [call] = self.get_posts("/v1/payment_intents")
        self.assertEqual(call.headers["idempotency-key"], order.key)
        for name in ("off_session", "confirm"):
            self.assertEqual(call.get(name), "true")

    def test_newest_method(self):
        self.save("pm_card_chargeDeclined")
        saved = self.save()
        answer = self.collect(make_order(CUSTOMER))
        self.assertEqual(
            self.api.get(answer.external_id)["payment_method"], saved["id"]
        )

    def test_events(self):
        """The charge and the intent tell of one payment, and of its order."""
        self.save()
        order = make_order(CUSTOMER)
        answer = self.collect(order)
        told = self.tell()
        self.assertEqual(set(told), {"charge.succeeded", "payment_intent.succeeded"})
        for name, facts in told.items():
            with self.subTest(name):
                payment = facts[0]
                self.assertIsInstance(payment, Payment)
                self.assertEqual(payment.external_id, answer.external_id)
                self.assertEqual(payment.amount, 11900)
                self.assertEqual(dict(payment.metadata), dict(order.labels))
                self.assertEqual(
                    get_outcomes(facts), [(order.key, "succeeded", False, None)]
                )

    def test_events_are_signed(self):
        self.save()
        self.collect(make_order(CUSTOMER))
        events = self.api.writes.take_told()
        for body, headers in make_requests(events, SECRET):
            self.assertEqual(len(self.receive(body, headers)), 1)
        self.assertEqual(len(events), 3)

    def test_counterpart_as_a_program(self):
        """What happens in it and what it tells is asked for by other programs, too."""
        acts = f"{self.api.url}/_acts"
        saved = {"name": "save_method", "customer": CUSTOMER}
        saved = requests.post(acts, json=saved, timeout=10).json()
        self.assertEqual(saved["customer"], CUSTOMER)
        self.collect(make_order(CUSTOMER))
        told = requests.get(f"{self.api.url}/_told", timeout=10).json()
        self.assertEqual(len(told), 3)
        self.assertFalse(self.api.writes.take_told())

    def test_debit(self):
        """Nobody knows for days whether it comes."""
        self.save(DEBIT)
        order = make_order(CUSTOMER)
        answer = self.collect(order)
        self.assertPending(answer)
        self.assertPending(self.find(order), answer.external_id)
        self.assertFalse(self.tell())
        decline = ("insufficient_funds", "insufficient_funds", "Too little.")
        self.api.writes.act("settle", intent=answer.external_id, decline=decline)
        facts = self.tell()["charge.failed"]
        self.assertIsInstance(facts[0], PaymentFailure)
        self.assertEqual(
            get_outcomes(facts),
            [(order.key, "failed", False, CollectionReason.FUNDS)],
        )

    def test_debit_that_comes(self):
        self.save(DEBIT)
        order = make_order(CUSTOMER)
        self.api.writes.act("settle", intent=self.collect(order).external_id)
        for facts in self.tell().values():
            self.assertEqual(
                get_outcomes(facts), [(order.key, "succeeded", False, None)]
            )

    # -- the customer has to act ---------------------------------------------------

    def test_declines(self):
        """Each card that is declined leads to a page, and to nothing else by which the
        money could come.
        """
        self.assertEqual(set(_MEANINGS), set(DECLINES))
        for number, (name, reason) in enumerate(_MEANINGS.items()):
            self.save(name)
            order = make_order(CUSTOMER, number)
            with self.subTest(name):
                answer = self.collect(order)
                self.assertOffered(answer, reason, DECLINES[name][2])
                intent = self.api.get(answer.external_id)
                self.assertEqual(intent["status"], "canceled")
                outcomes = get_outcomes(self.tell()["charge.failed"])
                self.assertEqual(outcomes, [(order.key, "failed", False, reason)])

    def test_word_of_the_future(self):
        decline = ("card_declined", "from_the_future", "Your card was declined.")
        self.save(decline=decline)
        answer = self.collect(make_order(CUSTOMER))
        self.assertOffered(answer, CollectionReason.DECLINED, "(from_the_future)")

    def test_no_method(self):
        order = make_order(CUSTOMER)
        answer = self.collect(order)
        self.assertOffered(answer, CollectionReason.NO_METHOD)
        self.assertEqual(answer.external_id, "")
        page = self.api.get(answer.link_ref)
        self.assertEqual((page["amount_total"], page["currency"]), (11900, "eur"))
        self.assertEqual(page["success_url"], order.home)

    def test_method_that_is_gone(self):
        settings = {"default_payment_method": "pm_gone"}
        self.put_customer(invoice_settings=settings)
        answer = self.collect(make_order(CUSTOMER))
        self.assertOffered(answer, CollectionReason.NO_METHOD, "pm_gone")

    def test_paid_on_the_page(self):
        """What was declined there first, and what is paid then, names the order; and
        the next order has a way to be collected.
        """
        order = make_order(CUSTOMER)
        answer = self.collect(order)
        pay = {"session": answer.link_ref}
        self.api.writes.act("pay", behaves="pm_card_chargeDeclined", **pay)
        outcomes = get_outcomes(self.tell()["charge.failed"])
        reason = CollectionReason.DECLINED
        self.assertEqual(outcomes, [(order.key, "failed", False, reason)])
        page = self.api.writes.act("pay", **pay)
        self.assertEqual(page["payment_status"], "paid")
        told = self.tell()
        self.assertEqual(
            get_outcomes(told["charge.succeeded"]),
            [(order.key, "succeeded", False, None)],
        )
        self.assertPending(self.find(order), page["payment_intent"])
        self.assertPending(self.collect(make_order(CUSTOMER, 2)))

    def test_what_was_paid_by_on_the_page_is_used_next(self):
        """The default is the card that was declined, and Stripe leaves it so. A default
        that the customer saves after that counts more.
        """
        self.save("pm_card_chargeDeclined", is_default=True)
        answer = self.collect(make_order(CUSTOMER))
        page = self.api.writes.act("pay", session=answer.link_ref)
        paid_by = page["payment_intent"]
        used = self.api.get(paid_by)["payment_method"]
        answer = self.collect(make_order(CUSTOMER, 2, paid_by=paid_by))
        self.assertPending(answer)
        self.assertEqual(self.api.get(answer.external_id)["payment_method"], used)
        self.api.writes.ahead = 60
        newest = self.save(is_default=True)["id"]
        answer = self.collect(make_order(CUSTOMER, 3, paid_by=paid_by))
        self.assertEqual(self.api.get(answer.external_id)["payment_method"], newest)
        for number, gone in enumerate((paid_by, "pi_gone"), 4):
            self.api.put({**self.api.get(used), "customer": None})
            answer = self.collect(make_order(CUSTOMER, number, paid_by=gone))
            method = self.api.get(answer.external_id)["payment_method"]
            self.assertEqual(method, newest)

    # -- it is refused -------------------------------------------------------------

    def test_refused(self):
        self.save()
        for vals, reason in (
            ({"amount": 49}, CollectionReason.AMOUNT),
            ({"amount": 10**9}, CollectionReason.AMOUNT),
            ({"currency": "XXX"}, CollectionReason.CURRENCY),
            ({"currency": "KWD", "amount": 10001}, CollectionReason.AMOUNT),
            ({"labels": (("x" * 41, ""),)}, CollectionReason.REFUSED),
        ):
            with self.subTest(vals):
                self.assertRefused(make_order(CUSTOMER, **vals), reason)
        self.assertFalse(self.get_intents())

    def test_page_that_is_refused(self):
        """The reason is kept, and what Stripe says of the page is told, too."""
        answer = self.collect(make_order(CUSTOMER, home="northlight"))
        self.assertEqual(answer.state, CollectionState.NEEDS_CUSTOMER)
        self.assertEqual(answer.reason, CollectionReason.NO_METHOD)
        self.assertIn("Not a valid URL", answer.detail)
        self.assertFalse(answer.link or answer.link_ref or answer.link_until)

    def test_unknown_customer(self):
        unknown = CollectionReason.CUSTOMER_UNKNOWN
        self.assertRefused(make_order("cus_nobody"), unknown)
        self.api.put({"id": CUSTOMER, "object": "customer", "deleted": True})
        self.assertRefused(make_order(CUSTOMER), unknown)

    def test_key_that_may_only_read(self):
        self.save()
        self.api.keys[KEY] = {"customers", "payment_intents"}
        try:
            reason = CollectionReason.KEY_REFUSED
            self.assertRefused(make_order(CUSTOMER), reason, "Payment Intents")
        finally:
            self.api.keys[KEY] = None
        self.assertFalse(self.get_intents())

    # -- a link is taken back ------------------------------------------------------

    def test_withdraw(self):
        order = self.offer()
        for _time in range(2):
            answer = self.withdraw(order)
            self.assertEqual(answer.state, CollectionState.CANCELED)
        self.assertEqual(self.api.get(order.link_ref)["status"], "expired")
        with self.assertRaises(ValueError):
            self.api.writes.act("pay", session=order.link_ref)

    def test_withdraw_nothing(self):
        answer = self.withdraw(make_order(CUSTOMER))
        self.assertEqual(answer.state, CollectionState.CANCELED)
        self.assertFalse(self.api.calls)

    def test_withdraw_too_late(self):
        """They have paid already, or a debit is on its way."""
        for number, behaves in enumerate(("pm_card_visa", DEBIT)):
            order = self.offer(number)
            page = self.api.writes.act("pay", session=order.link_ref, behaves=behaves)
            with self.subTest(behaves):
                self.assertPending(self.withdraw(order), page["payment_intent"])

    def test_withdraw_over(self):
        order = self.offer()
        self.api.writes.act("lapse", session=order.link_ref)
        self.assertEqual(self.withdraw(order).state, CollectionState.CANCELED)
        self.assertFalse(self.get_posts(f"{order.link_ref}/expire"))
        self.assertFalse(self.tell())  # the page tells nothing that is booked

    def test_page_ends_by_itself(self):
        order = self.offer()
        self.api.writes.ahead = 24 * 3600
        with self.assertRaises(ValueError):
            self.api.writes.act("pay", session=order.link_ref)
        self.assertEqual(self.withdraw(order).state, CollectionState.CANCELED)

    def offer(self, number=1):
        """Return an order of which the customer has a page to pay on."""
        order = make_order(CUSTOMER, number)
        for intent in self.get_intents():
            self.api.remove(intent["id"])
        self.put_customer(invoice_settings={"default_payment_method": "pm_gone"})
        return replace(order, link_ref=self.collect(order).link_ref)
