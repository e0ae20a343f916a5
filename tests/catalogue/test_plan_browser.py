"""What a manager does to sell a plan, in a real browser."""

from odoo.tests import tagged

from ..support.session import BrowserMixin, create_person
from ..support.webhook import SaasHttpCommon


@tagged("post_install", "-at_install")
class TestPlanBrowser(BrowserMixin, SaasHttpCommon):
    def test_a_manager_makes_a_plan_and_publishes_it(self):
        person = create_person(self, "plan_browser", "manager")
        self.product_a.name = "Metered calls"
        self.env["saas.meter"].create(
            {"name": "API calls", "code": "calls", "company_id": self.company.id}
        )
        self.start_tour("/odoo/saas-plans", "saas_plan_publish", login=person.login)
        version = self.env["saas.plan.version"].search([])
        self.assertEqual((version.name, version.state), ("Team 1", "published"))
        self.assertEqual(
            version.component_ids.price_ids.tiers,
            [
                {"up_to": "1000", "unit": "0.10", "flat": None},
                {"up_to": None, "unit": "0.05", "flat": None},
            ],
        )
