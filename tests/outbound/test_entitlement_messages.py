"""Each change of what a tenant may use is told once, whole, and with the change itself:
outbound/message.
"""

from odoo.tests import tagged

from ..subscriptions.entitling import EntitlementCommon, at


@tagged("post_install", "-at_install")
class TestEntitlementMessages(EntitlementCommon):
    def test_each_change_is_told_once_and_whole(self):
        self.listen()
        event = self.use()
        self.tell(event)
        self.tell(event, self.event("changed", at(2026, 3, 1), **self.held("9", "pro")))
        [told] = self.told
        self.assertEqual(
            {key: told[key] for key in ("number", "state", "changed_at")},
            {
                "number": 1,
                "state": {
                    "is_suspended": False,
                    "flags": ["sso"],
                    "limits": {"projects": "20"},
                    "subscriptions": ["S-1"],
                },
                "changed_at": "2026-11-28T12:00:00Z",
            },
        )
        [row] = self.env["saas.sync.log"].search(
            [("action", "=", "entitlement_changed")]
        )
        self.assertEqual((row.res_id, row.actor), (self.entitlement.id, "pipeline"))
        self.assertFalse(self.env["saas.sync.log"]._verify_chain(self.source))

    def test_without_a_target_nothing_is_written(self):
        self.tell(self.use())
        self.assertFalse(self.env["saas.outbound.message"].search([]))
        self.assertEqual(self.entitlement.number, 1)

    def test_what_is_rolled_back_is_told_to_nobody(self):
        self.listen()
        with self.env.cr.savepoint(flush=True) as savepoint:
            self.tell(self.use())
            self.assertTrue(self.told)
            savepoint.rollback()
        self.env.invalidate_all()
        self.assertFalse(self.told)
        self.assertFalse(self.entitlement)
        self.tell(self.use("S-2"))
        self.assertNumbersRise()

    def test_another_company_is_told_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["saas.outbound.target"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        self.tell(self.use())
        self.assertFalse(self.told)
