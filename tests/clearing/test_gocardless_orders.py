"""Order and repeats of what GoCardless tells: whenever an object is fetched, and
however old what was fetched is when it is booked, the books end the same.
"""

import random

from odoo.tests import tagged

from ...dev.make_believe.gocardless import month
from ..payments.gocardless_common import GoCardlessCommon
from ..support.books import Undo, read_books
from ..support.common import FULL, SEED

PERMUTATIONS = 60 if FULL else 4


@tagged("post_install", "-at_install", "saas_convergence")
class TestConvergenceGoCardless(GoCardlessCommon):
    """A month as it happened, and the same at other times."""

    def test_any_order_of_snapshots(self):
        """Every object is fetched after each step of the month. These snapshots come in
        any order, with repeats.
        """
        snapshots = self._take_snapshots()
        self.assertGreater(len(snapshots), 120)
        expected = self._run(snapshots, random.Random(SEED))
        self.assertTrue(expected["moves"] and expected["payments"])
        chance = random.Random(f"{SEED} snapshots")
        for number in range(PERMUTATIONS):
            arrivals = snapshots + chance.choices(snapshots, k=len(snapshots) // 4)
            chance.shuffle(arrivals)
            self._check_same(expected, self._run(arrivals, chance), number)

    def test_any_time_of_webhooks(self):
        """Webhooks are lost, late, repeated and out of order; what they are about is
        fetched when they come.
        """
        expected = self._live(random.Random(SEED), is_calm=True)
        self.assertTrue(expected["moves"])
        chance = random.Random(f"{SEED} webhooks")
        for number in range(max(2, PERMUTATIONS // 3)):
            self._check_same(expected, self._live(chance), number)

    def _begin(self):
        self.gocardless.reset(month.make_account())
        self.account = self.gocardless.account
        self.told = 0

    def _take_snapshots(self):
        """Return all that could have been fetched at some time, as the inbox has it."""
        self._begin()
        snapshots, seen = [], set()
        adapter = self.source._get_adapter()
        for _step in month.play(self.account):
            objects = []
            for name in ("payments", "refunds", "payouts"):
                own = [
                    data
                    for ref, data in self.account.objects[name].items()
                    if ref not in self.account.hidden
                ]
                objects += adapter._complete_all(self.source, name, own)
            for ref in self.account.objects["payouts"]:
                pages = list(adapter._read_payout(self.source, ref))
                found = [data for page in pages for data in page.objects]
                objects += found
                objects.append(adapter._prepare_payout_contents(ref, found))
            for envelope, body in adapter._wrap(self.source, objects):
                if envelope.external_id not in seen:
                    seen.add(envelope.external_id)
                    snapshots.append((envelope, body))
        return snapshots

    def _run(self, snapshots, chance):
        """Store snapshots in gulps, with a drain after each; return the books."""
        rest = list(snapshots)
        try:
            with self.env.cr.savepoint():
                while rest:
                    gulp = chance.randint(1, 40)
                    self.source._store_events(rest[:gulp])
                    self.drain()
                    self.analyze()
                    rest = rest[gulp:]
                return self._conclude()
        except Undo as undo:
            return undo.args[0]

    def _live(self, chance, is_calm=False):
        """Live through the month; return the books."""
        self._begin()
        untold = []
        try:
            with self.env.cr.savepoint():
                for _step in month.play(self.account):
                    untold += self.get_untold()
                    if is_calm:
                        self.send(untold)
                        untold = []
                        continue
                    chance.shuffle(untold)
                    cut = chance.randint(0, len(untold))
                    self.send(untold[:cut], size=chance.randint(1, 60))
                    # Some of these come again.
                    untold = untold[cut:] + untold[: cut // 5]
                chance.shuffle(untold)
                self.send(untold)
                return self._conclude()
        except Undo as undo:
            return undo.args[0]

    def _conclude(self):
        """Check that all is settled, and end the run with its books."""
        events = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)]
        )
        waiting = events.filtered(lambda e: e.state not in ("done", "ignored"))
        self.assertFalse([(e.event_type, e.state, e.detail) for e in waiting])
        self.assertProved("PO000001", "PO000002", "PO000003", "PO000004")
        self.assertWhole()
        raise Undo(read_books(self.source))

    def _check_same(self, expected, books, number):
        self.maxDiff = None
        for part, want in expected.items():
            with self.subTest(seed=SEED, part=part, order=number):
                self.assertEqual(books[part], want)
