"""A plan with seats, calls and a fixed amount, in two currencies."""

from odoo import Command

from ..support.common import SaasCommon
from ..support.session import create_person

TIERS = [{"up_to": "1000", "unit": "0.10"}, {"up_to": None, "unit": "0.05"}]


class PlanCommon(SaasCommon):
    """A plan in US dollars and euros, whose first version is a complete draft."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usd = cls.company.currency_id
        cls.meter = cls.env["saas.meter"].create(
            {"name": "Calls", "code": "calls", "company_id": cls.company.id}
        )
        cls.plan = cls.env["saas.plan"].create(
            {"name": "Team", "code": "team", "company_id": cls.company.id}
        )
        cls.version = cls.env["saas.plan.version"].create(
            {"plan_id": cls.plan.id, "valid_from": "2026-01-01"}
        )
        cls.base = cls.add_component("base", {"unit_price": "10"})
        cls.seats = cls.add_component("seats", {"unit_price": "5"}, kind="seat")
        cls.calls = cls.add_component(
            "calls",
            {"tiers": TIERS},
            kind="usage",
            model="graduated",
            timing="arrears",
            meter_id=cls.meter.id,
        )
        cls.version.feature_ids = [
            Command.create({"code": "sso"}),
            Command.create({"code": "projects", "kind": "limit", "value": "20"}),
        ]
        cls.tenant = cls.create_tenant("Nordlicht")
        cls.manager = create_person(cls, "plan_manager", "manager")

    @classmethod
    def add_component(cls, code, price, version=None, **vals):
        """Add a component with one price in each currency of the plan."""
        return cls.env["saas.plan.component"].create(
            {
                "version_id": (version or cls.version).id,
                "code": code,
                "name": code.title(),
                "product_id": cls.product_a.id,
                "price_ids": [
                    Command.create({"currency_id": currency.id, **price})
                    for currency in (cls.usd, cls.eur)
                ],
                **vals,
            }
        )

    @classmethod
    def create_tenant(cls, name):
        """Return a tenant of the company."""
        partner = cls.env["res.partner"].create({"name": name})
        return cls.env["saas.tenant"].create(
            {"name": name, "partner_id": partner.id, "company_id": cls.company.id}
        )

    def price(self, component, currency=None):
        """Return a component's price for all customers in a currency, or US dollars."""
        return component.price_ids.filtered(
            lambda price: (
                price.currency_id == (currency or self.usd) and not price.tenant_id
            )
        )

    def add_own_price(self, component, valid_from, price="4", tenant=None, **vals):
        """Add a tenant's own price in US dollars, as a manager does."""
        return (
            self.env["saas.price"]
            .with_user(self.manager)
            .create(
                {
                    "component_id": component.id,
                    "currency_id": self.usd.id,
                    "tenant_id": self.tenant.id if tenant is None else tenant.id,
                    "valid_from": valid_from,
                    "unit_price": price,
                    **vals,
                }
            )
        )

    def publish(self, version=None):
        """Publish a version as a manager does; return it."""
        version = version or self.version
        version.with_user(self.manager).action_publish()
        return version
