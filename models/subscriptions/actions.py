from odoo import models


class SaasSubscription(models.Model):
    """The buttons by which people change what is managed here. Each opens the same
    form, which shows the timeline that would come of it.
    """

    _inherit = "saas.subscription"

    def action_activate(self):
        """Ask from when on an agreed subscription runs."""
        return self._action_amend("activate", self.env._("Activate"))

    def action_change(self):
        """Ask for another plan, other quantities or another purchase order."""
        return self._action_amend("change", self.env._("Change"))

    def action_end_trial(self):
        """Ask when the trial ends."""
        return self._action_amend("end_trial", self.env._("End the Trial"))

    def action_pause(self):
        """Ask from when on nothing is used and charged."""
        return self._action_amend("pause", self.env._("Pause"))

    def action_resume(self):
        """Ask from when on a paused subscription goes on."""
        return self._action_amend("resume", self.env._("Resume"))

    def action_renew(self):
        """Ask for the next term."""
        return self._action_amend("renew", self.env._("Renew"))

    def action_cancel(self):
        """Ask when a subscription ends."""
        return self._action_amend("cancel", self.env._("Cancel the Subscription"))

    def action_withdraw(self):
        """Ask which change never happened, or will not."""
        return self._action_amend("withdraw", self.env._("Withdraw a Change"))

    def action_grant_discount(self):
        """Ask for a discount on this subscription."""
        self.ensure_one()
        self._check_may_act("reviewer")
        return self._action_dialog(
            "saas.discount.grant",
            self.env._("Give a Discount"),
            {"default_subscription_id": self.id},
        )

    def _action_amend(self, kind, name, **defaults):
        self.ensure_one()
        self._check_may_act("reviewer")
        context = {"default_subscription_id": self.id, "default_kind": kind}
        return self._action_dialog(
            "saas.subscription.amend", name, {**context, **defaults}
        )

    def _action_dialog(self, model, name, context):
        events = self.env["saas.subscription.event"]
        return self._in_company(events._action_dialog(model, name, context))


class SaasSubscriptionChange(models.Model):
    """The button by which people take back a change, whoever told it."""

    _inherit = "saas.subscription.change"

    def action_withdraw(self):
        """Ask whether this change is withdrawn."""
        self.ensure_one()
        return self.subscription_id._action_amend(
            "withdraw",
            self.env._("Withdraw a Change"),
            default_withdraw_id=self.id,
        )


class SaasDiscount(models.Model):
    """The button by which people end a discount."""

    _inherit = "saas.discount"

    def action_end(self):
        """Ask when this discount ends."""
        self.ensure_one()
        self._check_may_act("reviewer")
        events = self.env["saas.subscription.event"]
        action = events._action_dialog(
            "saas.discount.grant",
            self.env._("End the Discount"),
            {"default_discount_id": self.id},
        )
        return self._in_company(action)
