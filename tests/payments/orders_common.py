"""Delivers one story in many orders, and compares the books by what they come to."""

import itertools
import random

from ...canonical.money import exact
from ..support import stripe_fixtures
from ..support.books import Undo
from ..support.common import FULL, SEED, SaasCommon


class OrdersCommon(SaasCommon):
    """However the events of a story arrive, the books come to the same: by account and
    day, and by what is open of which document. Only into how many entries they are cut
    may depend on the order.
    """

    #: How many orders of a story are tried.
    _orders = 120 if FULL else 10

    def make(self, name, number=0, shape="basil", created=None, /, **changes):
        """Return an event of a fixture with another object, or at another moment.

        :param number: tells events of one fixture apart.
        """
        event = stripe_fixtures.load(shape, name, **changes)
        event["id"] += f"_{number}"
        event["created"] = created or event["created"]
        return event

    def check_orders(self, events, expected, before=()):
        """Deliver events in several orders, one by one and at once, and compare.

        :param expected: lines as :meth:`sums` returns them.
        :param before: events that come first, in any case.
        """
        self.maxDiff = None
        for order, at_once in self._pick(events):
            told = self._tell([*before, *order], at_once)
            with self.subTest(
                seed=SEED, order=[event["id"] for event in order], at_once=at_once
            ):
                self.assertEqual(told, expected)

    def _pick(self, events):
        """Yield orders: as it happened, backwards, and random ones."""
        orders = [*itertools.islice(itertools.permutations(events), 5000)]
        chosen = random.Random(SEED).sample(orders, min(self._orders, len(orders)))
        for order in (events, events[::-1], *chosen):
            yield order, False
        yield events, True
        yield events[::-1], True

    def _tell(self, events, at_once):
        try:
            with self.env.cr.savepoint():
                if at_once:
                    self.deliver(*events)
                else:
                    for event in events:
                        self.deliver(event)
                self._check_done()
                self.assertWhole()
                told = self.sums()
                raise Undo
        except Undo:
            self.env.invalidate_all()
            return told

    def _check_done(self):
        self.assertState(
            self.env["saas.subscription.event"].search(
                [("source_id", "=", self.source.id)]
            ),
            "done",
        )

    def sums(self):
        """Return what the books come to, as texts: each day's change of each account,
        and what is open of each object.
        """
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")]
        )
        changes, open_items = {}, {}
        for line in lines:
            places = line.currency_id.decimal_places
            name = self.accounts.get(line.account_id) or line.account_id.code
            key = (str(line.date), name, line.currency_id.name)
            amount = exact(line.amount_currency, places)
            changes[key] = changes.get(key, 0) + amount
            if name == "AR":
                move, payment = line.move_id, line.payment_id
                ref = move.saas_external_id or payment.saas_external_id or move.ref
                ref = ref or "other"
                ref = ref.partition("_")[0] + "_" + ref[-4:]
                rest = exact(line.amount_residual_currency, places)
                open_items[ref] = open_items.get(ref, 0) + rest
        return [
            *(f"{d} {n} {v:+f} {c}" for (d, n, c), v in sorted(changes.items()) if v),
            *(f"open {ref} {v:+f}" for ref, v in sorted(open_items.items()) if v),
        ]
