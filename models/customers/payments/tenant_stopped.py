from odoo import models


class SaasTenant(models.Model):
    """Says of which tenants nobody asks for money, whatever they owe."""

    _inherit = "saas.tenant"

    def _filter_collection_stopped(self):
        """Return those of these tenants whose collection is stopped."""
        return self.browse()
