"""Order and repeats: however a history arrives, the books end the same."""

import random

from odoo.tests import tagged

from ..support import copies, stripe_fixtures
from ..support.books import Undo, read_books, read_event_states
from ..support.common import FULL, SEED, SaasCommon
from ..support.taxes import set_up_taxes

#: For each of the two shapes; a history has more than a hundred events.
PERMUTATIONS = 300 if FULL else 30
#: How many of them share their drains.
_SIDE_BY_SIDE = 30


class ConvergenceCommon(SaasCommon):
    """One customer's whole history as it happened, and shuffled at many others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_up_taxes(cls)

    def _check_any_order(self, shape):
        """Run one customer's whole history as it happened. Then run it at many
        customers side by side, shuffled at each, with repeats and pauses, and compare
        with the first all that was booked at each.
        """
        history = [
            stripe_fixtures.load(shape, name) for name in stripe_fixtures.names(shape)
        ]
        history.sort(key=lambda event: (event["created"], event["id"]))
        expected = self._run([history], random.Random(SEED))
        self.assertTrue(
            expected["moves"] and expected["partials"] and expected["payments"]
        )
        states = expected["events"].values()
        self.assertEqual({state for state, *_rest in states}, {"done"})
        copies.map_taxes(self.source, range(1, _SIDE_BY_SIDE + 1))
        chance = random.Random(f"{SEED} {shape}")
        for start in range(0, PERMUTATIONS, _SIDE_BY_SIDE):
            numbers = range(1, min(_SIDE_BY_SIDE, PERMUTATIONS - start) + 1)
            orders = [copies.shuffle(history, chance, number) for number in numbers]
            found = copies.split(self._run(orders, chance))
            self.assertEqual(sorted(found), [*numbers])
            for number, books in found.items():
                self._check_same(expected, books, shape=shape, order=start + number)

    def _check_same(self, expected, books, **order):
        self.maxDiff = None
        for part, want in expected.items():
            with self.subTest(seed=SEED, part=part, **order):
                self.assertEqual(books[part], want)

    def _run(self, orders, chance):
        """Deliver events, of each order in gulps of random size, with a drain after
        each; return the books and the events' states, and leave nothing behind.
        """
        rounds = [*zip(*orders, strict=True)]
        try:
            with self.env.cr.savepoint():
                while rounds:
                    gulp = chance.randint(1, 20)
                    self.deliver(*(event for each in rounds[:gulp] for event in each))
                    self.analyze()
                    rounds = rounds[gulp:]
                self.assertWhole()
                self._check_settled()
                books = read_books(self.source)
                books["events"] = read_event_states(self.source)
                raise Undo
        except Undo:
            return books

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


@tagged("post_install", "-at_install", "saas_convergence")
class TestConvergenceBefore(ConvergenceCommon):
    def test_any_order_before_basil(self):
        self._check_any_order("before")


@tagged("post_install", "-at_install", "saas_convergence")
class TestConvergenceBasil(ConvergenceCommon):
    def test_any_order_since_basil(self):
        self._check_any_order("basil")
