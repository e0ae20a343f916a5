"""Journal items written at once carry tenants' analytic accounts as Odoo's own form
would have them carry these.

Covers ledger/journal_items.
"""

import random

from odoo.tests import tagged

from . import test_prepared


@tagged("post_install", "-at_install")
class TestPreparedTenants(test_prepared.TestPrepared):
    """A company that tells tenants apart."""

    # These hang on nothing that is different here.
    test_rounding_globally_too = None
    test_accounts_that_are_reconciled = None
    test_odoo_s_own_value_counts = None
    test_what_is_not_proven_goes_the_normal_way = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.profit_from = "2024-01-01"

    def test_prepared_items_equal_the_form_s(self):
        """Also where a tax has no account of its own, and so that of its line."""
        tax = self.taxes["txr_7.7"]
        for with_account in (True, False):
            with self.subTest(with_account=with_account):
                found = self._check_same(
                    [self._make_invoice(n, random.Random(n)) for n in range(60)]
                )
                self.assertTrue(all(read["analytic"] for read in found.values()))
            tax.repartition_line_ids.account_id = False
