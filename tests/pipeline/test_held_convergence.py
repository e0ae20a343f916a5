"""However a short history arrives, with one event held back at any place and let go at
any later one, the books end the same.
"""

import random

from odoo.tests import tagged

from ..operations.operating import OperationCommon
from ..support import stripe_fixtures
from ..support.books import Undo, read_books, read_event_states
from ..support.common import FULL, SEED
from ..support.taxes import set_up_taxes

#: An invoice that is paid and partly given back, from the customer to the refund.
_HISTORY = (
    "customer.created",
    "customer.subscription.created",
    "invoice.finalized",
    "charge.succeeded",
    "invoice_payment.paid",
    "invoice.paid",
    "credit_note.created-post_payment",
    "refund.created",
)
_ROUNDS = 120 if FULL else 16


@tagged("post_install", "-at_install", "saas_convergence")
class TestHeldConverges(OperationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_up_taxes(cls)

    def test_any_event_held_at_any_place(self):
        history = [stripe_fixtures.load("basil", name) for name in _HISTORY]
        chance = random.Random(SEED)
        expected = self._run(history, None, chance)
        self.assertTrue(expected["moves"] and expected["payments"])
        states = expected["events"].values()
        self.assertEqual({state for state, *_rest in states}, {"done"})
        for number in range(_ROUNDS):
            order = history + chance.choices(history, k=2)
            chance.shuffle(order)
            held = history[number % len(history)]["id"]
            found = self._run(order, held, chance)
            for part, want in expected.items():
                with self.subTest(seed=SEED, round=number, held=held, part=part):
                    self.assertEqual(found[part], want)

    def _run(self, order, held, chance):
        """Deliver events one after the other, hold one of them back once it has come,
        with or without a drain before, and let it go some events later.
        """
        try:
            with self.env.cr.savepoint():
                let_go_at = None
                for place, payload in enumerate(order):
                    self.store(payload)
                    if chance.random() < 0.6:
                        self.drain()
                    event = self.source._find_event(held) if held else self.events
                    if event and let_go_at is None and self._hold(event, chance):
                        let_go_at = chance.randint(place, len(order))
                    if let_go_at == place:
                        self._let_go(event)
                    if chance.random() < 0.3:
                        self.env["saas.source"]._cron_sweep()
                if let_go_at == len(order):
                    self.drain()
                    self.assertState(event, "parked", "held_by_person")
                    self._let_go(event)
                self.drain()
                self.assertWhole()
                books = read_books(self.source)
                books["events"] = read_event_states(self.source)
                raise Undo
        except Undo:
            return books

    def _hold(self, event, chance):
        """Hold an event back, if it still waits and chance will have it."""
        if event.state == "done" or chance.random() < 0.2:
            return False
        self.begin("hold", events=event)
        return True

    def _let_go(self, event):
        self.begin("release", events=event)
        self.env.flush_all()
        self.env.invalidate_all()
