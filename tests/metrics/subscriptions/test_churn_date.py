"""When a subscription churns that is canceled at once: on that day, or when the period
ends that was paid, by the company's setting.

Source: ChartMogul, https://help.chartmogul.com/article/242-churn-recognition

Covers canonical/metrics/level and canonical/subscriptions/outlook.
"""

from odoo.tests import tagged

from ...billing.common import BillingCommon, at
from .mrr_common import read_rebuilt, read_rows, read_sums


@tagged("post_install", "-at_install")
class TestChurnDate(BillingCommon):
    """A plan of 60 a month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"
        cls.company.mrr_ends_with_period = True
        cls.subscription = cls.subscribe(cls.create_tenant(), cls.max, at(2026, 1, 15))

    def churned(self):
        """Return on which day it churns, and of how much; nothing if it does not."""
        self.env["saas.mrr.movement"]._refresh(self.subscription.tenant_id)
        self.assertEqual(
            read_sums(self.env, self.subscription.tenant_id),
            read_rebuilt(self.env, self.subscription.tenant_id),
        )
        return [
            row.replace(" max churn", "")
            for row in read_rows(self.env)
            if "churn" in row
        ]

    def test_by_the_setting(self):
        """It counts until the end of the period or until it is canceled; another
        answer counts anew.
        """
        self.change(self.subscription, "canceled", at(2026, 3, 20))
        self.assertEqual(self.churned(), ["2026-04-15 -60"])
        self.company.mrr_ends_with_period = False
        self.assertEqual(
            self.churned(), ["2026-04-15 -60", "2026-03-20 -60", "2026-04-15 60"]
        )

    def test_told_before(self):
        """Who counts what is told has no period to wait for."""
        self.company.mrr_ends_when_told = True
        self.change(self.subscription, "canceled", at(2026, 3, 20), at(2026, 3, 2))
        self.assertEqual(self.churned(), ["2026-03-02 -60"])

    def test_with_the_period(self):
        """What ends with a period has nothing of the next one."""
        self.change(self.subscription, "canceled", at(2026, 4, 15))
        self.assertEqual(self.churned(), ["2026-04-15 -60"])

    def test_paused(self):
        """What was paused when it was canceled has nothing left that was paid."""
        self.change(self.subscription, "paused", at(2026, 3, 1))
        self.change(self.subscription, "canceled", at(2026, 3, 20))
        self.assertEqual(self.churned(), ["2026-03-01 -60"])

    def test_trial(self):
        """A trial has paid for nothing."""
        other = self.env["saas.subscription"].create(
            {
                "external_id": "trial",
                "source_id": self.own.id,
                "tenant_id": self.create_tenant("Bea").id,
                "state": "none",
            }
        )
        self.change(
            other,
            "activated",
            at(2026, 5, 1),
            terms=self.make_terms(self.max),
            trial_end="2026-05-15",
        )
        self.change(other, "canceled", at(2026, 5, 10))
        self.assertEqual(read_sums(self.env, other.tenant_id), {})
