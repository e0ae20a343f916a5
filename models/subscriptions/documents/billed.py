from odoo import fields, models


class SaasSubscription(models.Model):
    """Shows what of a subscription is billed."""

    _inherit = "saas.subscription"

    charge_count = fields.Integer(compute="_compute_charge_count", string="Charges")

    def _compute_charge_count(self):
        # It is counted as superuser: who sees the subscription may know how many.
        groups = (
            self.env["saas.charge"]
            .sudo()
            ._read_group(
                [("subscription_id", "in", self.ids)], ["subscription_id"], ["__count"]
            )
        )
        counts = {subscription.id: count for subscription, count in groups}
        for subscription in self:
            subscription.charge_count = counts.get(subscription.id, 0)

    def action_view_charges(self):
        """Open what was charged for this subscription."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_charge_action"
        )
        domain = [("subscription_id", "=", self.id)]
        return self._in_company({**action, "domain": domain})
