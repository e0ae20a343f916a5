from odoo import models

from ...canonical.kinds import Kind


class SaasHandlerRefundTotal(models.AbstractModel):
    """Handles the total that a charge says has been refunded. Each refund has its own
    events, so there is nothing to book: the item waits until these refunds come to the
    total.
    """

    _name = "saas.handler.refund_total"
    _inherit = "saas.handler"
    _description = "SaaS refund total handler"

    def _apply(self, source, items):
        groups = self.env["saas.binding"]._read_group(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.REFUND),
                ("parent_ref", "in", [item.fact.payment for item in items]),
            ],
            ["parent_ref"],
            ["amount:sum"],
        )
        known = dict(groups)
        for item in items:
            if known.get(item.fact.payment, 0) < item.fact.refunded:
                item.park(Kind.REFUND_OF, item.fact.payment)
