"""Usage that was stored before there were meters is kept, and counted by the new ones.

Covers handlers/usage/usage.
"""

import runpy
from pathlib import Path

from odoo.tests import tagged

from .usage_common import NOON, UsageCommon

_STEP = Path(__file__).parents[2] / "migrations" / "19.0.4.0.0" / "pre-usage.py"
#: The table as it was.
_OLD = """
    DROP TABLE saas_usage_record;
    CREATE TABLE saas_usage_record (
        id serial PRIMARY KEY,
        source_id integer NOT NULL REFERENCES saas_source (id) ON DELETE RESTRICT,
        tenant_id integer NOT NULL REFERENCES saas_tenant (id) ON DELETE RESTRICT,
        company_id integer REFERENCES res_company (id) ON DELETE SET NULL,
        create_uid integer, write_uid integer,
        external_id varchar NOT NULL, meter_ref varchar NOT NULL,
        stated_quantity varchar NOT NULL, subscription_ref varchar,
        occurred_at timestamp NOT NULL, create_date timestamp, write_date timestamp,
        quantity float8 NOT NULL);
    CREATE UNIQUE INDEX saas_usage_record__external_unique
        ON saas_usage_record (source_id, external_id);
    CREATE INDEX saas_usage_record__tenant_index
        ON saas_usage_record (tenant_id, meter_ref, occurred_at);"""


@tagged("post_install", "-at_install")
class TestUsageUpgrade(UsageCommon):
    def test_old_records_are_kept_and_counted(self):
        """Also when the step runs twice; what comes again is known still."""
        self.set_up()
        exact = "12345678901234567890.000000001"
        self.env.flush_all()
        self.env.cr.execute(_OLD)
        self.env.cr.execute(
            """INSERT INTO saas_usage_record (source_id, tenant_id, company_id,
                   external_id, meter_ref, stated_quantity, subscription_ref,
                   occurred_at, quantity)
               VALUES (%s, %s, %s, 'U-1', 'calls', %s, 'S-1', %s, 1.2e19)""",
            (
                *(self.platform.id, self.tenant.id, self.company.id),
                *(exact, NOON.replace(tzinfo=None)),
            ),
        )
        migrate = runpy.run_path(str(_STEP))["migrate"]
        for _time in range(2):
            migrate(self.env.cr, "19.0.3.0.0")
            self.env.registry.init_models(
                self.env.cr,
                ["saas.usage.record"],
                {"module": "saas_billing_sync"},
                install=False,
            )
        self.env.invalidate_all()
        self.assertEqual(self.states(), ["U-1 parked unknown_meter"])
        self.assertEqual(self.records.customer_ref, "C-1")
        meter = self.meter()
        self.assertEqual(self.states(), ["U-1 counted"])
        self.assertEqual(self.buckets.exact_sum, exact)
        self.assertState(self.use(self.record("U-1", exact)), "done")
        self.assertEqual(meter.record_count, 1)

    def test_a_new_database_has_nothing_to_do(self):
        migrate = runpy.run_path(str(_STEP))["migrate"]
        migrate(self.env.cr, None)
        migrate(self.env.cr, "19.0.3.0.0")
        self.env.cr.execute(
            """SELECT data_type FROM information_schema.columns
                WHERE column_name = 'id' AND table_name = ANY(%s)""",
            (["saas_usage_record", "saas_usage_bucket"],),
        )
        self.assertEqual(self.env.cr.fetchall(), [("bigint",), ("bigint",)])
