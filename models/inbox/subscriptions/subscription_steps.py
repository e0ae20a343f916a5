from odoo import models
from odoo.exceptions import UserError

from ....canonical.kinds import Kind
from ....canonical.reasons import Reason


class SaasSubscriptionEvent(models.Model):
    """Says what to do where a plan can't be sold, or a change of a subscription can't
    be so, and opens the screen for it.
    """

    _inherit = "saas.subscription.event"

    def _get_steps_of_subscriptions(self):
        """Return who should act, and how, when a subscription can't be as is told."""
        return {
            Reason.UNUSABLE_PLAN: (
                "manager",
                self.env._(
                    "Press Open Plans and publish what the detail says is missing: the "
                    "events that wait for it go on by themselves. If the sender is "
                    "wrong, have it send the right one, and ignore this event."
                ),
            ),
            Reason.NOT_ALLOWED: (
                "reviewer",
                self.env._(
                    "It is kept, and has no effect. Press Open Subscription and look "
                    "at what was told before. If that was wrong, withdraw it there: "
                    "this event goes on by itself. If this event is wrong, ignore it."
                ),
            ),
        }

    def action_open_plans(self):
        """Open the plans of the company of these events."""
        plans = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_plan_action"
        )
        return self._in_company(plans)

    def action_open_subscription(self):
        """Open the subscription that this event is about.

        :raises UserError: if it is about none that is known.
        """
        self.ensure_one()
        named = {getattr(fact, "subscription", "") for fact in self._get_facts()}
        found = self.env["saas.binding"]._find(
            self.source_id, Kind.SUBSCRIPTION, filter(None, named)
        )
        subscriptions = self.env["saas.subscription"].browse(
            binding.res_id for binding in found.values()
        )
        if not subscriptions:
            raise UserError(
                self.env._(
                    "The subscription that this event names is not known, so there is "
                    "none to open."
                )
            )
        return self._action_open(subscriptions)
