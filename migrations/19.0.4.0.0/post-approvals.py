"""From 19.0.3: the log says that four eyes are off, as they were. The administrator had
two roles that nobody should have at once; the approver's did no more than the
reviewer's.
"""

from odoo import SUPERUSER_ID, Command, api

from odoo.addons.saas_billing_sync.canonical.actions import Action
from odoo.addons.saas_billing_sync.canonical.review.duties import FourEyes

_ADDON = "saas_billing_sync"


def migrate(cr, version):
    """Do the steps of this version. Each may run again on what it has done before."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    _log_four_eyes(env)
    approver = env.ref(f"{_ADDON}.group_saas_approver")
    reviewer = env.ref(f"{_ADDON}.group_saas_reviewer")
    for name in ("base.user_admin", "base.user_root"):
        user = env.ref(name, raise_if_not_found=False)
        if user and approver in user.group_ids:
            user.group_ids = [Command.unlink(approver.id), Command.link(reviewer.id)]


def _log_four_eyes(env):
    logs = env["saas.sync.log"]
    told = logs.search([("action", "=", Action.FOUR_EYES_SET.value)]).source_id
    sources = env["saas.source"].search([("id", "not in", told.ids)])
    logs._append(
        [
            {
                "source_id": source.id,
                "action": Action.FOUR_EYES_SET.value,
                "res_model": source.company_id._name,
                "res_id": source.company_id.id,
                "detail": f"{source.company_id.saas_four_eyes}: as before the upgrade",
            }
            for source in sources
            if source.company_id.saas_four_eyes == FourEyes.OFF
        ]
    )
