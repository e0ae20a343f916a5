"""The end of a trial is announced, until it is over.

Covers adapters/stripe/subscriptions/subscription and
handlers/subscriptions/subscription.
"""

from odoo.tests import tagged

from ..support.common import SaasCommon
from ..support.stripe_fixtures import load_later


@tagged("post_install", "-at_install")
class TestTrials(SaasCommon):
    def test_end_of_trial_is_announced_until_it_is_over(self):
        names = ("customer.subscription.created-trial",)
        warning = "customer.subscription.trial_will_end"
        self.deliver(
            load_later("customer.created"), *map(load_later, (*names, warning))
        )
        subscription = self.env["saas.subscription"].search([])
        self.assertEqual(len(subscription.activity_ids), 1)
        self.assertEqual(subscription.activity_ids.user_id, self.responsible)
        self.deliver(load_later(warning, 1))
        self.assertEqual(len(subscription.activity_ids), 1)
        self.deliver(load_later("customer.subscription.updated-trial_over"))
        self.assertFalse(subscription.activity_ids)
        self.deliver(load_later(warning, 2))
        self.assertFalse(subscription.activity_ids)

    def test_trial_that_got_more_time(self):
        trial = load_later("customer.subscription.trial_will_end")
        end = trial["data"]["object"]["trial_end"] + 86400 * 14
        longer = load_later("customer.subscription.updated", 9999)
        longer["data"]["object"] = {**trial["data"]["object"], "trial_end": end}
        for order in ((trial, longer), (longer, trial)):
            with self.env.cr.savepoint() as savepoint:
                self.deliver(load_later("customer.created"), *order)
                subscription = self.env["saas.subscription"].search([])
                self.assertEqual(subscription.state, "trialing")
                self.assertFalse(subscription.activity_ids)
                savepoint.rollback()
            self.env.invalidate_all()
