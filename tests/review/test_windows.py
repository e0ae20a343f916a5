"""Whatever window a record of this app leads to acts in the company of that record.

Covers models/guarded_mixin.
"""

import inspect

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.neighbours import NeighboursCommon


@tagged("post_install", "-at_install")
class TestWindows(NeighboursCommon):
    """Another company is current on the user's screen than the record's."""

    def test_every_window_names_the_company_of_its_record(self):
        opened = set()
        for model in self.own_models():
            record = self.own[model].with_context(
                allowed_company_ids=self.other_company.ids
            )
            if "company_id" not in record._fields:
                continue
            for name, action in self._press_all(record):
                opened.add((model, name))
                with self.subTest(model=model, action=name):
                    self.assertEqual(
                        (action.get("context") or {}).get("allowed_company_ids"),
                        self.company.ids,
                    )
        self.assertGreater(len(opened), 30)
        leading = {model for model, _name in opened}
        self.assertLessEqual(
            {
                *("saas.tenant", "saas.payout", "saas.clearing.balance"),
                *("saas.balance.transaction", "saas.dispute", "saas.pull.run"),
                *("saas.reconciliation", "saas.reconciliation.line"),
                *("saas.source", "saas.subscription.event"),
            },
            leading,
        )

    def _press_all(self, record):
        """Yield the names of a record's own actions with the windows they open."""
        for name, method in inspect.getmembers(type(record), callable):
            own = "saas_billing_sync" in (getattr(method, "__module__", "") or "")
            if not own or not name.startswith("action_"):
                continue
            try:
                with self.env.cr.savepoint():
                    action = method(record)
            except UserError:
                continue
            if isinstance(action, dict):
                if action["type"] == "ir.actions.act_window":
                    yield name, action
