from odoo import models


class SaasHandlerTaxRate(models.AbstractModel):
    """Keeps the tax rates of a source, which tax rules map by their country, percentage
    and type.
    """

    _name = "saas.handler.tax_rate"
    _inherit = "saas.snapshot"
    _description = "SaaS tax rate handler"

    _record_model = "saas.tax.rate"

    def _prepare_snapshot_vals(self, item):
        fact, details = item.fact, item.fact.details
        return {
            "name": details.display_name or fact.external_id,
            "has_percentage": details.percentage is not None,
            "percentage": details.percentage or 0,
            "inclusive": details.inclusive,
            "country_code": details.country or False,
            "state_code": details.state or False,
            "jurisdiction": details.jurisdiction or False,
            "tax_type": details.tax_type or False,
            "active": details.active,
        }
