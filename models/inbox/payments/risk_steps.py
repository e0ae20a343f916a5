from odoo import api, models

from ....canonical.reasons import Reason


class SaasSubscriptionEvent(models.Model):
    """Says who should act, and how, when a payment or a customer is at risk."""

    _inherit = "saas.subscription.event"

    @api.model
    def _get_steps_of_risks(self):
        return {
            Reason.AT_RISK: (
                "reviewer",
                self.env._(
                    "Nothing is collected from the tenant, and it gets no reminders. "
                    "Look at the payment at the source: refund it there if it is a "
                    "fraud. Once the tenant may pay as before, open the risk and press "
                    "Clear the Risk."
                ),
            ),
        }
