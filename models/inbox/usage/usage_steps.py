from odoo import api, models

from ....canonical.reasons import Cause


class SaasSubscriptionEvent(models.Model):
    """Says what to do with usage that contradicts other usage, and leads to it."""

    _inherit = "saas.subscription.event"

    @api.model
    def _get_steps_of_usage(self):
        """Return who should act, and how, by what stopped an event."""
        return {
            Cause.USAGE_CONFLICT.value: (
                "reviewer",
                self.env._(
                    "Open Usage, Waits and look at what contradicts: keep the first "
                    "record, or count the second one instead. A correction by the "
                    "sender settles it, too. Then the event goes on by itself."
                ),
            ),
        }
