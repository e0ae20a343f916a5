"""Whatever a life is, and in whatever order its changes become known and are billed,
the books come to the same.

Covers billing/target, billing/booked and models/subscriptions.

The suite plays ten lives, ``FULL=1`` five hundred. ``SEED`` begins with others.
"""

import random
from collections import Counter
from datetime import timedelta
from fractions import Fraction

from odoo.tests import tagged

from ...canonical.catalogue.decimals import write_decimal
from ...canonical.moments import naive
from ...canonical.money import exact
from ...canonical.subscriptions.told import write_moment
from ..preview.previewing import PreviewingMixin
from ..support.common import FULL, SEED
from .common import BillingCommon
from .lives import make_components, make_life

_LIVES = 500 if FULL else 10


@tagged("post_install", "-at_install")
class TestBillingLives(PreviewingMixin, BillingCommon):
    """Random lives, through the models and the ledger."""

    def test_any_order_books_the_same(self):
        """Told in order and billed once, or shuffled, repeated and billed again and
        again, adjusted or replaced: each period is charged the same, and the documents
        come to the charges.
        """
        charged = 0
        for number in range(_LIVES):
            with self.subTest(life=number), self.undone():
                chance = random.Random(f"{SEED}-{number}")
                version = self._make_plan(chance, number)
                changes, end = make_life(chance)
                once = self._live("adjust", version, changes, [end])
                self._check_documents(once)
                told = [*changes, *chance.choices(changes, k=2)]
                chance.shuffle(told)
                moments = [
                    end - timedelta(days=chance.randrange(200)) for _ in range(4)
                ]
                for policy in ("adjust", "replace"):
                    again = self._live(policy, version, told, [*moments, end])
                    self._check_documents(again)
                    self.assertEqual(self._sum_up(again), self._sum_up(once))
                charged += len(self._sum_up(once))
        # Most lives are worth something.
        self.assertGreater(charged, _LIVES)

    def _make_plan(self, chance, number):
        """Return a version of a plan whose components are billed each otherwise."""
        components, prices = make_components(chance)
        return self.create_plan(
            f"lives{number}",
            **{
                component.key: {
                    "kind": "seat",
                    "cadence": component.cadence,
                    "alignment": "calendar" if component.is_calendar else "anchor",
                    "proration": component.proration,
                    "unit_price": write_decimal(prices[component.key][0][1].unit),
                }
                for component in components
            },
        )

    def _live(self, policy, version, changes, cutoffs):
        """Return a tenant who lived so, billed at some moments, while more and more of
        the life is known, and at last when all is.
        """
        tenant = self.create_tenant(f"{policy} {len(cutoffs)}", amendment_policy=policy)
        subscription = self.env["saas.subscription"].create(
            {
                "external_id": f"life {next(self.keys)}",
                "source_id": self.own.id,
                "tenant_id": tenant.id,
                "state": "none",
            }
        )
        size = -(-len(changes) // len(cutoffs))
        for number, cutoff in enumerate(cutoffs):
            part = changes[number * size : (number + 1) * size]
            if part:
                self.env["saas.subscription"]._record_changes(
                    [self._prepare_vals(subscription, version, c) for c in part]
                )
            self.bill(cutoff)
        return tenant

    def _prepare_vals(self, subscription, version, change):
        terms = {}
        if change.terms is not None:
            terms = {
                "version": version.id,
                "currency": "EUR",
                "quantities": {
                    component.code: write_decimal(change.terms.quantity(component.code))
                    for component in version.component_ids
                },
                "zone": change.terms.zone,
            }
        if change.ends_at:
            terms["term"] = {
                "months": 0,
                "start": None,
                "ends_at": write_moment(change.ends_at),
                "auto_renew": False,
                "notice_days": 0,
            }
        return {
            "subscription_id": subscription.id,
            "source_id": self.own.id,
            "kind": change.kind,
            "effective_at": naive(change.effective_at),
            "known": int(change.known_at.timestamp()) * 10**6,
            "key": change.key,
            "part": change.part or False,
            "continues": change.continues or False,
            "withdraws": change.withdraws or False,
            "terms": terms or False,
            "trial_end": naive(change.trial_end) if change.trial_end else False,
        }

    def _sum_up(self, tenant):
        """Return what is charged of each period, in minor units, where that is not
        nothing.
        """
        sums = Counter()
        for charge in self.env["saas.charge"].search([("tenant_id", "=", tenant.id)]):
            period = str(charge.period_start), str(charge.period_end), charge.zone
            sums[charge.component_id.code, *period] += charge.amount
        return {key: amount for key, amount in sums.items() if amount}

    def _check_documents(self, tenant):
        """Check that the documents of a tenant come to its charges."""
        moves = self.get_moves(tenant)
        self.assertEqual(set(moves.mapped("state")) - {"posted"}, set())
        booked = sum(
            (-1 if move.move_type == "out_refund" else 1)
            * exact(move.amount_untaxed, 2)
            for move in moves
        )
        charges = self.env["saas.charge"].search([("tenant_id", "=", tenant.id)])
        self.assertEqual(booked * 100, Fraction(sum(charges.mapped("amount"))))
