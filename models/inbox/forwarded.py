from odoo import fields, models


class SaasSubscriptionEvent(models.Model):
    """Links an event that reached a platform's endpoint with the one at the connected
    account that it is about.

    An event never moves: it is stored anew at the account's own source, perhaps in
    another company. Each of the two names the other. Not everybody who may see one may
    see the other, so screens show the link only to those who may.
    """

    _inherit = "saas.subscription.event"

    forwarded_to_id = fields.Many2one(
        "saas.subscription.event",
        string="Stored Anew As",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The event that was stored anew at the source whose account it is about.",
    )
    forwarded_from_id = fields.Many2one(
        "saas.subscription.event",
        string="Received By",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The event as the platform's endpoint received it.",
    )
    has_forwarded = fields.Boolean(
        compute="_compute_has_forwarded",
        help="Whether you may see the event at the other source.",
    )

    def _compute_has_forwarded(self):
        for event in self:
            event.has_forwarded = bool(event._get_forwarded())

    def _get_forwarded(self):
        """Return the events at the other sources that the user may see."""
        stored = self.sudo()
        others = stored.forwarded_to_id | stored.forwarded_from_id
        return others.with_env(self.env)._filtered_access("read")

    def action_view_forwarded(self):
        """Open this event at the other source."""
        self.check_access("read")
        return self._action_open(self._get_forwarded())
