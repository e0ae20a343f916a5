"""Order and repeats: however a history arrives, the books end the same."""

import random

from odoo.tests import tagged

from . import stripe_fixtures
from .books import Undo, read_books, read_event_states
from .common import SaasCommon
from .taxes import set_up_taxes

#: For each of the two shapes; a history has more than a hundred events.
PERMUTATIONS = 30


@tagged("post_install", "-at_install", "saas_convergence")
class TestConvergence(SaasCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_up_taxes(cls)

    def test_any_order_before_basil(self):
        self._check_any_order("before")

    def test_any_order_since_basil(self):
        self._check_any_order("basil")

    def _check_any_order(self, shape):
        """Run one customer's whole history as it happened, then shuffled, with
        repeats and pauses, and compare all that was booked.
        """
        history = [
            stripe_fixtures.load(shape, name) for name in stripe_fixtures.names(shape)
        ]
        history.sort(key=lambda event: (event["created"], event["id"]))
        expected = self._run(history, random.Random(0))
        books, states = expected
        self.assertTrue(books["moves"] and books["partials"] and books["payments"])
        self.assertEqual({state for state, *_rest in states.values()}, {"done"})
        for seed in range(1, PERMUTATIONS + 1):
            chance = random.Random(seed)
            arrivals = history + chance.choices(history, k=len(history) // 4)
            chance.shuffle(arrivals)
            self.maxDiff = None
            for name, (want, got) in enumerate(
                zip(expected, self._run(arrivals, chance), strict=True)
            ):
                with self.subTest(shape=shape, seed=seed, part=name):
                    self.assertEqual(got, want)

    def _run(self, arrivals, chance):
        """Deliver events, in gulps of random size with a drain after each; return
        the books and the events' states, and leave nothing behind.
        """
        try:
            with self.env.cr.savepoint():
                rest = list(arrivals)
                while rest:
                    gulp = chance.randint(1, 20)
                    self.deliver(*rest[:gulp])
                    rest = rest[gulp:]
                self.assertWhole()
                self._check_settled()
                found = read_books(self.source), read_event_states(self.source)
                raise Undo
        except Undo:
            return found

    def _check_settled(self):
        """Nothing is due on what the source says is paid or void, unless a person is
        asked to find the money.
        """
        moves = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("saas_state", "!=", False)]
        )
        over = moves.filtered(lambda move: move.saas_state in ("paid", "void"))
        self.assertTrue(over)
        open_ones = over.filtered(
            lambda m: not m.currency_id.is_zero(m.amount_residual)
        )
        outside = self.env.ref("saas_billing_sync.mail_activity_paid_outside")
        asked = self.env["mail.activity"].search(
            [("activity_type_id", "=", outside.id)]
        )
        self.assertLessEqual(set(open_ones.ids), set(asked.mapped("res_id")))
