"""From 19.0.3: usage is counted. What was stored of it so far, by a database of this
version before it was released, waits for its meter: the source's own words are kept.
"""

from odoo.tools import sql


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    table = "saas_usage_record"
    if not version or not sql.table_exists(cr, table):
        return
    if sql.column_exists(cr, table, "customer_ref"):
        return
    # Thousands of rows come a second: neither foreign keys nor who wrote them.
    cr.execute(
        """SELECT conname FROM pg_constraint
            WHERE conrelid = 'saas_usage_record'::regclass AND contype = 'f'"""
    )
    for (name,) in cr.fetchall():
        cr.execute(f'ALTER TABLE saas_usage_record DROP CONSTRAINT "{name}"')
    cr.execute(
        """
        DROP INDEX IF EXISTS saas_usage_record__tenant_index;
        DROP INDEX IF EXISTS saas_usage_record__external_unique;
        ALTER TABLE saas_usage_record
            DROP COLUMN IF EXISTS create_uid, DROP COLUMN IF EXISTS create_date,
            DROP COLUMN IF EXISTS write_uid, DROP COLUMN IF EXISTS write_date,
            ADD COLUMN customer_ref varchar, ADD COLUMN state varchar,
            ADD COLUMN why varchar, ADD COLUMN waiting_for varchar,
            ALTER COLUMN tenant_id DROP NOT NULL,
            ALTER COLUMN quantity TYPE numeric USING stated_quantity::numeric
        """
    )
    cr.execute(
        """
        UPDATE saas_usage_record record
           SET customer_ref = COALESCE(
                   (SELECT min(binding.external_id) FROM saas_binding binding
                     WHERE binding.source_id = record.source_id
                       AND binding.kind = 'customer'
                       AND binding.res_model = 'saas.tenant'
                       AND binding.res_id = record.tenant_id), '?'),
               state = 'parked', why = 'unknown_meter',
               waiting_for = 'meter:' || meter_ref
        """
    )
