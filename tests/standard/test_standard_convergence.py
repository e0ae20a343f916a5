"""A customer's year, told by the published interface alone, in any order."""

import json
import random

from odoo.tests import tagged

from ..support.books import Undo, read_books, read_event_states
from ..support.common import FULL, SEED
from .common import BATCH, StandardCommon
from .year import tell_year

_PERMUTATIONS = 60 if FULL else 2


@tagged("post_install", "-at_install", "saas_convergence")
class TestStandardConvergence(StandardCommon):
    def test_any_order(self):
        """Shuffled, repeated and late, alone and in batches: the same books, every
        payout proved, and nothing left in clearing.
        """
        year = tell_year()
        expected = self._run(year, random.Random(SEED))
        states = set(expected["events"].values())
        self.assertEqual(states, {("done", False, False)})
        self.assertEqual({row[2] for row in expected["payouts"]}, {"proved"})
        self.assertEqual(len(expected["payouts"]), 12)
        self.assertEqual(expected["clearing"], 0)
        self.maxDiff = None
        for number in range(_PERMUTATIONS):
            chance = random.Random(f"{SEED} {number}")
            told = [*year, *chance.choices(year, k=len(year) // 3)]
            chance.shuffle(told)
            found = self._run(told, chance)
            for part, want in expected.items():
                with self.subTest(seed=SEED, order=number, part=part):
                    self.assertEqual(found[part], want)

    def _run(self, told, chance):
        """Tell events in requests of random size, and drain now and then; return the
        books, and leave nothing behind.
        """
        left = [json.dumps(event).encode() for event in told]
        try:
            with self.env.cr.savepoint():
                while left:
                    size = chance.choice((1, 1, 2, 7, 20))
                    request, left = left[:size], left[size:]
                    if size == 1:
                        self.send(request[0])
                    else:
                        body = b"[" + b",".join(request) + b"]"
                        self.send(body, {"Content-Type": BATCH})
                    if chance.random() < 0.4 or not left:
                        self.drain()
                self.assertWhole()
                books = read_books(self.source)
                books["events"] = read_event_states(self.source)
                books["clearing"] = self._read_clearing()
                raise Undo
        except Undo:
            return books

    def _read_clearing(self):
        account = self.clearing_journal.default_account_id
        domain = [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        lines = self.env["account.move.line"].search(domain)
        return round(sum(lines.mapped("balance")), 2)
