"""Whatever becomes of collections, in whatever order, how late and how often it is
told: the commands, the invoices and the books end the same.

Covers handlers/notices/collection.
"""

import random
from collections import Counter

from odoo.tests import tagged

from ...canonical.money import exact
from ...canonical.payments.collecting import CollectionReason
from ..support.common import FULL, SEED
from .collecting_common import CollectingCommon, at, needs_customer

_ORDERS = 200 if FULL else 6


@tagged("post_install", "-at_install")
class TestCollectingOrders(CollectingCommon):
    """Each tenant has a fate of its own; what the gateways tell of them is mixed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fates = {
            name.removeprefix("_live_"): getattr(cls, name)
            for name in dir(cls)
            if name.startswith("_live_")
        }
        cls.payers = {}
        for name in cls.fates:
            tenant = cls.create_payer(name, email=f"{name}@fjord.example")
            cls.subscribe(tenant, cls.pro, at(2026, 11, 1))
            cls.payers[name] = tenant

    # -- fates: what happens here, and then the events, oldest first ----------------

    def _live_paid(self, command):
        return [self.paid(command)]

    def _live_taken_back(self, command):
        return [self.paid(command), self.gone(command)]

    def _live_charged_back(self, command):
        reason = CollectionReason.CHARGED_BACK
        return [self.paid(command), self.gone(command, reason=reason)]

    def _live_declined(self, command):
        return [(self.outcome(command, "failed"),)]

    def _live_tried_again(self, command):
        return [
            (self.outcome(command, "failed", day=1),),
            (self.outcome(command, "pending", day=2),),
            self.paid(command, day=3),
        ]

    def _live_linked(self, command):
        ref = f"page_{command.id}"
        return [
            (self.outcome(command, "failed", f"no_{command.id}", day=1),),
            (self.outcome(command, "failed", ref, day=2),),
            self.paid(command, ref, day=3),
        ]

    def _live_linked_late(self, command):
        """Paid on a page that was given up before."""
        command.action_cancel()
        self.run_jobs()
        return [self.paid(command, f"page_{command.id}", day=3)]

    def _live_by_hand(self, command):
        """A person has booked a payment meanwhile."""
        self.pay_by_hand(command.move_id, 35.70)
        return [self.paid(command)]

    def _live_by_hand_in_part(self, command):
        self.pay_by_hand(command.move_id, 10)
        return [self.paid(command), self.gone(command)]

    def _live_twice(self, command):
        """Two payments came of one order, and one of them was taken back."""
        first, second = f"one_{command.id}", f"two_{command.id}"
        return [
            self.paid(command, first, day=1),
            self.paid(command, second, day=2),
            self.gone(command, first),
        ]

    def _live_void(self, command):
        """The invoice was taken back meanwhile."""
        self.credit_by_hand(command.move_id)
        return [self.paid(command)]

    def _live_merged(self, command):
        other = self.create_payer(f"other_{command.id}")
        self.env["saas.customers.merge"]._merge(command.tenant_id, other)
        return [self.paid(command), self.gone(command, day=4)]

    def _live_again(self, command):
        """Declined, and collected anew by a person; the first money comes as well."""
        self.tell(self.gateway, self.outcome(command, "failed", day=1))
        again = self.env["saas.collection"]._request(command.move_id)
        self.run_jobs()
        return [
            (self.outcome(command, "failed", day=1),),
            self.paid(again, day=3),
            self.gone(again, day=5),
            self.paid(command, day=6),
        ]

    # -- the test -------------------------------------------------------------------

    def _begin(self):
        """Bill everybody and let it be collected; return the events by tenant."""
        self.bill(at(2026, 11, 1))
        commands = {
            name: self.get_moves(tenant).saas_collection_ids
            for name, tenant in self.payers.items()
        }
        every = self.env["saas.collection"].union(*commands.values())
        every._job_decide()
        for name, command in commands.items():
            if name.startswith("linked"):
                page = needs_customer(ref=f"page_{command.id}")
                self.stand_in.answers.append(page)
            command._job_send()
        self.run_jobs()
        events = []
        for name, command in commands.items():
            for told in self.fates[name](self, command):
                events.append(self.make_event(*told))
        return events

    def _read_end(self):
        """Return how it ended, by tenant."""
        self.run_jobs()
        self.env.invalidate_all()
        ends = {}
        for name, tenant in self.payers.items():
            tenant = tenant._get_current()
            move = self.env["account.move"].search(
                [
                    ("saas_tenant_id", "=", tenant.id),
                    ("move_type", "=", "out_invoice"),
                ]
            )
            items = self.env["account.move.line"].search(
                [
                    ("partner_id", "in", (tenant.partner_id | move.partner_id).ids),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                ]
            )
            commands = move.saas_collection_ids.sorted("number")
            ends[name] = (
                [(c.state, c.reason or "", c.external_id) for c in commands],
                (move.payment_state, move.amount_residual, move.saas_state),
                sorted(move.activity_ids.mapped("summary")),
                self._read_books(name, items.move_id),
            )
        return ends

    def _read_books(self, name, moves):
        """Return the journal items of moves. Of two contacts who are one, what is open
        goes to and fro as they pay, so what comes of it counts.
        """
        if name != "merged":
            return sorted(self.journal_items(moves))
        sums = Counter()
        for line in moves.line_ids:
            sums[line.partner_id, line.account_id] += exact(line.balance, 2)
        return {key: balance for key, balance in sums.items() if balance}

    def test_any_order(self):
        events = self._begin()
        savepoint = self.env.cr.savepoint()
        for event in events:
            self.deliver(event, source=self.gateway)
        self.drain_all()
        expected = self._read_end()
        self._check_expected(expected)
        for number in range(_ORDERS):
            savepoint.rollback()
            self.env.invalidate_all()
            chance = random.Random(SEED + number)
            told = chance.sample(events, len(events))
            told += chance.sample(events, len(events) // 3)
            while told:
                # Some come together, and then there is time for what follows.
                page = [told.pop(0) for _event in told[: chance.randint(1, 6)]]
                self.store(*page, source=self.gateway)
                if chance.random() < 0.7:
                    self.drain_all()
                    self.run_jobs()
            self.drain_all()
            ends = self._read_end()
            for name, end in expected.items():
                with self.subTest(name, order=SEED + number):
                    self.assertEqual(ends[name], end)
        self.assertWhole(self.gateway)
        self.assertWhole(self.own)

    def _check_expected(self, ends):
        """Check the end of the story that is told in order."""
        states = {name: end[0][0][:2] for name, end in ends.items()}
        self.assertEqual(
            states,
            {
                "paid": ("succeeded", ""),
                "taken_back": ("failed", "failed_late"),
                "charged_back": ("failed", "charged_back"),
                "declined": ("failed", "declined"),
                "tried_again": ("succeeded", ""),
                "linked": ("succeeded", ""),
                "linked_late": ("succeeded", ""),
                "by_hand": ("succeeded", ""),
                "by_hand_in_part": ("failed", "failed_late"),
                "twice": ("succeeded", ""),
                "void": ("succeeded", ""),
                "merged": ("failed", "failed_late"),
                "again": ("succeeded", ""),
            },
        )
        residuals = {name: end[1][1] for name, end in ends.items() if end[1][1]}
        self.assertEqual(
            residuals,
            {
                "taken_back": 35.70,
                "charged_back": 35.70,
                "declined": 35.70,
                "by_hand_in_part": 25.70,
                "merged": 35.70,
            },
        )
