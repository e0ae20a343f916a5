from odoo import fields, models
from odoo.fields import Domain


class SaasSubscriptionEvent(models.Model):
    """Adds up what events tell of money, for who has to sign a decision about them, and
    shows that one waits for a signature.
    """

    _inherit = "saas.subscription.event"

    approval_id = fields.Many2one(
        "saas.approval", string="Waits to Be Signed", compute="_compute_approval_id"
    )

    def _compute_approval_id(self):
        """Find the newest proposal about each event, in one query for all of them."""
        approvals = self.env["saas.approval"]
        waiting = approvals.search(
            Domain("event_ids", "in", self.ids) & approvals._get_waiting_domain(),
            order="id",
        )
        newest = {event: each for each in waiting for event in each.event_ids}
        for event in self:
            event.approval_id = newest.get(event._origin)

    def _sum_stakes(self):
        """Return what is at stake with these events in their company's currency, each
        object once; None if that is not known of one of them.
        """
        worths = {}
        for event in self.sudo():
            if not event.is_stake_known:
                return None
            if event.object_ref:
                key = event.source_id.id, event.object_kind, event.object_ref
                worths[key] = max(worths.get(key, 0), event.stake_company)
        return sum(worths.values())
