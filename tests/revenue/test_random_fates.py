"""Random stories of mirrored invoices in the database: paid, disputed, lost and won,
given up, void, credited for reasons, and moved to other periods, mixed with runs and
lock dates, in any order; beside what only old books have.

Covers ledger/revenue/disputed, ledger/revenue/moved and ledger/revenue/taken_out.
"""

import json
import random
import re
from collections import Counter
from datetime import UTC, datetime

from odoo.tests import tagged

from ...canonical.revenue.recut import Crediting
from ..support import stripe_fixtures
from ..support.common import FULL, SEED
from .common import RevenueCommon

_OWN = re.compile(r"\b(evt|in|il|ch|pi|inpay|dp|txn|cn|cnli|cbtxn)_([A-Za-z0-9]+)")
_CHARGE = ("ch_1M33AEnVLUKvviPFkZ36Vgwn", "pi_1yE2h8kSFz56Q6EbVZboU0bL")
#: Words of the source for why a credit note was issued; the last one is not known.
REASONS = ("duplicate", "order_change", "product_unsatisfactory", "tomorrow")


def stamp(*parts):
    """Return an instant in UTC as seconds."""
    return int(datetime(*parts, tzinfo=UTC).timestamp())


class Story:
    """An invoice of 119.00 of 2 November, and what becomes known of it in November and
    in December, chosen by ``rng``.
    """

    def __init__(self, rng, number):
        self.rng, self.number = rng, number
        self.end = (2026, 11 + rng.randrange(2), 29)
        if rng.random() < 0.7:
            self.end = (2027, rng.randrange(1, 12), rng.randrange(1, 29))
        self.first = [self._load("invoice.finalized")]
        self.later = []
        fate = rng.choice([self._dispute, self._give_up, self._void, self._credit])
        fate()
        if fate == self._dispute and rng.random() < 0.4:
            self._credit()
        if rng.random() < 0.4:
            self._move()

    def _pay(self):
        self.first += map(self._load, ("charge.succeeded", "invoice_payment.paid"))

    def _dispute(self):
        """It is paid, and all or a part of that is lost; it may be won after all."""
        self._pay()
        amount = self.rng.choice([11900, 11900, 5950, 3333])
        day = self.rng.randrange(10, 29)
        lost = ("charge.dispute.closed-appeal_lost", (2026, 11, day), amount)
        self.first.append(self._tell_dispute(*lost))
        if self.rng.random() < 0.5:
            won = (2026, 12, self.rng.randrange(1, 29))
            name = "charge.dispute.closed-appeal_won"
            self.later.append(self._tell_dispute(name, won, amount))

    def _tell_dispute(self, name, day, amount):
        payload = self._load(name)
        told = payload["data"]["object"]
        payload["created"] = stamp(*day)
        told["charge"], told["payment_intent"] = map(self._rename, _CHARGE)
        told["amount"] = amount
        for movement in told["balance_transactions"]:
            sign = -1 if movement["amount"] < 0 else 1
            movement["amount"] = sign * amount
            movement["net"] = movement["amount"] - movement["fee"]
        return payload

    def _give_up(self):
        """It is given up; it may be paid after all, or void."""
        day = self.rng.randrange(5, 29)
        self.first.append(
            self._tell_state("invoice.marked_uncollectible", (2026, 11, day))
        )
        if self.rng.random() < 0.3:
            self._void()

    def _void(self):
        day = (2026, 12, self.rng.randrange(1, 28))
        self.later.append(self._tell_state("invoice.voided", day))

    def _tell_state(self, name, day):
        payload = self._load(name)
        told, own = payload["data"]["object"], self.first[0]["data"]["object"]
        payload["created"] = stamp(*day, 11)
        for key in ("id", "number", "lines", "created", "effective_at"):
            told[key] = own[key]
        times = told["status_transitions"]
        times["finalized_at"] = own["status_transitions"]["finalized_at"]
        for key in ("voided_at", "marked_uncollectible_at"):
            times[key] = times[key] and payload["created"]
        return payload

    def _credit(self):
        """It is paid, and 11.90 of it are given back, for some reason."""
        if len(self.first) == 1:
            self._pay()
        payload = self._load("credit_note.created-balance")
        payload["data"]["object"]["reason"] = self.rng.choice(REASONS)
        self.first.append(payload)

    def _move(self):
        """A newer snapshot says that it is for another period."""
        self.end = (2027, self.rng.randrange(1, 12), self.rng.randrange(1, 29))
        payload = self._load("invoice.finalized")
        payload["id"] += "moved"
        payload["type"] = "invoice.updated"
        payload["created"] = stamp(2026, 12, 28)
        self.later.append(payload)

    def _load(self, name):
        text = json.dumps(stripe_fixtures.load("basil", name))
        payload = json.loads(_OWN.sub(lambda found: self._rename(found[0]), text))
        told = payload["data"]["object"]
        if number := told.get("number"):
            told["number"] = f"{number}-{self.number}"
        for line in told.get("lines", {}).get("data", ()):
            if line.get("period"):
                line["period"] = {"start": stamp(2026, 11, 2), "end": stamp(*self.end)}
        return payload

    def _rename(self, ref):
        return f"{ref}n{self.number}"


