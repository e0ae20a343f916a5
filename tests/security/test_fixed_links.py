from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..support.neighbours import NeighboursCommon


@tagged("post_install", "-at_install")
class TestFixedLinks(NeighboursCommon):
    """What was booked went by these, so nobody moves them: no person and no method."""

    def _targets(self):
        """Yield each own record with a link that is fixed, and where it could go."""
        for name in self.own_models():
            record = self.own[name]
            for field in ("company_id", "source_id", "tenant_id", "platform_id"):
                if not record._transient and field in record._fields and record[field]:
                    yield record, field, self.foreign[record[field]._name].id

    def test_nobody_moves_a_link(self):
        self.person.company_ids |= self.other_company
        both = self.env(
            user=self.person.id,
            su=False,
            context={"allowed_company_ids": self.person.company_ids.ids},
        )
        tried = 0
        for record, field, target in self._targets():
            for value in (target, False):
                for env in (self.env, both):
                    with (
                        self.subTest(model=record._name, field=field, su=env.su),
                        self.assertRaises(AccessError),
                    ):
                        record.with_env(env).write({field: value})
                    tried += 1
        self.assertGreater(tried, 60)

    def test_gate_moves_a_link_and_says_so(self):
        tenant, other = self.own["saas.tenant"], self.foreign["saas.tenant"]
        subscription = self.own["saas.subscription"]
        subscription._relink({"tenant_id": other.id}, "two tenants were one")
        self.assertEqual(subscription.tenant_id, other)
        row = self.env["saas.sync.log"].search([("action", "=", "link_moved")])
        self.assertEqual(
            (row.res_model, row.res_id, row.detail),
            ("saas.subscription", subscription.id, "tenant_id: two tenants were one"),
        )
        self.assertEqual(self.env["saas.sync.log"]._verify_chain(self.source), 0)
        self.assertTrue(tenant.exists())

    def test_platform_needs_access_to_both(self):
        foreign = self.foreign["saas.source"]
        vals = {"account_ref": "acct_1", "platform_id": foreign.id}
        source = self.env["saas.source"].create(
            {"name": "Connected", "company_id": self.company.id, "tz": "UTC"}
        )
        with self.assertRaises(AccessError):
            source.with_user(self.person).write(vals)
        self.person.company_ids |= self.other_company
        both = source.with_user(self.person).with_context(
            allowed_company_ids=self.person.company_ids.ids
        )
        both.write(vals)
        self.assertEqual(source.platform_id, foreign)
        with self.assertRaises(AccessError):
            both.platform_id = False
