"""From 19.0.2: movements are also bound by what others wait for them by, as new ones
are. Nothing is booked: those that were not handled may have been booked by hand.
"""


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    if not version:
        return
    cr.execute(
        """
        INSERT INTO saas_binding (source_id, company_id, kind, external_id, res_model,
                                  res_id, create_date, write_date)
             SELECT DISTINCT ON (source_id, category, object_ref)
                    source_id, company_id, category, object_ref,
                    'saas.balance.transaction', id, now() AT TIME ZONE 'UTC',
                    now() AT TIME ZONE 'UTC'
               FROM saas_balance_transaction
              WHERE category IN ('transfer', 'topup_reversal')
                AND object_ref IS NOT NULL
           ORDER BY source_id, category, object_ref, id
        ON CONFLICT DO NOTHING
        """
    )
