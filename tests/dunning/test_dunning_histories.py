"""However what happens on a day is shuffled, and however often the clock strikes, the
same steps are taken, and what is stored is what the books say.
"""

import random
from collections import Counter

from freezegun import freeze_time

from odoo.tests import tagged

from ..support.books import Undo
from ..support.common import FULL, SEED
from .common import DunningCommon, on


@tagged("post_install", "-at_install")
class TestDunningHistories(DunningCommon):
    #: How many histories are tried, each in so many orders.
    _histories, _orders = (30, 4) if FULL else (3, 3)

    def test_orders(self):
        for turn in range(self._histories):
            chance = random.Random(f"{SEED} {turn}")
            days = self._invent(chance)
            found = []
            for order in range(self._orders):
                shuffled = [
                    (day, chance.sample(acts, len(acts)) if order else acts)
                    for day, acts in days
                ]
                found.append(self._play(shuffled, is_repeated=order % 2 == 1))
            with self.subTest(seed=SEED, turn=turn, days=days):
                self.assertTrue(any(found[0].values()))
                for other in found[1:]:
                    self.assertEqual(other, found[0])

    def _invent(self, chance):
        """Return what happens on which days: acts that do not hang on each other on one
        day, each with the number of its invoice.
        """
        bills, days = 0, []
        for day in range(0, 70, 3):
            acts = []
            if chance.random() < 0.25 or not bills:
                acts.append(("owe", bills, chance.randrange(10, 200)))
                bills += 1
            known = range(bills - len(acts))
            for number in chance.sample(known, min(2, len(known))):
                what = chance.choice(
                    ("pay", "pay_part", "undo", "dispute", "settle", "retry", "promise")
                )
                if chance.random() < 0.4:
                    acts.append((what, number, day))
            days.append((day, acts))
        return days

    def _play(self, days, is_repeated):
        """Play a history; return the steps that were taken by day."""
        try:
            with self.env.cr.savepoint():
                told = {}
                self.moves = {}
                for day, acts in days:
                    with freeze_time(f"{on(day)} 09:00:00"):
                        for what, number, more in acts:
                            getattr(self, f"_{what}")(number, more)
                        self.end_transaction()
                    told[day] = self.dun(day)
                    if is_repeated:
                        self._check_repeated(day)
                    self._check_stored(day)
                raise Undo
        except Undo:
            self.env.invalidate_all()
            return told

    def _check_repeated(self, day):
        """Check that jobs and clocks that come twice do nothing."""
        self.assertEqual(self.dun(day), [])
        run = self.env["saas.dunning.run"].search([("day", "=", on(day))])
        with freeze_time(f"{on(day)} 13:00:00"):
            run._job_chunk(0)
            steps = self.env["saas.collections.steps"]
            self.assertFalse(steps._take(self.ada | self.bob))

    def _check_stored(self, day):
        """Check that no step was taken twice, and that states are what the books say:
        each sum less what is disputed, by hand.
        """
        steps = self.env["saas.dunning.step"].search([])
        keys = Counter((s.state_id, s.policy_step_id, s.first_move_id) for s in steps)
        self.assertFalse([key for key, count in keys.items() if count > 1])
        for tenant in self.ada | self.bob:
            own = [m for m in self.moves.values() if m.saas_tenant_id == tenant]
            owed = sum(
                round(move.amount_residual * 100)
                for move in own
                if move.invoice_date_due < on(day) and not move.saas_disputed_note
            )
            self.assertEqual(self.get_state(tenant).amount, owed)
            restricted = any(
                step.action == "restrict"
                and any(
                    m.amount_residual and not m.saas_disputed_note
                    for m in step.move_ids
                )
                for step in steps.filtered(lambda s, t=tenant: s.tenant_id == t)
            )
            self.assertEqual(tenant.is_restricted, restricted)

    # -- what may happen --------------------------------------------------------------

    def _owe(self, number, amount):
        tenant = self.bob if number % 3 == 1 else self.ada
        with freeze_time(f"{on(0)} 09:00:00"):
            self.moves[number] = self.owe(tenant, amount, days=number)

    def _pay(self, number, _day):
        if self.moves[number].amount_residual:
            self.pay(self.moves[number])

    def _pay_part(self, number, _day):
        move = self.moves[number]
        if move.amount_residual > 5:
            self.pay(move, 5)

    def _undo(self, number, _day):
        move = self.moves[number]
        payments = move.matched_payment_ids
        move.line_ids.remove_move_reconcile()
        payments.action_draft()
        payments.action_cancel()

    def _dispute(self, number, _day):
        self.moves[number]._set_saas_disputed("A test.")

    def _settle(self, number, _day):
        self.moves[number]._set_saas_disputed(False)

    def _retry(self, number, day):
        self.moves[number].saas_next_attempt = f"{on(day + 2)} 09:00:00"

    def _promise(self, number, day):
        state = self.get_state(self.moves[number].saas_tenant_id)
        if state.amount:
            state._set_promise(on(day + 4), "A test.", False)
