from odoo import api, models


class SaasPrice(models.Model):
    """Has the billing run look again at whom a tenant's own price concerns, and counts
    what recurs: what they have costs something else from its beginning on. A change of
    one calls it, too.
    """

    _inherit = "saas.price"

    @api.model_create_multi
    def create(self, vals_list):
        prices = super().create(vals_list)
        prices._concern_tenants()
        return prices

    def unlink(self):
        tenants = self._concern_tenants()
        result = super().unlink()
        self.env["saas.mrr.movement"]._refresh(tenants)
        return result

    def _concern_tenants(self):
        """Have the subscriptions of tenants billed anew since own prices begin, and
        what recurs of them counted.

        :return: the tenants.
        """
        own = self.sudo().filtered(
            lambda price: price.tenant_id and price.version_id.state != "draft"
        )
        for (tenant, begin), _prices in own.grouped(
            lambda price: (price.tenant_id, price.valid_from)
        ).items():
            held = tenant.subscription_ids.filtered("is_managed")
            held._look_again(begin)
        self.env["saas.mrr.movement"]._refresh(own.tenant_id)
        return own.tenant_id
