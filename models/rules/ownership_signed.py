from odoo import models

from ...canonical.review.duties import Decision


class SaasOwnership(models.Model):
    """Who is heeded decides what is booked: others sign that, once anything is."""

    _inherit = "saas.ownership"

    def _get_decisive(self, operation, vals):
        """Until a company has booked something, its rules are its set-up."""
        changed = self._get_changed(operation, vals)
        sources = (
            self.env["saas.source"]
            .sudo()
            .search([("company_id", "in", changed.company_id.ids)])
        )
        booked = sources.filtered(lambda source: source._has_booked()).company_id
        return changed.filtered(lambda rule: rule.company_id in booked)

    def _get_ruled_kind(self, operation, vals):
        return Decision.OWNERSHIP

    def _get_ruled_amount(self):
        """Nobody knows what will come from a system that is heeded, or no more."""
        return None
