"""The day of money is the day of its movement, whatever is told first.

Covers handlers/payments/day, handlers/payments/movement_day and
adapters/stripe/payments/movement_day.
"""

from datetime import date

from odoo.tests import tagged

from ..support import stripe_fixtures
from .orders_common import OrdersCommon

#: 2026-11-02 and midnight after that.
PAID_AT = 1793613660
MIDNIGHT = 1793664000
#: 2026-12-30 and 2027-01-04.
ASKED_AT = 1798624800
LEFT_AT = 1799056800


@tagged("post_install", "-at_install")
class TestMoneyDay(OrdersCommon):
    def setUp(self):
        super().setUp()
        self.customer = self.make("customer.created")

    def _make_movement(self, source, category, moment, amount, number=0):
        return self.make(
            "pulled.balance_transaction-charge",
            number,
            id=f"txn_{category}",
            source=source,
            reporting_category=category,
            created=moment,
            amount=amount,
            fee=0,
            net=amount,
            fee_details=[],
        )

    def _lock(self, day):
        self.company.fiscalyear_lock_date = day

    # -- payments -------------------------------------------------------------

    def _make_both_sides(self):
        """The intent succeeds before midnight, its charge after it."""
        intent = self.make("payment_intent.succeeded", 0, "basil", MIDNIGHT - 1)
        charge = self.make("charge.succeeded", 0, "basil", MIDNIGHT)
        part = self.make("invoice_payment.paid")
        part["data"]["object"]["status_transitions"]["paid_at"] = MIDNIGHT - 2
        invoice = self.make("invoice.finalized")
        return [invoice, intent, charge, part]

    def test_both_sides_of_midnight(self):
        """The charge's own moment counts."""
        self.check_orders(
            self._make_both_sides(),
            [
                "2026-11-02 AR +119.00 USD",
                "2026-11-02 REV -100.00 USD",
                "2026-11-02 TAX -19.00 USD",
                "2026-11-03 AR -119.00 USD",
                "2026-11-03 SC +119.00 USD",
            ],
        )

    def test_movement_counts_more(self):
        """A debit was on its way before it succeeded: its movement says since when."""
        charge = stripe_fixtures.object_id("basil", "charge.succeeded")
        movement = self._make_movement(charge, "charge", PAID_AT - 86400, 11900)
        self.check_orders(
            [*self._make_both_sides()[:3], movement],
            [
                "2026-11-01 AR -119.00 USD",
                "2026-11-01 SC +119.00 USD",
                "2026-11-02 AR +119.00 USD",
                "2026-11-02 REV -100.00 USD",
                "2026-11-02 TAX -19.00 USD",
                "open in_5GLg +119.00",
                "open pi_U0bL -119.00",
            ],
        )

    def _match_and_move(self, currency):
        """Let a person match an invoice with a payment, of which it is told then that
        the money moved a day earlier.
        """
        charge = self.make("charge.succeeded", 0, "basil", MIDNIGHT, currency=currency)
        invoice = self.make("invoice.finalized", currency=currency)
        self.deliver(invoice, charge)
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_type", "=", "asset_receivable"),
            ]
        )
        lines.reconcile()
        ref = stripe_fixtures.object_id("basil", "charge.succeeded")
        movement = self._make_movement(ref, "charge", MIDNIGHT - 1, 11900)
        movement["data"]["object"]["currency"] = currency
        [event] = self.deliver(movement)
        self.assertState(event, "done")

    def test_what_it_paid_stays_paid(self):
        """What a person matched with the payment is matched with what replaces it."""
        self._match_and_move("usd")
        self.assertEqual(
            self.sums(),
            [
                "2026-11-02 REV -100.00 USD",
                "2026-11-02 SC +119.00 USD",
                "2026-11-02 TAX -19.00 USD",
            ],
        )

    def test_what_it_paid_at_another_rate(self):
        """The exchange difference goes with the day that it came from."""
        rates = {"2026-11-01": 0.8, "2026-11-03": 0.5}
        self.env["res.currency.rate"].create(
            [
                {
                    "name": day,
                    "rate": rate,
                    "currency_id": self.eur.id,
                    "company_id": self.company.id,
                }
                for day, rate in rates.items()
            ]
        )
        self._match_and_move("eur")
        self.assertEqual(
            self.sums(),
            [
                "2026-11-02 REV -100.00 EUR",
                "2026-11-02 SC +119.00 EUR",
                "2026-11-02 TAX -19.00 EUR",
            ],
        )
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")]
        )
        sums = {
            name: round(sum(group.mapped("balance")), 2)
            for name, group in lines.grouped(
                lambda line: self.accounts[line.account_id]
            ).items()
        }
        expected = {"AR": 0, "GAIN": 0, "REV": -125, "SC": 148.75, "TAX": -23.75}
        self.assertEqual(sums, expected)

    def test_undone_by_a_person(self):
        """A payment that a person has reversed is not booked over."""
        charge = self.make("charge.succeeded", 0, "basil", MIDNIGHT)
        self.deliver(self.customer, charge)
        payment = self.env["account.payment"].search([("saas_superseded", "=", False)])
        payment.move_id._reverse_moves(cancel=True)
        ref = stripe_fixtures.object_id("basil", "charge.succeeded")
        [event] = self.deliver(self._make_movement(ref, "charge", MIDNIGHT - 1, 11900))
        self.assertState(event, "quarantined", "posting_failed")

    def test_locked_day(self):
        charge = self.make("charge.succeeded", 0, "basil", MIDNIGHT)
        self.deliver(self.customer, charge)
        self._lock(date(2026, 11, 2))
        ref = stripe_fixtures.object_id("basil", "charge.succeeded")
        movement = self._make_movement(ref, "charge", MIDNIGHT - 1, 11900)
        [event] = self.deliver(movement)
        self.assertState(event, "quarantined", "period_locked")
        self._lock(False)
        event.action_retry()
        self.drain()
        self.assertState(event, "done")
        self.assertIn("2026-11-02 SC +119.00 USD", self.sums())

    # -- refunds --------------------------------------------------------------

    def _make_refund(self, number, type_, moment, **changes):
        event = self.make(
            "refund.created",
            number,
            "basil",
            moment,
            **{"created": ASKED_AT, **changes},
        )
        event["type"] = type_
        return event

    def _make_late_refund(self, **changes):
        asked = self._make_refund(
            1,
            "refund.created",
            ASKED_AT,
            status="pending",
            balance_transaction=None,
        )
        left = self._make_refund(2, "refund.updated", LEFT_AT)
        left["data"].update(**changes)
        return [asked, left]

    LATE = [
        "2026-11-02 AR -119.00 USD",
        "2026-11-02 SC +119.00 USD",
        "2027-01-04 AR +30.00 USD",
        "2027-01-04 SC -30.00 USD",
        "open pi_U0bL -119.00",
        "open re_FBpZ +30.00",
    ]

    def test_refund_leaves_later(self):
        changed = {"previous_attributes": {"balance_transaction": None}}
        for changes in ({}, changed):
            with self.subTest(changes):
                self._check_late(self._make_late_refund(**changes))

    def test_refund_leaves_later_and_december_is_locked(self):
        events = self._make_late_refund()
        self.deliver(self.customer, self.make("charge.succeeded"))
        self._lock(date(2026, 12, 31))
        self._check_late(events, before=())

    def test_refund_told_by_its_movement(self):
        """The refund looks as if it had left at once, but its movement knows better."""
        asked = self._make_refund(1, "refund.created", ASKED_AT)
        movement = self._make_movement(
            asked["data"]["object"]["id"], "refund", LEFT_AT, -3000
        )
        self._check_late([asked, movement])

    def test_refund_told_by_its_movement_and_december_is_locked(self):
        """It waits for a person while December's lock is all that is known."""
        self.deliver(self.customer, self.make("charge.succeeded"))
        self._lock(date(2026, 12, 31))
        asked = self._make_refund(1, "refund.created", ASKED_AT)
        movement = self._make_movement(
            asked["data"]["object"]["id"], "refund", LEFT_AT, -3000
        )
        event = self.deliver(asked)
        self.assertState(event, "quarantined", "period_locked")
        other = self.deliver(movement)
        event.action_retry()
        self.drain()
        self.assertState(event | other, "done")
        self.assertEqual(self.sums(), self.LATE)

    def _check_late(self, events, before=None):
        before = (
            [self.customer, self.make("charge.succeeded")] if before is None else before
        )
        self.check_orders(events, self.LATE, before)

    def test_return_is_of_its_movement(self):
        """A refund came back before midnight; its event was made after it."""
        refund = self.make("refund.created-bounced")
        failed = self.make("refund.failed", 0, "basil", 1794700800 + 86400)
        back = self._make_movement(
            refund["data"]["object"]["id"], "refund_failure", 1794700800 + 86399, 2000
        )
        self.check_orders(
            [refund, failed, back],
            [
                "2026-11-02 AR -119.00 USD",
                "2026-11-02 SC +119.00 USD",
                "2026-11-12 AR +20.00 USD",
                "2026-11-12 SC -20.00 USD",
                "2026-11-15 AR -20.00 USD",
                "2026-11-15 SC +20.00 USD",
                "open pi_U0bL -119.00",
            ],
            before=[self.customer, self.make("charge.succeeded")],
        )
