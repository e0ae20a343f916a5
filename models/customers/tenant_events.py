from odoo import api, models


class SaasTenant(models.Model):
    """Takes the events that came before anybody knew whose they are."""

    _inherit = "saas.tenant"

    @api.model
    def _claim_events(self, source, customers):
        """Name the tenants of earlier events of customers that are known now.

        :param customers: the customers' external ids.
        """
        if not customers:
            return
        events = self.env["saas.subscription.event"].search(
            [
                ("source_id", "=", source.id),
                ("customer_ref", "in", customers),
                ("tenant_id", "=", False),
            ]
        )
        if not events:
            return
        tenants = self._find(source, events.mapped("customer_ref"))
        for customer, own in events.grouped("customer_ref").items():
            if customer in tenants:
                own.tenant_id = tenants[customer]
