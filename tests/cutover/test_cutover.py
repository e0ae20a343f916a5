"""An account that was used before: nothing of the old books is booked once more.

Covers adapters/stripe/cutover/opening, adapters/stripe/cutover/opening_reader,
handlers/cutover/cutover, handlers/cutover/cutover_clearing and
handlers/cutover/opening.
"""

import random

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.books import Undo
from ..support.common import FULL, SEED
from ..support.pulling import CutoverCommon
from . import cases, clearing_cases

_CASES = {**cases.CASES, **clearing_cases.CASES}
_ORDERS = 80 if FULL else 8


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
            ("opening_voided", case in [_CASES[each] for each in voided]),
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
    for name, case in _CASES.items():
        for shape in case.shapes:

            def test(self, case=case, shape=shape):
                self._check_case(case, shape)

            setattr(TestCutover, f"test_{name}_{shape}", test)


_add_tests()
