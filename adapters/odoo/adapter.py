from odoo import models

from ...canonical.border.inbound import Capability


class SaasAdapterOdoo(models.AbstractModel):
    """Odoo itself as the issuer of invoices. A source of this kind keeps the journal,
    the log and the bindings of what is billed here. It has no endpoint, no secret and
    no key: its address is not known to the webhook, and nothing is read.
    """

    _name = "saas.adapter.odoo"
    _inherit = "saas.adapter"
    _description = "Odoo adapter"

    _capabilities = frozenset({Capability.ISSUES_DOCUMENTS})
    _is_own = True
    _signs_time = False
    _credential_kinds = ()

    def _get_setup_steps(self, source):
        return [
            self.env._(
                "Choose the journal that the numbers of your own invoices are drawn "
                "from, under Accounting."
            ),
            self.env._(
                "On each tenant whose invoices Odoo is to issue, choose Issued by Odoo."
            ),
            self.env._(
                "To have invoices collected, choose on the tenant the source that "
                "collects. A tenant without one pays by transfer."
            ),
        ]
