"""From 19.0.2: an event that was left to a person because an object did not arrive in
time forgot what it waited for. Its detail names it; from now on the object frees it.
"""


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    if not version:
        return
    cr.execute(
        r"""
        UPDATE saas_subscription_event
           SET waiting_for = substring(detail from '([a-z_]+:[^\s,;]+)')
         WHERE state = 'quarantined'
           AND waiting_for IS NULL
           AND (reason = 'missing_reference'
                OR reason = 'unknown_tenant' AND detail ~ 'customer:')
        """
    )
