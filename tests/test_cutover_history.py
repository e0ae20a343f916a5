"""A whole account with a cut-over: however it arrives, the books end the same."""

import random

from odoo.tests import tagged

from . import stripe_fixtures
from .books import Undo, read_books
from .pulling import CutoverCommon
from .taxes import set_up_taxes
from .test_clearing import load_story

PERMUTATIONS = 6
_MONTHS = {"before": "2024-06", "basil": "2026-11"}


@tagged("post_install", "-at_install", "saas_convergence")
class TestCutoverHistory(CutoverCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_up_taxes(cls)

    def test_nothing_is_booked_before_basil(self):
        self._check_nothing_booked("before")

    def test_nothing_is_booked_since_basil(self):
        self._check_nothing_booked("basil")

    def test_any_order_before_basil(self):
        self._check_any_order("before")

    def test_any_order_since_basil(self):
        self._check_any_order("basil")

    def _check_nothing_booked(self, shape):
        """All of it is older than the cut-over: what was open then is all there is."""
        self.source.cutover_date = "2027-06-01"
        receivable = self.company_data["default_account_receivable"]
        accounts = [receivable.code, "SAAS.OPEN"]
        expected = self._run(shape, 0)
        for key, _state, _paid, _name, lines in expected["moves"]:
            self.assertEqual((key[0], key[3]), ("entry", "2027-06-01"))
            self.assertEqual([line[0] for line in lines], accounts)
        self.assertFalse(expected["partials"])
        self.assertFalse(expected["payments"])
        self.assertFalse(expected["waiting"])
        self._check_same(shape, expected)

    def _check_any_order(self, shape):
        self.source.cutover_date = f"{_MONTHS[shape]}-11"
        expected = self._run(shape, 0)
        self.assertTrue(expected["moves"] and expected["payments"])
        self._check_same(shape, expected)

    def _check_same(self, shape, expected):
        self.maxDiff = None
        for seed in range(1, PERMUTATIONS):
            books = self._run(shape, seed)
            for part, want in expected.items():
                with self.subTest(seed=seed, part=part):
                    self.assertEqual(books[part], want)

    def _run(self, shape, seed):
        """Deliver all fixtures, as they happened or shuffled with repeats; return the
        books, and leave nothing behind.
        """
        history = [
            stripe_fixtures.load(shape, name) for name in stripe_fixtures.names(shape)
        ]
        history.sort(key=lambda event: (event["created"], event["id"]))
        self.hold(shape, history)
        self._hold_payouts(history)
        chance = random.Random(seed)
        if seed:
            history += chance.choices(history, k=len(history) // 4)
            chance.shuffle(history)
        try:
            with self.env.cr.savepoint():
                while history:
                    gulp = chance.randint(1, 20)
                    self.deliver(*history[:gulp])
                    history = history[gulp:]
                    if chance.random() > 0.7:
                        self.run_jobs()
                self._finish()
                self.assertWhole()
                books = {**read_books(self.source), "waiting": self._get_waiting()}
                raise Undo
        except Undo:
            self.env.invalidate_all()
            return books

    def _hold_payouts(self, history):
        """Let Stripe know what each payout consists of."""
        held = {event["data"]["object"].get("id"): event for event in history}
        for event in history:
            for part in event["data"]["object"].get("transactions") or ():
                data = held[part["id"]]["data"]["object"]
                self.api.put({**data, "_payout": event["data"]["object"]["id"]})

    def _finish(self):
        for _round in range(3):
            self.run_jobs()
            self.pass_time(11)
            self.env["saas.source"]._cron_sweep()
            self.run_jobs()

    def _get_waiting(self):
        """Return what a person has to see to, and what waits in vain."""
        events = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)]
        )
        failed = events.filtered(lambda event: event.reason == "posting_failed")
        self.assertFalse(failed, failed.mapped("trace"))
        return sorted(
            (event.event_type, event.state, event.reason or event.waiting_for)
            for event in events
            if event.state not in ("done", "ignored")
            and not event.event_type.startswith("pulled.")
        )

    # -- payouts --------------------------------------------------------------

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
        self.hold("basil", events)
        self._hold_payouts(events)
        self.deliver(*events)
        self._finish()
        name = stripe_fixtures.object_id("basil", "payout.paid")
        return self.env["saas.payout"].search([("external_id", "=", name)])
