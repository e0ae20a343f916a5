"""Discounts are given and ended by people, and stay as they were given."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .by_hand_common import PeopleCommon


@tagged("post_install", "-at_install")
class TestDiscounts(PeopleCommon):
    def test_given_and_ended(self):
        """Billing looks again since when it counts, or counts no more."""
        subscription = self.begin()
        subscription.sudo().write({"recompute_from": False, "next_billing_at": False})
        self.press(
            subscription,
            "action_grant_discount",
            percent="12.5",
            component="seats",
            valid_from="2026-03-01 00:00:00",
            note="A good customer.",
        )
        discount = subscription.discount_ids
        self.assertEqual((discount.percent, discount.user_id), ("12.5", self.reviewer))
        self.assertEqual(str(subscription.recompute_from), "2026-03-01 00:00:00")
        self.assertTrue(subscription.next_billing_at)
        subscription.sudo().recompute_from = False
        self.press(discount, "action_end", valid_until="2026-12-31 00:00:00")
        self.assertEqual(str(subscription.recompute_from), "2026-12-31 00:00:00")
        self.assertTrue(discount.is_current)
        log = self.env["saas.sync.log"].search([("res_model", "=", discount._name)])
        self.assertEqual(log.mapped("action"), ["discount_ended", "discount_granted"])

    def test_for_all_of_a_tenant(self):
        first, second = self.begin(), self.begin()
        (first | second).sudo().write({"recompute_from": False})
        self.press(
            self.tenant,
            "action_grant_discount",
            percent="50",
            valid_from="2026-11-01 00:00:00",
        )
        found = self.env["saas.discount"]._read_for(first | second)
        self.assertEqual([len(each) for each in found.values()], [1, 1])
        self.assertEqual(
            {str(s.recompute_from) for s in first | second}, {"2026-11-01 00:00:00"}
        )
        # Base and five seats at half the price.
        self.assertEqual(first.next_amount, 17.5)

    def test_what_is_no_discount(self):
        subscription = self.begin()
        for percent in ("0", "-5", "100.1", "1e2", "NaN", "half", "12,5", " 5"):
            with self.assertRaises(UserError, msg=percent):
                self.press(subscription, "action_grant_discount", percent=percent)
        for vals, text in (
            ({}, "in percent"),
            ({"percent": "5", "component": "disks"}, "no plan of it|No plan of it"),
            ({"percent": "5", "tenant_id": self.tenant.id}, "Choose one subscription"),
            (
                {
                    "percent": "5",
                    "valid_from": "2026-02-01 00:00:00",
                    "valid_until": "2026-01-01 00:00:00",
                },
                "can't end before",
            ),
        ):
            with self.assertRaisesRegex(UserError, text):
                self.press(subscription, "action_grant_discount", **vals)

    def test_what_was_given_stays(self):
        subscription = self.begin()
        self.press(subscription, "action_grant_discount", percent="5")
        discount = subscription.discount_ids.sudo()
        with self.assertRaises(AccessError):
            discount.percent = "50"
        with self.assertRaises(AccessError):
            discount.with_user(self.reviewer).sudo(False).valid_until = "2027-01-01"
        with self.assertRaises(UserError):
            discount.unlink()
