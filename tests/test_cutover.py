"""An account that was used before: nothing of the old books is booked once more."""

import random
from dataclasses import dataclass

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from . import stripe_fixtures
from .books import Undo
from .common import FULL, SEED
from .pulling import CutoverCommon

_ORDERS = 80 if FULL else 8


@dataclass(frozen=True)
class Case:
    """Events since Stripe knows the account, and the books from the cut-over on. What
    is settled with an entry, as an opening item is, Odoo calls reversed.

    ``OPEN`` is the opening account, ``M`` the fixtures' month. ``ignored`` and
    ``waiting`` name the events that end so, both as ``before_cutover``.
    """

    day: str
    deliver: tuple
    books: str
    ignored: tuple = ()
    waiting: tuple = ()
    shapes: tuple = ("before", "basil")
    #: whether a person is asked about disputed funds of the old books
    handover: bool = False


MAIN = (
    "invoice.finalized",
    "payment_intent.succeeded",
    "charge.succeeded",
    "basil:invoice_payment.paid",
    "invoice.paid",
    "invoice.payment_succeeded",
)
CREDIT = ("invoice.finalized-to_credit", "credit_note.created-pre_payment")

DISPUTED = (
    "charge.captured",
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.updated",
    "charge.dispute.closed",
)
APPEALED = (
    "charge.succeeded-disputed",
    "charge.dispute.created-appeal",
    "charge.dispute.updated-appeal",
    "charge.dispute.closed-appeal_lost",
    "charge.dispute.funds_reinstated-appeal",
    "charge.dispute.closed-appeal_won",
)
BOUNCED = ("payout.paid-bounced", "payout.failed")

