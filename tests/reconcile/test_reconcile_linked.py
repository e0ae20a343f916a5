"""Money that two sources tell of is compared with the one that moved it.

Covers reconcile/compare/cash.
"""

from odoo.tests import tagged

from ...canonical import facts
from ..payments.two_sources import PayingCommon


@tagged("post_install", "-at_install")
class TestReconcileLinked(PayingCommon):
    def test_a_gateway_s_money(self):
        """The platform's own day of it is no difference."""
        self.tell(self.platform, self.invoice())
        self.pay()
        told = self.payment(
            ref="tr_1",
            day=4,
            invoices=("in_1",),
            gateway_ref=facts.GatewayRef(external_id="ch_1"),
        )
        self.assertState(self.tell(self.platform, told), "done")
        [alias] = (
            self.env["saas.binding"]._find(self.platform, "payment", ["tr_1"]).values()
        )
        self.assertEqual(alias.origin_source_id, self.gateway)
        comparator = self.env["saas.comparator.payment"]
        self.assertFalse(comparator._compare(self.platform, [told]))
        [outcome] = comparator._compare(self.gateway, [self.payment(day=3)])
        self.assertEqual([gap.field for gap in outcome.gaps], ["date"])
