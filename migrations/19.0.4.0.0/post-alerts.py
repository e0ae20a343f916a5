"""From 19.0.3: an alert says when a source sends a version or a type for the first
time. What has come so far is known.
"""

from datetime import datetime

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["saas.seen"]._note(since=datetime(1970, 1, 1))
