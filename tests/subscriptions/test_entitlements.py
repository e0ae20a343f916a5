"""What a tenant may use follows from all that it holds, in whatever order it was told:
models/subscriptions/entitlement.
"""

import itertools
import os
from collections import Counter

from odoo.exceptions import AccessError
from odoo.sql_db import Cursor
from odoo.tests import BaseCase, tagged

from ..support.live import create_database, find_trouble, run_script
from ..support.session import create_person
from .entitling import NOTHING, EntitlementCommon, at

#: In a database of its own, so that transactions can really commit.
_SCRIPT = """
from odoo import Command, api
from psycopg2.errors import SerializationFailure

plan = env["saas.plan"].create({{"name": "Team", "code": "team"}})
feature = {{"code": "projects", "kind": "limit", "value": "20"}}
version = env["saas.plan.version"].create(
    {{"plan_id": plan.id, "feature_ids": [Command.create(feature)]}}
)
vals = {{"name": "Own", "adapter": "standard", "tz": "UTC"}}
source = env["saas.source"].create(vals)
partner = env["res.partner"].create({{"name": "Northlight"}})
tenant = env["saas.tenant"].create({{"name": "Northlight", "partner_id": partner.id}})
held = {{
    "source_id": source.id,
    "tenant_id": tenant.id,
    "plan_version_id": version.id,
    "is_managed": True,
    "state": "pending",
}}
subscriptions = env["saas.subscription"].create(
    [{{**held, "external_id": "S-1"}}, {{**held, "external_id": "S-2"}}]
)
env.cr.commit()


def change(own, subscription, state):
    own["saas.subscription"].browse(subscription.id).state = state
    own["saas.entitlement"]._refresh(own["saas.tenant"].browse(tenant.id))


for state in ("active", "canceled"):
    with env.registry.cursor() as cr:
        cr.execute("SELECT 1")
        late = api.Environment(cr, 1, {{}})
        change(env, subscriptions[0], state)
        env.cr.commit()
        try:
            change(late, subscriptions[1], state)
        except SerializationFailure:
            print("REFUSED", state)
        cr.rollback()
    change(env, subscriptions[1], state)
    env.cr.commit()
    entitlement = tenant.entitlement_ids
    print("NOW", state, entitlement.number, entitlement.state["limits"])
"""


