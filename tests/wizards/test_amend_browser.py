"""What a reviewer does to a subscription, in a real browser."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..subscriptions.selling import sell
from ..support.session import BrowserMixin, create_person
from ..support.webhook import SaasHttpCommon


@tagged("post_install", "-at_install")
class TestAmendBrowser(BrowserMixin, SaasHttpCommon):
    def test_a_reviewer_changes_seats_and_takes_that_back(self):
        """The dialog shows what comes of it first; what was applied is withdrawn."""
        person = create_person(self, "amend_browser", "reviewer")
        version = sell(self.company, self.product_a, self.company.currency_id)
        partner = self.env["res.partner"].create({"name": "Northlight"})
        tenant = self.env["saas.tenant"].create(
            {
                "name": "Northlight",
                "partner_id": partner.id,
                "company_id": self.company.id,
            }
        )
        tenant.billing_policy = "odoo"
        action = tenant.with_user(person).action_start_subscription()
        form = (
            self.env[action["res_model"]]
            .with_user(person)
            .with_context(**action["context"])
            .create(
                {
                    "plan_version_id": version.id,
                    "moment": fields.Datetime.now() - timedelta(days=10),
                    "reference": "S-1",
                }
            )
        )
        form.line_ids.filtered(lambda line: line.code == "seats").quantity = "5"
        form.action_apply()
        self.start_tour(
            "/odoo/saas-subscriptions", "saas_subscription_amend", login=person.login
        )
        subscription = self.env["saas.subscription"].search(
            [("external_id", "=", "S-1")]
        )
        [segments] = subscription._read_segments().values()
        held = [dict(segment.terms.quantities)["seats"] for segment in segments]
        self.assertEqual(held, [5])
        self.assertEqual(
            subscription.change_ids.sorted("id").mapped("kind"),
            ["activated", "changed", "withdrawn"],
        )
