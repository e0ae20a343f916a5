"""A person has a billing run go on while a job of it is at work: both lock the run
before its rows, so that one waits for the other, and neither for ever.

Covers billing/posting.
"""

import re
from unittest.mock import patch

from odoo.tests import tagged

from ..billing.common import BillingCommon, at

_LOCKED = re.compile(
    r"SELECT state FROM \"(saas_billing_run)\" .* FOR NO KEY UPDATE"
    r"|UPDATE \"(saas_billing_run|saas_billing_item)\""
)


@tagged("post_install", "-at_install")
class TestResumedRun(BillingCommon):
    def read_locks(self, act):
        """Return the tables of the rows that an act locks, in that order."""
        execute, tables = type(self.env.cr).execute, []

        def note(cr, query, *args, **kwargs):
            text = getattr(query, "code", query)
            params = getattr(query, "params", ())
            found = _LOCKED.search(text % tuple(params) if params else str(text))
            tables.extend(filter(None, found.groups()) if found else ())
            return execute(cr, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", note):
            act()
            self.env.flush_all()
        return tables

    def test_both_lock_the_run_first(self):
        tenant = self.create_tenant()
        self.subscribe(tenant, self.pro, at(2026, 4, 1))
        self.product.taxes_id = self.vat_19.copy(
            {"price_include_override": "tax_included"}
        )
        run = self.bill(at(2026, 4, 1))
        self.assertEqual(run.failed_count, 1)
        for act in (run.action_resume, lambda: run._job_chunk(run.step)):
            first, *rest = self.read_locks(act)
            self.assertEqual(first, "saas_billing_run")
            self.assertIn("saas_billing_item", rest)
