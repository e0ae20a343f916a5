"""People who decide and people who sign, in a company with four eyes."""

import json

from odoo import Command
from odoo.tests import new_test_user

from ..review.deciding import DecidingCommon, load


class ApprovingCommon(DecidingCommon):
    """``reviewer`` and ``manager`` decide, ``signer`` and ``other`` sign."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._make_person("manager", "manages")
        cls.signer = cls._make_person("approver", "signs")
        cls.other = cls._make_person("approver", "signs_too")
        cls.company.sudo().saas_four_eyes = "from_amount"
        # What a sample is has a test of its own; here chance decides nothing.
        cls._set_policy("map_first", min_amount=1000)

    @classmethod
    def _make_person(cls, role, login, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups=f"saas_billing_sync.group_saas_{role}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _set_policy(cls, kind, **vals):
        policies = cls.env["saas.approval.policy"]
        domain = [("company_id", "=", cls.company.id), ("kind", "=", kind)]
        if policy := policies.search(domain):
            policy.write(vals)
        else:
            policies.create({"company_id": cls.company.id, "kind": kind, **vals})

    # -- what people do -------------------------------------------------------------

    def propose(self, event, method, **vals):
        """Fill in the form of an event's button and apply it; return the proposal."""
        with self.enter_registry_test_mode():
            self._press(event, method, **vals)
        return self.newest()

    def propose_change(self, user, records, values, operation="write", **vals):
        """Propose a change of records, as a user; return the proposal."""
        form = self.env["saas.change.propose"].with_user(user)
        form = form.with_context(allowed_company_ids=self.company.ids).create(
            {
                "model": records._name,
                "operation": operation,
                "record_ids": str(records.ids),
                "change": json.dumps(values),
                **vals,
            }
        )
        with self.enter_registry_test_mode():
            form.action_apply()
        return self.newest()

    def sign(self, approvals, user=None):
        """Sign proposals and process what they free."""
        with self.enter_registry_test_mode():
            told = approvals.with_user(user or self.signer).action_approve()
        self.env.invalidate_all()
        self.drain()
        return told["params"]["message"]

    def newest(self):
        return self.env["saas.approval"].search(
            [("company_id", "=", self.company.id)], limit=1
        )

    def rows(self, approval=None, **terms):
        """Return the log's rows of an approval, or with some values, oldest first."""
        if approval:
            terms |= {"res_model": approval._name, "res_id": approval.id}
        domain = [(name, "=", value) for name, value in terms.items()]
        return self.env["saas.sync.log"].search(domain, order="id")

    # -- what waits -----------------------------------------------------------------

    def waiting_invoice(self, name="invoice.finalized", **changes):
        """Return an invoice's event that waits for a product, which is there now."""
        self.source.default_product_id = False
        event = self.deliver(load(name, **changes))
        self.assertState(event, "quarantined", "unmapped_product")
        return event
