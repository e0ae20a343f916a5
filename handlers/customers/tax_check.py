from odoo import models

from ...canonical.moments import naive


class SaasHandlerTaxCheck(models.AbstractModel):
    """Keeps what authorities said of tax numbers, as a proof of what was known when a
    document was issued. Nothing is booked from it.
    """

    _name = "saas.handler.tax_check"
    _inherit = "saas.snapshot"
    _description = "SaaS tax check handler"

    _record_model = "saas.tax.check"
    _is_of_tenant = True

    def _prepare_snapshot_vals(self, item):
        fact = item.fact
        return {
            "tenant_id": item.tenant.id,
            "value": fact.value,
            "country_code": fact.country_code or False,
            "result": fact.result,
            "checked_at": naive(fact.checked_at),
            "authority": fact.authority or False,
            "proof": fact.proof or False,
        }
