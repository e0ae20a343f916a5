"""From 19.0.1: secrets and API keys move from columns of their own into the vault."""

from odoo.tools import SQL, sql

from odoo.addons.saas_billing_sync.canonical import sealing
from odoo.addons.saas_billing_sync.models.vault import settings as vault_settings
from odoo.addons.saas_billing_sync.models.vault import vault as saas_vault


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    if not version:
        return
    saas_vault.create_table(cr)
    _move_secrets(cr, "saas_source_secret", "value", "saas.source.secret")
    _move_secrets(cr, "saas_source", "api_key", "saas.source")


def _move_secrets(cr, table, column, model):
    """Move the secrets in a column into the vault, sealed if there is a key, and drop
    the column. Plain ones are sealed at the first start with a key.
    """
    if not sql.column_exists(cr, table, column):
        return
    names = {"table": SQL.identifier(table), "column": SQL.identifier(column)}
    cr.execute(
        SQL("SELECT id, %(column)s FROM %(table)s WHERE %(column)s <> ''", **names)
    )
    keys = _read_keys()
    for row_id, secret in cr.fetchall():
        kept = sealing.seal(keys, secret) if keys else sealing.PLAIN + secret
        cr.execute(
            """INSERT INTO saas_vault (owner, sealed, hint) VALUES (%s, %s, %s)
               ON CONFLICT (owner) DO NOTHING""",
            (f"{model},{row_id}", kept, sealing.hint(secret)),
            log_exceptions=False,
        )
    # Dropping a column alone leaves its content in the rows.
    cr.execute(SQL("UPDATE %(table)s SET %(column)s = NULL", **names))
    cr.execute(SQL("ALTER TABLE %(table)s DROP COLUMN %(column)s", **names))


def _read_keys():
    """Return what seals; a bad key is told at the start, and seals nothing here."""
    try:
        return sealing.read_keys(vault_settings.get_keys())
    except sealing.BadKey:
        return None
