"""From 19.0.3: a contact is one tenant of a company. Where it was several, the oldest
goes on with all that the others had. Nothing is booked, and no journal item changes.

This is SQL before the models are loaded, because the database refuses doubles from then
on. The step after it notes it in the log.
"""

from odoo.tools import SQL, sql


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    if not version:
        return
    if not sql.column_exists(cr, "saas_source", "match_policy"):
        # What a source did without being asked, it goes on doing. New ones ask.
        cr.execute("ALTER TABLE saas_source ADD COLUMN match_policy varchar")
        cr.execute("UPDATE saas_source SET match_policy = 'email'")
    if not sql.column_exists(cr, "saas_tenant", "merged_into_id"):
        _merge_doubles(cr)


def _merge_doubles(cr):
    """Let the oldest tenant of a contact have all that its doubles have."""
    cr.execute("ALTER TABLE saas_tenant ADD COLUMN merged_into_id integer")
    # A database of 19.0.1 or 19.0.2 has no guests yet.
    cr.execute("ALTER TABLE saas_tenant ADD COLUMN IF NOT EXISTS is_guest boolean")
    # A company stands for a person who is at one.
    cr.execute(
        """
        UPDATE saas_tenant tenant
           SET partner_id = partner.commercial_partner_id
          FROM res_partner partner
         WHERE partner.id = tenant.partner_id
           AND partner.commercial_partner_id <> partner.id
        """
    )
    cr.execute(
        """
        CREATE TEMPORARY TABLE saas_doubles ON COMMIT DROP AS
        SELECT id AS loser, winner, active
          FROM (SELECT id, active, min(id) OVER (
                           PARTITION BY company_id, partner_id,
                                        COALESCE(is_guest, false)) AS winner
                  FROM saas_tenant) tenant
         WHERE id <> winner
        """
    )
    for table, column in _find_links(cr):
        cr.execute(
            SQL(
                """UPDATE %(table)s link SET %(column)s = doubles.winner
                     FROM saas_doubles doubles WHERE link.%(column)s = doubles.loser""",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
            )
        )
    cr.execute(
        """
        UPDATE saas_binding binding SET res_id = doubles.winner
          FROM saas_doubles doubles
         WHERE binding.res_model = 'saas.tenant' AND binding.res_id = doubles.loser
        """
    )
    # A tenant is in use if one of the doubles was.
    cr.execute(
        """
        UPDATE saas_tenant SET active = true
         WHERE id IN (SELECT winner FROM saas_doubles WHERE active)
        """
    )
    cr.execute(
        """
        UPDATE saas_tenant tenant SET active = false, merged_into_id = doubles.winner
          FROM saas_doubles doubles WHERE tenant.id = doubles.loser
        """
    )


def _find_links(cr):
    """Return the tables and columns that link to tenants. Decisions are left as they
    are: they are only ever read, and their tenant is followed.
    """
    cr.execute(
        """
        SELECT source.relname, attribute.attname
          FROM pg_constraint link
          JOIN pg_class source ON source.oid = link.conrelid
          JOIN pg_attribute attribute
            ON attribute.attrelid = link.conrelid AND attribute.attnum = link.conkey[1]
         WHERE link.contype = 'f'
           AND link.confrelid = 'saas_tenant'::regclass
           AND source.relname NOT IN ('saas_tenant', 'saas_resolution')
        """
    )
    return cr.fetchall()
