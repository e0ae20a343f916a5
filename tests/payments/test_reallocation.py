"""A payment is taken off its invoice, and pays another one, or none.

Covers handlers/payments/allocation, handlers/payments/sum, ledger/allocation and
ledger/rebooking.
"""

from odoo.tests import tagged

from ..support import stripe_fixtures
from .orders_common import OrdersCommon

_FIRST = stripe_fixtures.object_id("basil", "invoice.finalized")
_SECOND = "in_1SecondInvoice000002nd"
_PART = stripe_fixtures.object_id("basil", "invoice_payment.paid")
#: 2026-11-02, when the fixtures' invoice was paid, and two days later.
PAID_AT = 1793613660
DETACHED_AT = PAID_AT + 2 * 86400


@tagged("post_install", "-at_install")
class TestReallocation(OrdersCommon):
    def setUp(self):
        super().setUp()
        self.first = self.make("invoice.finalized")
        self.second = self._make_second()
        self.charge = self.make("charge.succeeded")
        self.paid = self.make("invoice_payment.paid")
        self.detached = self._make_part(
            1, "canceled", DETACHED_AT, type_="invoice_payment.detached"
        )
        self.paid_second = self._make_part(
            2, "paid", PAID_AT, id="inpay_2", invoice=_SECOND
        )
        self.paid_second["data"]["object"]["status_transitions"] = {
            "paid_at": DETACHED_AT + 60,
            "canceled_at": None,
        }

    def _make_second(self, **changes):
        event = self.make("invoice.finalized", 2, id=_SECOND, number="N-2", **changes)
        return event

    def _make_part(self, number, status, moment, type_=None, **changes):
        event = self.make("invoice_payment.paid", number, status=status, **changes)
        event["created"] = moment
        event["type"] = type_ or event["type"]
        event["data"]["object"]["status_transitions"] = {
            "paid_at": PAID_AT,
            "canceled_at": moment if status == "canceled" else None,
        }
        return event

    def _make_invoice(self, number, status, moment, remaining, **changes):
        event = self.make("invoice.finalized", number, status=status, **changes)
        event["type"], event["created"] = "invoice.updated", moment
        event["data"]["object"]["amount_remaining"] = remaining
        return event

    def test_detached_is_open_credit(self):
        """The money stays, the invoice is open again."""
        self.check_orders(
            [self.first, self.charge, self.paid, self.detached],
            [
                "2026-11-02 REV -100.00 USD",
                "2026-11-02 SC +119.00 USD",
                "2026-11-02 TAX -19.00 USD",
                "open in_5GLg +119.00",
                "open pi_U0bL -119.00",
                "state open",
            ],
        )

    def test_attached_to_another(self):
        self.check_orders(
            [
                self.first,
                self.second,
                self.charge,
                self.paid,
                self.detached,
                self.paid_second,
            ],
            [
                "2026-11-02 AR +119.00 USD",
                "2026-11-02 REV -200.00 USD",
                "2026-11-02 SC +119.00 USD",
                "2026-11-02 TAX -38.00 USD",
                "open in_5GLg +119.00",
                "state open",
            ],
        )

    def test_attached_to_another_of_an_unknown_whole(self):
        """No charge tells the whole: what was taken off one pays the other."""
        self.check_orders(
            [self.first, self.second, self.paid, self.detached, self.paid_second],
            [
                "2026-11-02 AR +119.00 USD",
                "2026-11-02 REV -200.00 USD",
                "2026-11-02 SC +119.00 USD",
                "2026-11-02 TAX -38.00 USD",
                "open in_5GLg +119.00",
                "state open",
            ],
        )

    def test_attached_again(self):
        again = self._make_part(3, "paid", DETACHED_AT + 60, id="inpay_3")
        again["data"]["object"]["status_transitions"]["paid_at"] = DETACHED_AT + 60
        self.check_orders(
            [self.first, self.charge, self.paid, self.detached, again],
            [
                "2026-11-02 REV -100.00 USD",
                "2026-11-02 SC +119.00 USD",
                "2026-11-02 TAX -19.00 USD",
                "state open",
            ],
        )

    def test_in_parts(self):
        """Of one sum, 50.00 pay one invoice and 69.00 the other."""
        part = self._make_part(1, "paid", PAID_AT, amount_paid=5000)
        other = self._make_part(
            2, "paid", PAID_AT, amount_paid=6900, id="inpay_2", invoice=_SECOND
        )
        self.check_orders(
            [self.first, self.second, self.charge, part, other],
            [
                "2026-11-02 AR +119.00 USD",
                "2026-11-02 REV -200.00 USD",
                "2026-11-02 SC +119.00 USD",
                "2026-11-02 TAX -38.00 USD",
                "open in_02nd +50.00",
                "open in_5GLg +69.00",
                "state open",
            ],
        )

    def test_read_later(self):
        """No event tells it, but the invoice's own list."""
        read = self.make("invoice.paid-expanded", 9, status="open")
        read["type"], read["created"] = "pulled.invoice", DETACHED_AT + 3600
        read["data"]["object"] |= {"amount_remaining": 11900, "amount_paid": 0}
        read["data"]["object"]["payments"]["data"] = []
        self.check_orders(
            [self.first, self.charge, self.paid, read],
            [
                "2026-11-02 REV -100.00 USD",
                "2026-11-02 SC +119.00 USD",
                "2026-11-02 TAX -19.00 USD",
                "open in_5GLg +119.00",
                "open pi_U0bL -119.00",
                "state open",
            ],
        )

    def test_never_paid(self):
        """What was canceled before anything was paid is nothing."""
        canceled = self._make_part(
            1, "canceled", DETACHED_AT, "invoice_payment.canceled", amount_paid=None
        )
        canceled["data"]["object"]["status_transitions"]["paid_at"] = None
        self.assertState(self.deliver(canceled), "done")
        self.assertEqual(self.sums(), [])

    # -- the invoice's state --------------------------------------------------

    def sums(self):
        move = self.env["account.move"].search([("saas_external_id", "=", _FIRST)])
        return super().sums() + [f"state {move.saas_state}"] * bool(move)

    def _make_story(self, *more):
        paid = self.make("invoice.paid")
        reopened = self._make_invoice(3, "open", DETACHED_AT, 11900)
        return [
            self.first,
            self.charge,
            self.paid,
            paid,
            self.detached,
            reopened,
            *more,
        ]

    def test_paid_is_open_again(self):
        self.check_orders(
            self._make_story(),
            [
                "2026-11-02 REV -100.00 USD",
                "2026-11-02 SC +119.00 USD",
                "2026-11-02 TAX -19.00 USD",
                "open in_5GLg +119.00",
                "open pi_U0bL -119.00",
                "state open",
            ],
        )

    def test_reopened_and_voided(self):
        voided = self._make_invoice(4, "void", DETACHED_AT + 60, 11900)
        voided["type"] = "invoice.voided"
        self.check_orders(
            self._make_story(voided),
            [
                "2026-11-02 REV -100.00 USD",
                "2026-11-02 SC +119.00 USD",
                "2026-11-02 TAX -19.00 USD",
                "2026-11-04 AR -119.00 USD",
                "2026-11-04 REV +100.00 USD",
                "2026-11-04 TAX +19.00 USD",
                "open pi_U0bL -119.00",
                "state void",
            ],
        )

    def test_reopened_and_given_up(self):
        """What is open again may be lost: all of it is, on the day it was given up."""
        lost = self._make_invoice(4, "uncollectible", DETACHED_AT + 60, 11900)
        lost["type"] = "invoice.marked_uncollectible"
        lost["data"]["object"]["status_transitions"]["marked_uncollectible_at"] = (
            DETACHED_AT + 60
        )
        self.check_orders(
            self._make_story(lost),
            [
                "2026-11-02 REV -100.00 USD",
                "2026-11-02 SC +119.00 USD",
                "2026-11-02 TAX -19.00 USD",
                "2026-11-04 AR -119.00 USD",
                "2026-11-04 BAD +119.00 USD",
                "open pi_U0bL -119.00",
                "state uncollectible",
            ],
        )

    def test_reopened_and_paid_again(self):
        paid = self.make("invoice.paid", 5)
        paid["created"] = DETACHED_AT + 3600
        charge = self.make(
            "charge.succeeded", 5, id="ch_other", payment_intent="pi_other"
        )
        charge["created"] = DETACHED_AT + 3500
        part = self._make_part(5, "paid", DETACHED_AT + 3500, id="inpay_5")
        part["data"]["object"]["payment"] = {
            "payment_intent": "pi_other",
            "type": "payment_intent",
        }
        part["data"]["object"]["status_transitions"]["paid_at"] = DETACHED_AT + 3500
        self.check_orders(
            self._make_story(paid, charge, part),
            [
                "2026-11-02 REV -100.00 USD",
                "2026-11-02 SC +119.00 USD",
                "2026-11-02 TAX -19.00 USD",
                "2026-11-04 AR -119.00 USD",
                "2026-11-04 SC +119.00 USD",
                "open pi_U0bL -119.00",
                "state paid",
            ],
        )

    def test_an_old_open_snapshot_changes_nothing(self):
        old = self._make_invoice(3, "open", PAID_AT - 30, 11900)
        self.deliver(self.first, self.charge, self.paid, self.make("invoice.paid"))
        self.deliver(old)
        self.assertIn("state paid", self.sums())

    def test_two_currencies(self):
        """A sum that is booked in one currency is not added to in another."""
        self.deliver(self.first, self.charge)
        other = self._make_part(1, "paid", PAID_AT, currency="eur")
        self.assertState(self.deliver(other), "quarantined", "currency_mismatch")
