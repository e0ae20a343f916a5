"""However a platform, a gateway and a product tell one customer's year, whenever they
are linked, and whenever a person says who is billed: the books end the same.

Covers handlers/payments/money_links and handlers/payments/alias.
"""

import random
from collections import Counter
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ...canonical.kinds import Kind
from ..payments.two_sources import TwoSourcesCommon
from ..support import copies
from ..support.books import Undo, read_books, read_event_states
from ..support.common import FULL, SEED
from .hub_year import HubYear

#: For each of the two classes, so that two processes can play all of them.
PERMUTATIONS = 1000 if FULL else 100
#: How many of them share their drains, and the moments at which people decide.
_SIDE_BY_SIDE = 50


#: What each kind of fact adds to what a source holds.
_SIGNS = {Kind.PAYMENT: 1, Kind.PAYMENT_FAILURE: -1, Kind.REFUND: -1}


def _is_held_elsewhere(name, fact):
    """Return whether a gateway holds the money that a platform tells of."""
    ref = getattr(fact, "gateway_ref", None)
    return name == "platform" and not (ref and ref.system == "till")


class HubConvergenceCommon(TwoSourcesCommon):
    """Tells a year as it happened, and shuffled at many other customers. Each class
    leaves other fates out, and the two of them tell all.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        drain = type(cls.env["saas.drain"])
        cls.startClassPatcher(patch.object(drain, "_batch_size", 1000))
        journal = cls._create_clearing_journal("Product clearing", "PRD")
        cls.product = cls._create_source(
            name="Product", clearing_journal_id=journal.id, match_policy="email"
        )
        cls.sources |= cls.product

    def _check_any_order(self, share):
        chance = random.Random(f"{SEED} {share}")
        whole = {1: HubYear(self, 1, share).tell()}
        [(_number, expected)] = self._run(whole, (0, 1), chance)
        self.assertGreaterEqual(len(expected["events"]), 60)
        open_events = {k: v for k, v in expected["events"].items() if v[0] != "done"}
        self.assertFalse(open_events)
        self.assertTrue(expected["partials"] and expected["payments"])
        self.assertEqual(len(expected["transfers"]), 3, "what the group has paid")
        for start in range(0, PERMUTATIONS, _SIDE_BY_SIDE):
            years = {}
            for number in range(1, _SIDE_BY_SIDE + 1):
                year = HubYear(self, number, share).tell()
                # What is told again has an event of its own.
                year += chance.choices(year, k=len(year) // 8)
                chance.shuffle(year)
                years[number] = year
            # When the sources are linked, and when the group is said to be billed.
            decided = [
                chance.choice([0, chance.random(), chance.random(), 1]) for _ in "12"
            ]
            for number, books in self._run(years, decided, chance):
                self._check_same(expected, books, start + number, decided)

    def _check_same(self, expected, books, order, decided):
        self.maxDiff = None
        for part, want in expected.items():
            with self.subTest(seed=SEED, part=part, order=order, decided=decided):
                found = books[part]
                if part == "events":
                    found, want = {*found.values()}, {*want.values()}
                elif isinstance(want, Counter):
                    found, want = (
                        [*map(repr, rest)] for rest in (found - want, want - found)
                    )
                self.assertEqual(found, want)

    def _run(self, years, decided, chance):
        """Tell years side by side, in gulps, with drains after each; let a person link
        the sources, and say who is billed, when a share of all is told.

        :return: pairs of the customer's number and the books, and leave nothing behind.
        """
        rounds = [*zip(*years.values(), strict=True)]
        linked_at, billed_at = (round(share * len(rounds)) for share in decided)
        done, is_linked, books = 0, False, {}
        try:
            with self.env.cr.savepoint():
                while done < len(rounds) or not is_linked:
                    if done >= linked_at and not is_linked:
                        self.gateway.issuer_ids = [Command.link(self.platform.id)]
                        self.run_linking()
                        is_linked = True
                    gulp = rounds[done : done + chance.randint(1, 20)]
                    done += len(gulp)
                    self._deliver([event for each in gulp for event in each], chance)
                    if done >= billed_at:
                        self._bill_groups()
                self._bill_groups()
                for source in self.sources:
                    self.assertWhole(source)
                self._check_held(rounds)
                books = self._read()
                raise Undo
        except Undo:
            self.env.invalidate_all()
        return copies.split(books).items()

    def _check_held(self, rounds):
        """Each source's clearing has what that source holds by what it told of its own
        money. What another one holds, and tells itself, is in none twice.
        """
        told = {
            (name, fact.kind, fact.external_id): fact
            for each in rounds
            for name, facts in each
            for fact in facts
            if fact.kind in _SIGNS and not _is_held_elsewhere(name, fact)
        }
        held = Counter()
        for (name, kind, _ref), fact in told.items():
            held[name] += _SIGNS[kind] * fact.amount
        self.assertTrue(held["gateway"] and held["platform"])
        for name in ("gateway", "platform", "product"):
            source = getattr(self, name)
            account = source.clearing_journal_id.default_account_id
            balance = self.company.currency_id.round(account.current_balance)
            with self.subTest(seed=SEED, source=name):
                self.assertEqual(balance, held[name] / 100)

    def _bill_groups(self):
        """Let each tenant that is known to be a part of a group be billed to it."""
        domain = [("parent_id", "!=", False), ("bill_to_id", "=", False)]
        for tenant in self.env["saas.tenant"].search(domain):
            tenant.bill_to_id = tenant.parent_id
            tenant._job_settle()
        self.drain_all()

    def _deliver(self, events, chance):
        """Store events; drain the sources in either order, once or until all rests."""
        for name, told in events:
            mark = told[0].external_id.partition("copy")[2]
            event_id = f"evt_{next(self.numbers)}copy{mark}"
            self.store(
                self.make_event(*told, event_id=event_id), source=getattr(self, name)
            )
        every = [*self.sources]
        chance.shuffle(every)
        for source in every:
            self.drain(source)
            self.analyze()
        self.drain_all()

    def _read(self):
        books = read_books(self.gateway)
        for source in (self.platform, self.product):
            other = read_books(source)
            books["payments"] += other["payments"]
            books["subscriptions"] += other["subscriptions"]
        tenants = self.env["saas.tenant"].search([("company_id", "=", self.company.id)])
        books["tenants"] = sorted(
            (t.name, t.partner_id.email, t.parent_id.name, t.bill_to_id.name)
            for t in tenants
        )
        books["usage"] = sorted(
            (u.external_id, u.stated_quantity, u.tenant_id.name)
            for u in self.env["saas.usage.record"].search([])
        )
        books["transfers"] = sorted(
            (b.external_id, b.parent_ref)
            for b in self.env["saas.binding"].search(
                [("kind", "=", Kind.RECEIVABLE_TRANSFER)]
            )
        )
        books["events"] = {}
        for source in self.sources:
            books["events"] |= read_event_states(source)
        return books


@tagged("post_install", "-at_install", "saas_convergence")
class TestHubConvergence(HubConvergenceCommon):
    def test_any_order(self):
        self._check_any_order(0)


@tagged("post_install", "-at_install", "saas_convergence")
class TestHubConvergenceToo(HubConvergenceCommon):
    def test_any_order(self):
        self._check_any_order(1)
