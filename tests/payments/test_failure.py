"""A debit that succeeded fails after all: the money is taken back.

Covers handlers/payments/payment_failure and adapters/stripe/payments/payment.
"""

from odoo.tests import tagged

from ..support import stripe_fixtures
from .orders_common import OrdersCommon

CHARGE = stripe_fixtures.object_id("basil", "charge.succeeded")
INTENT = stripe_fixtures.object_id("basil", "payment_intent.succeeded")
#: 2026-11-02 and, nine days later, 2026-11-11.
PAID_AT = 1793613660
FAILED_AT = PAID_AT + 9 * 86400
BOOKS = [
    "2026-11-02 REV -100.00 USD",
    "2026-11-02 SC +119.00 USD",
    "2026-11-02 TAX -19.00 USD",
    "2026-11-11 AR +119.00 USD",
    "2026-11-11 SC -119.00 USD",
    "open in_5GLg +119.00",
]


@tagged("post_install", "-at_install")
class TestFailure(OrdersCommon):
    def setUp(self):
        super().setUp()
        self.invoice = self.make("invoice.finalized")
        self.charge = self.make("charge.succeeded")
        self.paid = self.make("invoice_payment.paid")
        self.failed = self._make_failure()

    def _make_failure(self, shape="basil", type_="charge.failed", **changes):
        values = {
            "status": "failed",
            "balance_transaction": "txn_charge",
            "failure_balance_transaction": "txn_failure",
            **changes,
        }
        event = self.make("charge.succeeded", 7, shape, **values)
        event["type"] = type_
        event["created"] += 9 * 86400
        return event

    def _make_movement(self, category, moment, amount, fee=0, number=0):
        event = self.make(
            "pulled.balance_transaction-charge",
            number,
            id=f"txn_{category}",
            reporting_category=category,
            created=moment,
            amount=amount,
            fee=fee,
            net=amount - fee,
            fee_details=[],
        )
        return event

    def test_taken_back(self):
        self.check_orders([self.invoice, self.charge, self.paid, self.failed], BOOKS)

    def test_taken_back_before_basil(self):
        events = [
            self.make("invoice.finalized", 0, "before"),
            self.make("charge.succeeded", 0, "before"),
            self._make_failure("before"),
        ]
        self.check_orders(
            events,
            [
                line.replace("2026-11-02", "2024-06-02")
                .replace("2026-11-11", "2024-06-11")
                .replace("in_5GLg", "in_WLoR")
                for line in BOOKS
            ],
        )

    def test_told_by_its_movement_alone(self):
        """Nobody sends charge.failed; the list of movements has both, with a fee."""
        movements = [
            self._make_movement("charge", PAID_AT, 11900, 375),
            self._make_movement("charge_failure", FAILED_AT, -11900, 750, 1),
        ]
        self.check_orders(
            [self.invoice, self.charge, self.paid, *movements],
            [
                "2026-11-02 FEE +3.75 USD",
                "2026-11-02 REV -100.00 USD",
                "2026-11-02 SC +115.25 USD",
                "2026-11-02 TAX -19.00 USD",
                "2026-11-11 AR +119.00 USD",
                "2026-11-11 FEE +7.50 USD",
                "2026-11-11 SC -126.50 USD",
                "open in_5GLg +119.00",
            ],
            before=[self.invoice, self.charge],
        )
        self.deliver(self.invoice, self.charge, self.failed, *movements)
        states = self.env["saas.balance.transaction"].search([]).mapped("match_state")
        self.assertEqual(states, ["matched", "matched"])

    def test_movements_read_first(self):
        """Both movements are known before any event of the charge."""
        movements = [
            self._make_movement("charge", PAID_AT, 11900),
            self._make_movement("charge_failure", FAILED_AT, -11900, 0, 1),
        ]
        self.check_orders(
            [self.invoice, self.charge, self.paid, self.failed, *movements], BOOKS
        )

    def test_read_later(self):
        """The charge is read after it failed."""
        read = self._make_failure(
            type_="pulled.charge",
            failure_balance_transaction={"id": "txn_f", "created": FAILED_AT},
        )
        self.check_orders([self.invoice, self.charge, self.paid, read], BOOKS)

    def test_told_by_its_failure_alone(self):
        """Nobody sends charge.succeeded: the money came in and went out all the same,
        and the source's balance had it in the meantime.
        """
        self.check_orders(
            [
                self.invoice,
                self.failed,
                self._make_movement("charge", PAID_AT, 11900),
                self._make_movement("charge_failure", FAILED_AT, -11900, 0, 1),
            ],
            BOOKS,
        )

    def test_never_moved(self):
        """A debit that failed before its money moved books nothing."""
        failed = self._make_failure(
            balance_transaction=None, failure_balance_transaction=None
        )
        self.check_orders(
            [self.invoice, failed],
            [
                "2026-11-02 AR +119.00 USD",
                "2026-11-02 REV -100.00 USD",
                "2026-11-02 TAX -19.00 USD",
                "open in_5GLg +119.00",
            ],
        )

    def test_refund_of_what_failed(self):
        """A refund came back before the debit failed, and both are only read later."""
        refund = self.make("refund.failed", 8)
        refund["type"] = "pulled.refund"
        refund["data"]["object"].update(
            amount=5950,
            balance_transaction={"id": "txn_r", "created": PAID_AT + 86400},
            failure_balance_transaction={"id": "txn_b", "created": PAID_AT + 3 * 86400},
        )
        read = self._make_failure(
            type_="pulled.charge",
            balance_transaction={"id": "txn_c", "created": PAID_AT},
            failure_balance_transaction={"id": "txn_f", "created": FAILED_AT},
        )
        self.check_orders(
            [self.invoice, read, refund],
            [
                *BOOKS[:3],
                "2026-11-03 AR +59.50 USD",
                "2026-11-03 SC -59.50 USD",
                "2026-11-05 AR -59.50 USD",
                "2026-11-05 SC +59.50 USD",
                *BOOKS[3:],
            ],
        )

    def test_tried_again(self):
        """The same intent brings the money by a second charge."""
        again = self.make("charge.succeeded", 8, id="ch_2nd")
        again["created"] = FAILED_AT + 86400
        self.check_orders(
            [self.invoice, self.charge, self.paid, self.failed, again],
            [
                *BOOKS[:-1],
                "2026-11-12 AR -119.00 USD",
                "2026-11-12 SC +119.00 USD",
            ],
        )

    def test_paid_otherwise(self):
        """Another intent pays the invoice."""
        again = self.make("charge.succeeded", 8, id="ch_2nd", payment_intent="pi_2nd")
        again["created"] = FAILED_AT + 86400
        part = self.make("invoice_payment.paid", 8, id="inpay_2")
        part["data"]["object"]["payment"]["payment_intent"] = "pi_2nd"
        part["data"]["object"]["status_transitions"]["paid_at"] = FAILED_AT + 86400
        self.check_orders(
            [self.invoice, self.charge, self.paid, self.failed, again, part],
            [
                *BOOKS[:-1],
                "2026-11-12 AR -119.00 USD",
                "2026-11-12 SC +119.00 USD",
            ],
        )

    def test_voided_afterwards(self):
        """Paid, failed, open again, and void."""
        paid = self.make("invoice.paid")
        opened = self.make("invoice.finalized", 3)
        opened["type"], opened["created"] = "invoice.updated", FAILED_AT + 2
        void = self.make("invoice.finalized", 4, status="void")
        void["type"], void["created"] = "invoice.voided", FAILED_AT + 86400
        self.check_orders(
            [self.invoice, self.charge, self.paid, paid, self.failed, opened, void],
            [
                *BOOKS[:-1],
                "2026-11-12 AR -119.00 USD",
                "2026-11-12 REV +100.00 USD",
                "2026-11-12 TAX +19.00 USD",
            ],
        )
