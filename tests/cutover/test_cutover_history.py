"""A whole account with a cut-over: however it arrives, the books end the same."""

import random

from odoo.tests import tagged

from ..clearing.test_clearing import load_story
from ..support import copies, stripe_fixtures
from ..support.books import Undo, read_books
from ..support.common import FULL, SEED
from ..support.pulling import CutoverCommon
from ..support.taxes import set_up_taxes

#: Orders that share their drains, and groups of them, for each shape and cut-over.
_SIDE_BY_SIDE = 5
GROUPS = 10 if FULL else 1
#: More than enough jobs for all of them.
_JOBS = 10_000
_MONTHS = {"before": "2024-06", "basil": "2026-11"}


class CutoverHistoryCommon(CutoverCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_up_taxes(cls)

    def _check_nothing_booked(self, shape):
        """All of it is older than the cut-over: what was open then is all there is."""
        self.source.cutover_date = "2027-06-01"
        receivable = self.company_data["default_account_receivable"]
        accounts = [receivable.code, "SAAS.OPEN"]
        expected = self._check_same(shape)
        for key, _state, _paid, _name, lines in expected["moves"]:
            self.assertEqual((key[0], key[3]), ("entry", "2027-06-01"))
            self.assertEqual([line[0] for line in lines], accounts)
        self.assertFalse(expected["partials"])
        self.assertFalse(expected["payments"])
        self.assertFalse(expected["waiting"])

    def _check_any_order(self, shape):
        self.source.cutover_date = f"{_MONTHS[shape]}-11"
        expected = self._check_same(shape)
        self.assertTrue(expected["moves"] and expected["payments"])

    def _check_same(self, shape):
        """Run one customer's history as it happened, and shuffled at other customers
        side by side; compare what was booked at each with the first, and return that.
        """
        history = [
            stripe_fixtures.load(shape, name) for name in stripe_fixtures.names(shape)
        ]
        history.sort(key=lambda event: (event["created"], event["id"]))
        self._hold_all(shape, history)
        expected = self._run([history], random.Random(SEED))
        # Some things are read by their type, whosever they are.
        self.api.reset()
        numbers = range(1, _SIDE_BY_SIDE + 1)
        copies.map_taxes(self.source, numbers)
        for number in numbers:
            self._hold_all(shape, copies.mark(history, number))
        chance = random.Random(f"{SEED} {shape}")
        self.maxDiff = None
        for group in range(GROUPS):
            orders = [copies.shuffle(history, chance, number) for number in numbers]
            found = copies.split(self._run(orders, chance))
            self.assertEqual(sorted(found), [*numbers])
            for number, books in found.items():
                for part, want in expected.items():
                    with self.subTest(seed=SEED, order=(group, number), part=part):
                        self.assertEqual(books[part], want)
        return expected

    def _run(self, orders, chance):
        """Deliver events, of each order in gulps of random size; return the books, and
        leave nothing behind.
        """
        rounds = [*zip(*orders, strict=True)]
        try:
            with self.env.cr.savepoint():
                while rounds:
                    gulp = chance.randint(1, 20)
                    self.deliver(*(event for each in rounds[:gulp] for event in each))
                    self.analyze()
                    rounds = rounds[gulp:]
                    if chance.random() > 0.7:
                        self.run_jobs(_JOBS)
                self._finish()
                self.assertWhole()
                books = {**read_books(self.source), "waiting": self._get_waiting()}
                raise Undo
        except Undo:
            self.env.invalidate_all()
            return books

    def _hold_all(self, shape, history):
        """Let Stripe know all of a history, and what each payout consists of."""
        self.hold(shape, history)
        held = {event["data"]["object"].get("id"): event for event in history}
        for event in history:
            for part in event["data"]["object"].get("transactions") or ():
                data = held[part["id"]]["data"]["object"]
                self.api.put({**data, "_payout": event["data"]["object"]["id"]})

    def _finish(self):
        for _round in range(3):
            self.run_jobs(_JOBS)
            self.pass_time(11)
            self.env["saas.source"]._cron_sweep()
            self.run_jobs(_JOBS)

    def _get_waiting(self):
        """Return what a person has to see to, and what waits in vain."""
        events = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)]
        )
        failed = events.filtered(lambda event: event.reason == "posting_failed")
        self.assertFalse(failed, failed.mapped("trace"))
        return sorted(
            (
                event.external_id,
                event.event_type,
                event.state,
                event.reason or event.waiting_for,
            )
            for event in events
            if event.state not in ("done", "ignored")
            and not event.event_type.startswith("pulled.")
        )


@tagged("post_install", "-at_install", "saas_convergence")
class TestCutoverHistoryBefore(CutoverHistoryCommon):
    def test_nothing_is_booked_before_basil(self):
        self._check_nothing_booked("before")

    def test_any_order_before_basil(self):
        self._check_any_order("before")


@tagged("post_install", "-at_install", "saas_convergence")
class TestCutoverHistoryBasil(CutoverHistoryCommon):
    def test_nothing_is_booked_since_basil(self):
        self._check_nothing_booked("basil")

    def test_any_order_since_basil(self):
        self._check_any_order("basil")


@tagged("post_install", "-at_install", "saas_convergence")
class TestCutoverPayout(CutoverHistoryCommon):
    def test_payout_from_before_and_since(self):
        payout = self._book_story("16")
        self.assertEqual((payout.proof_state, payout.old_count), ("cutover", 18))
        self.assertIn("18 of its transactions are from before", payout.proof_hint)
        self.assertTrue(payout.move_id)

    def test_payout_with_something_not_booked_since(self):
        """The refund that came back is of the old books: a person has to look."""
        payout = self._book_story("14")
        self.assertEqual(payout.proof_state, "not_proved")
        self.assertIn("from before the cut-over on 2026-11-14", payout.proof_hint)

    def test_payout_before(self):
        payout = self._book_story("25")
        self.assertEqual(payout.proof_state, "cutover")
        self.assertIn("It arrived before the cut-over", payout.proof_hint)
        self.assertFalse(payout.move_id)

    def _book_story(self, day):
        """Book what moves the balance; return the payout that consists of it."""
        self.source.cutover_date = f"2026-11-{day}"
        events = load_story("basil")
        self._hold_all("basil", events)
        self.deliver(*events)
        self._finish()
        name = stripe_fixtures.object_id("basil", "payout.paid")
        return self.env["saas.payout"].search([("external_id", "=", name)])
