"""What a reviewer does to have an own invoice collected, in a real browser.

Covers wizards/payments/saas_collection_start.
"""

from odoo.tests import tagged

from ...canonical.kinds import Kind
from ..subscriptions.selling import sell
from ..support.session import BrowserMixin, create_person
from ..support.webhook import SaasHttpCommon


@tagged("post_install", "-at_install")
class TestCollectBrowser(BrowserMixin, SaasHttpCommon):
    def test_a_reviewer_collects_an_invoice(self):
        """The dialog says what happens first, and the invoice says what has come of it;
        its button is gone while that is under way.
        """
        person = create_person(self, "collect_browser", "reviewer")
        person.group_ids += self.env.ref("account.group_account_invoice")
        move = self.bill()
        self.start_tour(
            f"/odoo/customer-invoices/{move.id}", "saas_collect", login=person.login
        )
        command = move.saas_collection_ids
        self.assertEqual((command.state, command.total), ("waiting", 50))
        self.assertEqual(command.source_id, self.source)
        self.assertFalse(move.saas_can_collect)

    def bill(self):
        """Return a new invoice of a customer whom the gateway knows, and who has paid
        by transfer when it was posted.
        """
        version = sell(self.company, self.product_a, self.company.currency_id)
        self.product_a.taxes_id = False
        partner = self.env["res.partner"].create({"name": "Northlight"})
        tenant = self.env["saas.tenant"].create(
            {
                "name": "Northlight",
                "partner_id": partner.id,
                "company_id": self.company.id,
                "billing_policy": "odoo",
            }
        )
        action = tenant.action_start_subscription()
        forms = self.env[action["res_model"]].with_context(**action["context"])
        form = forms.create({"plan_version_id": version.id, "reference": "S-1"})
        seats = form.line_ids.filtered(lambda line: line.code == "seats")
        seats.quantity = "8"
        form.action_apply()
        run = self.env["saas.billing.run"].create({"company_id": self.company.id})
        run._begin()
        while run.state == "running":
            run._job_chunk(run.step)
        bindings = self.env["saas.binding"]
        bindings.create(
            bindings._prepare_vals(self.source, Kind.CUSTOMER, "cus_1", tenant)
        )
        tenant.collection_source_id = self.source
        return self.env["account.move"].search([("saas_tenant_id", "=", tenant.id)])
