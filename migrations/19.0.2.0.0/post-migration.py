"""From 19.0.1: what this database was set up as is recorded, so that a copy of it is
known as one from now on.
"""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["saas.environment"]._record_after_upgrade()
