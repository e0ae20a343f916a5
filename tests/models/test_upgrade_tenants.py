"""A database in which contacts are several tenants is upgraded."""

from odoo.tests import tagged

from .test_upgrade import UpgradeCommon

#: What links to tenants, of what the month has much of.
_LINKS = (
    ("account_move", "saas_tenant_id"),
    ("account_payment", "saas_tenant_id"),
    ("saas_subscription_event", "tenant_id"),
)


@tagged("post_install", "-at_install")
class TestUpgradeTenants(UpgradeCommon):
    """One contact is one tenant from then on."""

    def test_doubles_of_a_contact_are_merged(self):
        """The oldest tenant gets all that its doubles have, the books stay as they are,
        and the log says so, once.
        """
        name = self._copy("doubles")
        first, double = self._make_double(name)
        before = {key: self._count(name)[key] for key in ("items", "moves")}
        for _time in range(2):
            self.assertEqual(self._upgrade(name), [])
            self.assertEqual({key: self._count(name)[key] for key in before}, before)
            self._check_merged(name, first, double)
            query = "SELECT DISTINCT match_policy FROM saas_source"
            self.assertEqual(self._read(name, query), [("email",)])
            self.assertEqual(self._look(name)["CHAINS"], "[0, 0]")

    def _make_double(self, name):
        """Give half of what a tenant has to another one of its contact; return both."""
        [(first,)] = self._read(
            name,
            """SELECT saas_tenant_id FROM account_move WHERE saas_tenant_id IS NOT NULL
             GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1""",
        )
        [(double,)] = self._read(
            name,
            """INSERT INTO saas_tenant (name, ref, active, company_id, partner_id,
                                        billing_policy, amendment_policy)
                    SELECT name, 'double', true, company_id, partner_id, billing_policy,
                           amendment_policy
                      FROM saas_tenant WHERE id = %s RETURNING id""",
            first,
        )
        self._read(
            name,
            """INSERT INTO saas_binding (source_id, company_id, kind, external_id,
                                         res_model, res_id)
                    SELECT source_id, company_id, kind, 'cus_double', res_model, %s
                      FROM saas_binding
                     WHERE res_model = 'saas.tenant' AND res_id = %s LIMIT 1
                 RETURNING id""",
            double,
            first,
        )
        for table, link in _LINKS:
            self._read(
                name,
                f"UPDATE {table} SET {link} = %s WHERE {link} = %s AND id %% 2 = 0",
                double,
                first,
            )
        return first, double

    def _check_merged(self, name, first, double):
        query = "SELECT active, merged_into_id FROM saas_tenant WHERE id = %s"
        self.assertEqual(self._read(name, query, double), [(False, first)])
        for table, link in _LINKS:
            query = f"SELECT count(*) FROM {table} WHERE {link} = %s"
            self.assertEqual(self._read(name, query, double), [(0,)], table)
            self.assertGreater(self._read(name, query, first)[0][0], 0, table)
        query = "SELECT res_id FROM saas_binding WHERE external_id = 'cus_double'"
        self.assertEqual(self._read(name, query), [(first,)])
        query = """SELECT res_id FROM saas_sync_log
                    WHERE action = 'tenant_merged' ORDER BY 1"""
        self.assertEqual(self._read(name, query), [(first,), (double,)])