@tagged("post_install", "-at_install")
class TestEntitlements(EntitlementCommon):
    # -- each state of a life ----------------------------------------------------------

    def test_each_state_of_a_life(self):
        self.tell(
            self.use(
                moment=at(2026, 12, 1), told=at(2026, 11, 1), trial_end=at(2026, 12, 20)
            ),
            self.event("paused", at(2027, 2, 1), told=at(2026, 11, 2)),
            self.event("resumed", at(2027, 3, 1), told=at(2026, 11, 3)),
            self.event("canceled", at(2027, 5, 1), told=at(2026, 11, 4)),
        )
        subscription, seen = self.find(), []
        for moment in (
            *("2026-11-28", "2026-12-01", "2026-12-20", "2027-02-01", "2027-03-01"),
            "2027-05-01",
        ):
            self.pass_time(f"{moment} 00:00:00")
            seen.append((subscription.state, bool(self.uses), self.entitlement.number))
        self.assertEqual(
            seen,
            [
                ("pending", False, 0),
                ("trialing", True, 1),
                # What it may use is the same, and nobody is told so again.
                ("active", True, 1),
                ("paused", False, 2),
                ("active", True, 3),
                ("canceled", False, 4),
            ],
        )
        self.assertEqual(str(self.entitlement.changed_at), "2027-05-01 00:00:00")

    def test_a_change_of_plan_counts_at_once(self):
        self.tell(self.use())
        self.assertEqual(self.uses, ("sso", "projects=20"))
        self.tell(
            self.event("changed", at(2026, 11, 1), **self.held(plan="open")),
        )
        self.assertEqual(self.uses, ("audit", "projects=None"))

    def test_what_a_person_does_counts_at_once(self):
        self.tell(self.use())
        reviewer = create_person(self, "amender", "reviewer")
        subscription = self.find().with_user(reviewer)
        self.env["saas.subscription.amend"].with_user(reviewer).create(
            {"subscription_id": subscription.id, "kind": "pause", "note": "Asked for"}
        ).action_apply()
        self.assertEqual((subscription.state, self.uses), ("paused", ()))

    # -- several of one tenant ---------------------------------------------------------

    def test_limits_of_several_add_up(self):
        self.tell(self.use(), self.use("S-2", "extra"))
        self.assertEqual(self.uses, ("sso", "projects=25"))
        self.tell(self.use("S-3", "open"))
        self.assertEqual(self.uses, ("audit", "sso", "projects=None"))
        self.tell(self.event("canceled", at(2026, 11, 1), "S-3"))
        self.assertEqual(self.uses, ("sso", "projects=25"))

    def test_any_order_ends_in_the_same(self):
        """Whatever is told first: the state is the same, and its number only rises."""
        self.listen()
        changes = [
            self.use(),
            self.use("S-2", "extra"),
            self.event("changed", at(2026, 3, 1), **self.held(plan="open")),
            self.event("paused", at(2026, 4, 1), "S-2"),
            self.event("canceled", at(2026, 5, 1)),
            self.event("resumed", at(2026, 6, 1), "S-2"),
        ]
        ends = set()
        orders = list(itertools.permutations(changes))
        for order in orders[:: len(orders) // 40]:
            with self.env.cr.savepoint(flush=True) as savepoint:
                self.tell(*order, order[2])
                self.assertNumbersRise()
                ends.add(str(sorted(self.entitlement.state.items())))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(len(ends), 1)
        self.assertIn("'projects': '5'", ends.pop())

    def test_a_batch_is_the_same_as_one_by_one(self):
        self.tell(self.use(), self.use("S-2", "extra"), batch=True)
        self.assertEqual(self.uses, ("sso", "projects=25"))

    def test_nobody_writes_it(self):
        self.tell(self.use())
        reviewer = create_person(self, "writer", "reviewer", "manager")
        entitlement = self.entitlement.with_user(reviewer)
        self.assertEqual(entitlement.number, 1)
        for vals in ({"number": 9}, {"state": {}}):
            with self.assertRaises(AccessError):
                entitlement.write(vals)
        with self.assertRaises(AccessError):
            entitlement.unlink()

    # -- two tenants become one --------------------------------------------------------

    def test_merged_tenants_have_both(self):
        """The number is higher than either had, whichever name it is asked by."""
        self.listen()
        self.tell(self.use())
        loser = self.merge("C-2", "C-1")
        self.assertEqual(self.uses, ("sso", "projects=25"))
        self.assertEqual(self.entitlement.number, 2)
        self.assertFalse(loser.entitlement_ids)
        self.assertEqual(self.told[-1]["state"], self.entitlement.state)

    # -- how much it costs -------------------------------------------------------------

    def test_queries_do_not_grow(self):
        """Many tenants with many subscriptions take as many queries as one."""
        counts = []
        for first, last in ((10, 12), (12, 42)):
            told = []
            for number in range(first, last):
                customer = f"C-{number}"
                self.meet(customer, f"Light {number}")
                told += [
                    self.use(f"S-{number}-{part}", customer=customer)
                    for part in range(2)
                ]
            self.tell(*told, batch=True)
            tenants = self.env["saas.tenant"].search([("name", "like", "Light")])
            tenants = tenants[-(last - first) :]
            self.env["saas.entitlement"].search([]).write({"state": NOTHING})
            counts.append(self._count(tenants))
        self.assertLessEqual(counts[1].total(), counts[0].total() + 2, counts)

    def _count(self, tenants):
        self.env.flush_all()
        self.env.invalidate_all()
        queries = Counter()
        original = Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            queries[str(getattr(query, "code", query))[:140]] += 1
            return original(cursor, query, *args, **kwargs)

        self.patch(Cursor, "execute", execute)
        self.env["saas.entitlement"]._refresh(tenants)
        self.env.flush_all()
        Cursor.execute = original
        return queries


@tagged("post_install", "-at_install")
class TestEntitlementsAtOnce(BaseCase):
    def test_who_comes_late_fails_and_is_tried_again(self):
        name = create_database(type(self), os.environ.get("SAAS_TEMPLATE"))
        log = run_script(name, _SCRIPT.format())
        self.assertFalse(find_trouble(log))
        for state in ("active", "canceled"):
            self.assertIn(f"REFUSED {state}", log)
        self.assertIn("NOW active 2 {'projects': '40'}", log)
        self.assertIn("NOW canceled 4 {}", log)
