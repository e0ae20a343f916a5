"""From 19.0.3: whoever had a role decided alone. So it stays in companies that are here
already, as a decision that is logged and shown until somebody takes another one.
"""


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    if not version:
        return
    cr.execute(
        """SELECT FROM information_schema.columns
            WHERE table_name = 'res_company' AND column_name = 'saas_four_eyes'"""
    )
    if cr.rowcount:
        return
    cr.execute("ALTER TABLE res_company ADD COLUMN saas_four_eyes varchar")
    cr.execute("UPDATE res_company SET saas_four_eyes = 'off'")