@tagged("post_install", "-at_install")
class TestRandomFates(RevenueCommon):
    """Whatever has happened, and in whatever order it became known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["saas.revenue.reason"].create(
            [
                {"source_id": cls.source.id, "word": word, "crediting": each.value}
                for word, each in zip(REASONS, Crediting, strict=False)
            ]
        )

    def test_any_story(self):
        for number in range(30 if FULL else 3):
            rng = random.Random(SEED + number)
            self.company.revenue_on_dispute = rng.choice(["at_loss", "unchanged"])
            stories = [Story(rng, each) for each in range(rng.randrange(1, 4))]
            first = [event for story in stories for event in story.first]
            later = [event for story in stories for event in story.later]
            with self.subTest(seed=SEED + number):
                with self.env.cr.savepoint() as save:
                    expected = self._live(first, later)
                    save.rollback()
                with self.env.cr.savepoint() as save:
                    shuffled = (rng.sample(each, len(each)) for each in (first, later))
                    self.assertEqual(self._live(*shuffled, rng), expected)
                    save.rollback()

    def _live(self, first, later, rng=None):
        """Have events become known, and all of it recognised in the end; return what
        the accounts hold then. ``rng`` mixes runs and lock dates in.
        """
        for events in (first, later):
            for event in events:
                self.assertNotIn(
                    self.deliver(event).state, ("quarantined", "dead"), event["type"]
                )
                if rng and rng.random() < 0.2:
                    self._run(rng)
            if rng and rng.random() < 0.6:
                self.company.fiscalyear_lock_date = "2026-11-30"
        self.assertEqual(
            {*self.env["saas.subscription.event"].search([]).mapped("state")}, {"done"}
        )
        self.company.fiscalyear_lock_date = False
        self.recognize(2029, 1)
        for schedule in self.env["saas.revenue.schedule"].search([]):
            self.assertEqual(
                (
                    sum(schedule.entry_ids.mapped("amount")),
                    sum(schedule.entry_ids.mapped("balance")),
                    schedule.state,
                ),
                (schedule.amount, schedule.balance, "served"),
            )
        self.assertEqual({row.booked for row in self.assertProved()}, {0})
        return self._read_balances()

    def _run(self, rng):
        month = rng.choice([(2026, 11), (2026, 12), (2027, 3)])
        policy = rng.choice(["catch_up", "restate"])
        run = self.recognize(*month, policy)
        locked = self.company.fiscalyear_lock_date
        self.assertFalse([m for m in run.move_ids if locked and m.date <= locked])
        self.assertFalse(self.recognize(*month, policy).entry_ids)
        self.assertProved()

    def _read_balances(self):
        lines = self.env["account.move.line"].search(
            [("parent_state", "=", "posted"), ("company_id", "=", self.company.id)]
        )
        balances = Counter()
        for line in lines:
            name = self.accounts.get(line.account_id, line.account_id.code)
            balances[name] += round(line.balance * 100)
        return {name: cents for name, cents in balances.items() if cents}