CASES = {
    "paid_before": Case("03", MAIN, "", ignored=MAIN),
    "paid_since": Case(
        "02",
        MAIN,
        """
M-02 entry
    AR -119.00
    SC +119.00
M-02 out_invoice paid
    AR +119.00
    REV -100.00 {19% VAT}
    TAX -19.00
""",
    ),
    "open_then_failed": Case(
        "04",
        ("invoice.payment_failed",),
        """
M-04 entry
    AR +119.00 open +119.00
    OPEN -119.00
""",
    ),
    "open_then_partly_paid": Case(
        "12",
        ("invoice.finalized-eur", "invoice_payment.paid-partial"),
        """
M-12 entry
    AR +148.75 (+119.00 EUR) open +69.00
    OPEN -148.75 (-119.00 EUR)
M-12 entry
    AR -62.50 (-50.00 EUR)
    SC +62.50 (+50.00 EUR)
""",
        shapes=("basil",),
    ),
    "partly_paid_before": Case(
        "13",
        ("invoice.finalized-eur", "invoice_payment.paid-partial"),
        """
M-13 entry
    AR +86.25 (+69.00 EUR) open +69.00
    OPEN -86.25 (-69.00 EUR)
""",
        ignored=("invoice_payment.paid-partial",),
        shapes=("basil",),
    ),
    "open_then_voided": Case(
        "05",
        ("invoice.finalized-to_void", "invoice.voided"),
        """
M-05 entry
    AR +119.00
    OPEN -119.00
M-06 entry
    AR -119.00
    OPEN +119.00
""",
    ),
    "voided_before": Case(
        "07",
        ("invoice.finalized-to_void", "invoice.voided"),
        "",
        ignored=("invoice.finalized-to_void", "invoice.voided"),
    ),
    "open_then_credited": Case(
        "12",
        CREDIT,
        """
M-12 entry
    AR +238.00 open +178.50
    OPEN -238.00
M-13 out_refund reversed
    AR -59.50
    REV +50.00 {19% VAT}
    TAX +9.50
""",
    ),
    "credited_before_voided_since": Case(
        "14",
        (*CREDIT, "credit_note.voided"),
        """
M-14 entry
    AR +178.50 open +178.50
    OPEN -178.50
""",
        ignored=("credit_note.created-pre_payment",),
        waiting=("credit_note.voided",),
    ),
    "refunded_since": Case(
        "10",
        (*MAIN, "refund.created", "charge.refunded"),
        """
M-12 entry
    AR +30.00 open +30.00
    SC -30.00
""",
        ignored=MAIN,
    ),
    "refunded_before": Case(
        "13",
        (*MAIN, "refund.created"),
        "",
        ignored=(*MAIN, "refund.created"),
    ),
    "credited_since_payment": Case(
        "10",
        (*MAIN, "refund.created-credited", "credit_note.created-post_payment"),
        """
M-14 entry
    AR +59.50
    SC -59.50
M-14 out_refund paid
    AR -59.50
    REV +50.00 {19% VAT}
    TAX +9.50
""",
        ignored=MAIN,
    ),
    "disputed_before": Case("13", DISPUTED, "", ignored=DISPUTED),
    "paid_before_disputed_since": Case(
        "05",
        DISPUTED,
        """
M-06 entry
    SC -75.00
    FEE +15.00
    DISP +60.00
M-12 entry
    DISP -60.00
    CB +60.00
""",
        ignored=DISPUTED[:1],
    ),
    "withdrawn_before_lost_since": Case(
        "10",
        DISPUTED,
        """
M-12 entry
    DISP -60.00
    CB +60.00
""",
        ignored=DISPUTED[:4],
        handover=True,
    ),
    "withdrawn_before_won_since": Case(
        "09",
        APPEALED,
        """
M-10 entry
    DISP -40.00
    CB +40.00
M-16 entry
    SC +55.00
    FEE -15.00
    DISP -40.00
M-17 entry
    DISP +40.00
    CB -40.00
""",
        ignored=APPEALED[:3],
        handover=True,
    ),
    "lost_before_won_since": Case(
        "12",
        APPEALED,
        """
M-16 entry
    SC +55.00
    FEE -15.00
    DISP -40.00
M-17 entry
    DISP +40.00
    CB -40.00
""",
        ignored=APPEALED[:4],
        handover=True,
    ),
    "payout_before": Case("12", BOUNCED, "", ignored=BOUNCED),
    "payout_failed_since": Case(
        "10", BOUNCED, "", ignored=BOUNCED[:1], waiting=BOUNCED[1:]
    ),
    "payout_since": Case(
        "09",
        BOUNCED,
        """
M-09 entry
    SC -10.00
    TRF +10.00
M-11 entry
    SC +10.00
    TRF -10.00
""",
    ),
    "moved_before": Case(
        "03",
        (*MAIN, "pulled.balance_transaction-charge"),
        "",
        ignored=(*MAIN, "pulled.balance_transaction-charge"),
    ),
    "refunded_since_with_movements": Case(
        "10",
        (
            *MAIN,
            "pulled.balance_transaction-charge",
            "refund.created",
            "pulled.balance_transaction-refund",
        ),
        """
M-12 entry
    AR +30.00 open +30.00
    SC -30.00
""",
        ignored=(*MAIN, "pulled.balance_transaction-charge"),
    ),
    "adjusted_before_and_since": Case(
        "26",
        (
            "pulled.customer_balance_transaction-adjustment",
            "pulled.customer_balance_transaction-debit",
        ),
        """
M-26 entry
    BAL +7.00
    ADJ -7.00
""",
        ignored=("pulled.customer_balance_transaction-adjustment",),
        shapes=("basil",),
    ),
    "open_with_balance_then_voided": Case(
        "17",
        ("invoice.finalized-balance_to_void", "invoice.voided-balance"),
        """
M-17 entry
    AR +69.00
    OPEN -69.00
M-18 entry
    AR -69.00
    OPEN +69.00
M-18 entry
    BAL -50.00
    OPEN +50.00
""",
    ),
    "uncollectible_since": Case(
        "19",
        ("invoice.marked_uncollectible",),
        """
M-19 entry
    AR +119.00
    OPEN -119.00
M-20 entry
    AR -119.00
    BAD +119.00
""",
    ),
}


