"""Risks end the same in whatever order they and their money are told, and what Stripe
tells of them is read as Stripe documents it.

Covers adapters/stripe/notices/risk, adapters/standard/risks and canonical/schema/risks.
"""

import itertools
import random

from odoo.tests import tagged

from ...adapters.stripe.event import StripeEvent
from ...adapters.stripe.notices import risk
from ...canonical import facts
from ..standard.common import StandardCommon, write_event
from ..support import stripe_fixtures
from ..support.books import Undo, read_books
from ..support.common import SEED, SaasCommon
from .risk_common import RiskCommon, at

_WARNED = "radar.early_fraud_warning.created"
_SPENT = "radar.early_fraud_warning.updated"


@tagged("post_install", "-at_install")
class TestRiskOrders(RiskCommon):
    def _run(self, told):
        """Tell facts one after the other; return what is left, and leave nothing."""
        try:
            with self.env.cr.savepoint():
                for each in told:
                    self.tell(self.platform, each)
                self.assertWhole()
                self.env.flush_all()
                states = self.env["saas.subscription.event"].search([])
                self.assertEqual(set(states.mapped("state")), {"done"})
                raise Undo(read_books(self.platform))
        except Undo as undo:
            self.env.invalidate_all()
            return undo.args[0]

    def test_any_order_ends_the_same(self):
        """A warning, its end, and a review, with the payment, a refund and a dispute
        of it; each order with one fact once more.
        """
        history = [
            self.customer(),
            self.payment(),
            self.flag(9, form="warning", reason="stolen_card"),
            self.flag(11, form="warning", is_actionable=False),
            self.flag(9, ref="F-2", form="review"),
            self.clear(13, ref="F-2", form="review", reason="approved"),
            self.refund(3000),
            facts.Dispute(
                external_id="D-1",
                payment="P-1",
                amount=7000,
                currency="USD",
                exponent=2,
                state="needs_response",
                opened_at=at(11),
                version="1",
            ),
        ]
        expected = self._run(history)
        first, second = expected["risks"]
        self.assertEqual(first[:5], ("F-1", "open", False, False, 70.0))
        self.assertEqual(first[-2:], ("open", 70.0))
        self.assertEqual(second[:2], ("F-2", "cleared"))
        chance = random.Random(SEED)
        for _round in range(12):
            order = [*history, chance.choice(history)]
            chance.shuffle(order)
            with self.subTest(order=[str(fact.kind) for fact in order]):
                self.assertEqual(self._run(order), expected)

    def test_every_order_of_one_risk(self):
        """Of one moment, what goes further counts; and what is told late is late."""
        self.pay()
        told = [
            self.flag(9),
            self.flag(10, is_actionable=False, reason="disputed"),
            self.clear(10, reason="approved"),
            self.flag(9, version="2", reason="rule"),
        ]
        for order in itertools.permutations(told):
            books = self._run([*order, order[0]])
            [found] = books["risks"]
            self.assertEqual(found[1:3], ("cleared", "approved"))
            self.assertEqual(
                found[5:8], ("2026-11-06 09:00:00", "2026-11-06 10:00:00", "none")
            )


