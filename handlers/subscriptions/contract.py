from odoo import Command, models

from ...canonical.facts import CONTRACT_RANK
from ...canonical.moments import naive
from ...canonical.money import write_plainly


class SaasHandlerContract(models.AbstractModel):
    """Mirrors deals that were won. Nothing is booked from them. A deal may be won again
    after it was withdrawn, so the later version counts; of one version, the higher
    rank.
    """

    _name = "saas.handler.contract"
    _inherit = "saas.snapshot"
    _description = "SaaS contract handler"

    _record_model = "saas.contract"
    _is_of_tenant = True
    _may_go_back = True

    def _get_rank(self, fact):
        return CONTRACT_RANK.get(fact.state, 0)

    def _prepare_snapshot_vals(self, item):
        fact = item.fact
        return {
            "tenant_id": item.tenant.id,
            **({"state": fact.state} if fact.state else {}),
            "number": fact.number or False,
            "currency_code": fact.currency,
            "won_at": naive(fact.won_at),
            "starts_on": fact.starts_on or False,
            "ends_on": fact.ends_on or False,
            "term_months": fact.term_months,
            "period_months": fact.period_months,
            "purchase_order": fact.purchase_order or False,
            "line_ids": [
                Command.clear(),
                *(Command.create(self._prepare_line_vals(line)) for line in fact.lines),
            ],
        }

    def _prepare_line_vals(self, line):
        return {
            "external_id": line.external_id,
            "product_ref": line.product or False,
            "price_ref": line.price or False,
            "description": line.description or False,
            "quantity": line.quantity,
            "stated_quantity": write_plainly(line.quantity),
            "unit_amount": f"{line.decimal(line.unit_amount):f}",
        }
