"""What a tenant may use, by the pure rule: canonical/subscriptions/entitlement."""

import itertools

from odoo.tests import BaseCase, tagged

from ...canonical.subscriptions.entitlement import Feature, Holding, find_entitlement
from ...canonical.subscriptions.states import State

NOTHING = find_entitlement(())


@tagged("post_install", "-at_install")
class TestEntitlementRules(BaseCase):
    def _find(self, *limits, state="active"):
        holdings = [
            Holding(state, (Feature("projects", True, limit),), f"S-{number}")
            for number, limit in enumerate(limits)
        ]
        return find_entitlement(holdings)["limits"]

    def test_limits_add_up_exactly(self):
        self.assertEqual(self._find("20", "0.5"), {"projects": "20.5"})
        most = "9" * 21 + "." + "9" * 12
        self.assertEqual(
            self._find(most, most), {"projects": "1" + "9" * 21 + "." + "9" * 11 + "8"}
        )

    def test_no_limit_beats_all(self):
        self.assertEqual(self._find("20", "", "5"), {"projects": None})

    def test_a_limit_of_zero_is_a_limit(self):
        self.assertEqual(self._find("0"), {"projects": "0"})

    def test_only_what_runs_gives(self):
        given = {state for state in State if self._find("1", state=state)}
        self.assertEqual(given, {State.ACTIVE, State.TRIALING})

    def test_a_suspended_tenant_has_nothing_and_says_so(self):
        held = [Holding("active", (Feature("sso"),), "S-1")]
        self.assertEqual(
            find_entitlement(held, True), {**NOTHING, "is_suspended": True}
        )

    def test_any_order_is_one_state(self):
        held = [
            Holding("active", (Feature("sso"), Feature("projects", True, "3")), "S-2"),
            Holding("trialing", (Feature("api"), Feature("sso")), "S-10"),
            Holding("paused", (Feature("audit"),), "S-3"),
            Holding("active", (Feature("projects", True, "0.1"),), "S-1"),
        ]
        states = [str(find_entitlement(o)) for o in itertools.permutations(held)]
        self.assertEqual(len(set(states)), 1)
        self.assertEqual(
            find_entitlement(held),
            {
                "is_suspended": False,
                "flags": ["api", "sso"],
                "limits": {"projects": "3.1"},
                "subscriptions": ["S-1", "S-10", "S-2"],
            },
        )
