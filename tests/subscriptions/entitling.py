"""A tenant that holds plans with features, and somebody who is told what it may use."""

from odoo import Command

from ...canonical.subscriptions.entitlement import find_entitlement
from .selling import SellingCommon, at, sell

NOTHING = find_entitlement(())


class EntitlementCommon(SellingCommon):
    """Plans with features: *pro* has sso and 20 projects, *open* has audit and no limit
    of projects, *extra* has 5 projects more.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sso, audit = ({"code": code} for code in ("sso", "audit"))
        cls._sell_with("pro", sso, cls._limit("20"))
        cls._sell_with("open", audit, cls._limit(False))
        cls._sell_with("extra", cls._limit("5"))

    @classmethod
    def _sell_with(cls, code, *features):
        parts = (cls.company, cls.product_a, cls.usd)
        sell(*parts, code, feature_ids=[*map(Command.create, features)])

    @staticmethod
    def _limit(value):
        return {"code": "projects", "kind": "limit", "value": value}

    @property
    def tenant(self):
        return self.env["saas.tenant"]._find(self.source, ["C-1"])["C-1"]

    @property
    def entitlement(self):
        return self.env["saas.entitlement"].search([("tenant_id", "=", self.tenant.id)])

    def use(self, ref="S-1", plan="pro", moment=None, **data):
        """Return the event of an activation of a plan with features."""
        return self.activate(moment, ref, **self.held(plan=plan), **data)

    @property
    def uses(self):
        """What the tenant may use, in a short form."""
        state = self.entitlement.state or NOTHING
        return (*state["flags"], *(f"{k}={v}" for k, v in state["limits"].items()))

    def listen(self):
        """Have somebody told."""
        return self.env["saas.outbound.target"].create(
            {"name": "Product", "company_id": self.company.id}
        )

    @property
    def told(self):
        messages = self.env["saas.outbound.message"].search(
            [("type", "=", "entitlement.changed")], order="sequence"
        )
        return [message.payload["object"] for message in messages]

    def merge(self, loser, winner):
        """Let a customer, who has the plan *extra*, be another; return its tenant."""
        self.meet(loser, f"Other {loser}")
        self.tell(self.use(f"S-{loser}", "extra", customer=loser))
        tenants = self.env["saas.tenant"]._find(self.source, [loser, winner])
        self.env["saas.customers.merge"]._merge(tenants[loser], tenants[winner])
        return tenants[loser]

    def assertNumbersRise(self):
        """Each message has the next number, and the last one says what is so now."""
        numbers = [told["number"] for told in self.told]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        self.assertEqual(self.told[-1]["number"], self.entitlement.number)
        self.assertEqual(self.told[-1]["state"], self.entitlement.state)


__all__ = ["NOTHING", "EntitlementCommon", "at"]
