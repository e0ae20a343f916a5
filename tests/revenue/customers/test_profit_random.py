"""Random histories of deferred revenue: what tenants have is what the ledger has.

Covers revenue/posting.
"""

import random

from odoo.tests import tagged

from ...support.common import FULL, SEED
from .. import test_revenue_random
from .profit_common import ProfitMixin


@tagged("post_install", "-at_install")
class TestProfitRandom(test_revenue_random.TestRevenueRandom, ProfitMixin):
    """What holds of revenue alone, and of tenants besides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tell_apart()

    def test_any_history(self):
        for number in range(50 if FULL else 3):
            with self.subTest(seed=SEED + number), self.env.cr.savepoint() as save:
                self._live(random.Random(SEED + number))
                report = self.assertTies()
                self.assertEqual(
                    set(report.tenant_id.mapped("name")),
                    {life.tenant_id.name for life in self.lives},
                )
                save.rollback()