@tagged("post_install", "-at_install")
class TestCutover(CutoverCommon):
    def _check_case(self, case, shape):
        month = {"before": "2024-06", "basil": "2026-11"}[shape]
        self.source.cutover_date = f"{month}-{case.day}"
        names = [
            rest
            for name in ("customer.created", *case.deliver)
            for only, _colon, rest in [name.rpartition(":")]
            if only in ("", shape)
        ]
        events = {name: stripe_fixtures.load(shape, name) for name in names}
        self.hold(shape, events.values())
        text = case.books.replace("M-", f"{month}-").strip()
        moves = sorted(text.replace("\n20", "\0" + "20").split("\0")) if text else []
        for order in range(_ORDERS):
            with self.subTest(seed=SEED, order=order):
                self._check_order(case, events, moves, random.Random(f"{SEED} {order}"))

    def _check_order(self, case, events, moves, chance):
        """Deliver in some order with repeats, and what is asked for in between."""
        names = list(events)
        if chance.random() > 0.1:
            names += chance.choices(names, k=2)
            chance.shuffle(names)
        try:
            with self.env.cr.savepoint():
                while names:
                    gulp = chance.randint(1, 4)
                    self.deliver(*(events[name] for name in names[:gulp]))
                    names = names[gulp:]
                    if chance.random() > 0.5:
                        self.run_jobs()
                self.run_jobs()
                self.env["saas.source"]._cron_sweep()
                self.run_jobs()
                self.assertEqual(self.books(), "\n".join(moves))
                self._check_states(case, events)
                self._check_activities(case)
                self.assertWhole()
                raise Undo
        except Undo:
            self.env.invalidate_all()

    def _check_states(self, case, events):
        for name, event in events.items():
            stored = self.env["saas.subscription.event"].search(
                [
                    ("source_id", "=", self.source.id),
                    ("external_id", "=", event["id"]),
                ]
            )
            known = {each.rpartition(":")[2] for each in case.ignored}
            if name in known:
                self.assertState(stored, "ignored", "before_cutover")
            elif name in case.waiting:
                self.assertState(stored, "quarantined", "before_cutover")
                self.assertTrue(stored.next_step)
            elif stored.reason != "before_cutover":
                # An open invoice's snapshots are done or of before.
                self.assertState(stored, "done")

    def _check_activities(self, case):
        """A person has to see to void opening items, and to disputed funds."""
        voided = "open_then_voided", "open_with_balance_then_voided"
        for name, is_asked in (
            ("opening_voided", case in [CASES[each] for each in voided]),
            ("dispute_handover", case.handover),
        ):
            asked = self.env.ref(f"saas_billing_sync.mail_activity_{name}")
            found = self.env["mail.activity"].search(
                [("activity_type_id", "=", asked.id)]
            )
            self.assertEqual(len(found), int(is_asked), name)

    def test_needs_a_key(self):
        self.source.write({"cutover_date": "2026-11-03", "api_key": False})
        event = self.deliver(stripe_fixtures.load("basil", "invoice.finalized"))
        self.assertState(event, "quarantined", "incomplete_setup")
        self.assertIn("API key", event.detail)

    def test_cutover_stays(self):
        self.source.cutover_date = "2026-11-01"
        self.deliver(stripe_fixtures.load("basil", "invoice.finalized"))
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.source.cutover_date = "2026-11-05"

    def test_day_of_the_source(self):
        """The cut-over's day begins where the source is."""
        self.source.write({"tz": "Europe/Berlin", "cutover_date": "2026-11-05"})
        self.assertEqual(
            str(self.source._get_cutover_at()), "2026-11-04 23:00:00+00:00"
        )


def _add_tests():
    for name, case in CASES.items():
        for shape in case.shapes:

            def test(self, case=case, shape=shape):
                self._check_case(case, shape)

            setattr(TestCutover, f"test_{name}_{shape}", test)


_add_tests()