@tagged("post_install", "-at_install")
class TestStripeRisks(SaasCommon):
    """The state that each of Stripe's events leads to."""

    def _deliver(self, *names, shape="basil"):
        return self.deliver(*(stripe_fixtures.load(shape, name) for name in names))

    def _read(self):
        risks = self.env["saas.risk"].search([("source_id", "=", self.source.id)])
        return [
            (r.form, r.state, r.reason or "", r.is_actionable, r.amount) for r in risks
        ]

    def test_what_each_event_leads_to(self):
        captured = ("customer.created", "charge.captured")
        paid = ("customer.created", "charge.succeeded")
        stolen = "made_with_stolen_card"
        for names, expected in (
            ((*captured, _WARNED), ("warning", "open", stolen, True, 60.0)),
            ((*captured, _WARNED, _SPENT), ("warning", "open", stolen, False, 60.0)),
            ((*captured, _SPENT, _WARNED), ("warning", "open", stolen, False, 60.0)),
            ((*paid, "review.opened"), ("review", "open", "rule", True, 119.0)),
            (
                (*paid, "review.opened", "review.closed"),
                ("review", "cleared", "approved", False, 119.0),
            ),
            (
                (*paid, "review.closed", "review.opened"),
                ("review", "cleared", "approved", False, 119.0),
            ),
            (
                (*paid, "review.opened", "review.closed-fraud"),
                ("review", "open", "refunded_as_fraud", False, 119.0),
            ),
        ):
            for shape in stripe_fixtures.SHAPES:
                with self.subTest(names=names, shape=shape):
                    try:
                        with self.env.cr.savepoint():
                            self.assertState(self._deliver(*names, shape=shape), "done")
                            self.assertEqual(self._read(), [expected])
                            raise Undo
                    except Undo:
                        self.env.invalidate_all()

    def test_a_reason_that_nobody_knows_stops_nothing(self):
        """Both lists are open: a word is kept as it is, and what is none is not."""
        for closed, state, reason in (
            ("payment_never_settled", "cleared", "payment_never_settled"),
            ("acknowledged", "cleared", "acknowledged"),
            ("a_word_of_2031", "cleared", "a_word_of_2031"),
            ("Jule said so", "cleared", "approved"),
            ("disputed", "open", "disputed"),
        ):
            with self.subTest(closed):
                event = stripe_fixtures.load(
                    "basil", "review.closed", closed_reason=closed
                )
                [fact] = risk.read_review(StripeEvent(event))
                self.assertEqual((fact.state, fact.reason), (state, reason))
        event = stripe_fixtures.load("basil", _WARNED, fraud_type="a_word_of_2031")
        [fact] = risk.read_warning(StripeEvent(event))
        self.assertEqual((fact.state, fact.reason), ("open", "a_word_of_2031"))


@tagged("post_install", "-at_install")
class TestStandardRisks(StandardCommon):
    """The published interface."""

    def _flag(self, **data):
        told = {"id": "F-1", "customer": "C-1", "flagged_at": "2026-11-05T14:20:00Z"}
        return write_event("risk.flagged", {**told, **data})

    def setUp(self):
        super().setUp()
        self.tell(write_event("customer.upserted", {"id": "C-1", "name": "Northlight"}))

    @property
    def risk(self):
        return self.env["saas.risk"].search([("source_id", "=", self.source.id)])

    def test_flagged_cleared_and_flagged_again(self):
        cleared = {"id": "F-1", "customer": "C-1", "cleared_at": "2026-11-06T08:00:00Z"}
        self.tell(write_event("risk.cleared", cleared))
        self.assertEqual(self.risk.state, "cleared")
        self.tell(self._flag(amount=4200, currency="USD", reason="velocity"))
        self.assertEqual(self.risk.state, "cleared")
        again = self._flag(
            flagged_at="2026-11-07T08:00:00Z", amount=4200, currency="USD"
        )
        self.tell(again)
        self.assertEqual((self.risk.state, self.risk.amount), ("open", 42.0))
        self.assertEqual(self.risk.tenant_id.risk, "open")

    def test_what_is_not_as_it_should_be(self):
        """It waits for a person in sight, and stops nobody."""
        for data in (
            {"customer": None},
            {"amount": 4200},
            {"currency": "USD"},
            {"amount": -1, "currency": "USD"},
            {"amount": 42.5, "currency": "USD"},
            {"flagged_at": "yesterday"},
            {"is_actionable": "no"},
            {"payment": ""},
            {"id": ["F-1"]},
            {"reason": {"a": 1}},
        ):
            with self.subTest(data):
                stored = self.tell(self._flag(**data))
                self.assertState(stored, "quarantined", "invalid_payload")
        self.assertFalse(self.risk)

    def test_a_reason_is_a_word(self):
        """What somebody wrote may tell of persons: it is not kept."""
        self.tell(self._flag(reason="Jule Petersen called us"))
        self.assertEqual((self.risk.state, self.risk.reason), ("open", False))
