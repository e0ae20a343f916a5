"""Two sources that know one customer, and people of each role."""

from odoo.tests import new_test_user

from .facts_common import FactsCommon


class OwnershipCommon(FactsCommon):
    """Both sources know one customer by its VAT number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviewer, cls.manager, cls.operator = (
            new_test_user(
                cls.env,
                f"owner_{role}",
                groups=f"saas_billing_sync.group_saas_{role},account.group_account_readonly",
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for role in ("reviewer", "manager", "operator")
        )

    def accept_once(self, event, user=None):
        """Press Accept Once on an event, and apply its form, as finance does."""
        event = event.with_user(user or self.reviewer)
        action = event.action_accept_once()
        form = event.env[action["res_model"]].with_context(**action["context"])
        form = form.create({"note": "The customer told us."})
        with self.enter_registry_test_mode():
            form.action_apply()
        return form

    def _bind_gateway(self):
        """Make the gateway's customer the platform's tenant."""
        bindings = self.env["saas.binding"]
        if not bindings._find(self.gateway, "customer", ["C-1"]):
            bindings.create(
                bindings._prepare_vals(self.gateway, "customer", "C-1", self.tenant)
            )

    def _meet(self):
        """Let both sources know the customer, by no more than a name."""
        self.tell(self.platform, self.customer(stub=True, version=""))
        self._bind_gateway()

    def _refuse(self):
        """Return an event of the gateway about a customer that the platform owns."""
        self.own(self.platform, "customer")
        self._meet()
        self.tell(self.platform, self.customer(email="own@fjord.example"))
        event = self.tell(self.gateway, self.customer(email="gate@fjord.example"))
        self.assertState(event, "ignored", "not_owner")
        return event
