from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from .customer import MERGED


class SaasHandlerCustomerMerged(models.AbstractModel):
    """Handles that two customers of a source have become one there: their tenants are
    one from then on. If the customer that goes on isn't known yet, it is waited for.
    """

    _name = "saas.handler.customer_merged"
    _inherit = "saas.handler"
    _description = "SaaS handler of customers that were merged"

    def _apply(self, source, items):
        bindings = self.env["saas.binding"]._find(
            source,
            Kind.CUSTOMER,
            [ref for i in items for ref in (i.fact.external_id, i.fact.winner)],
        )
        for item in items:
            loser, winner = item.fact.external_id, item.fact.winner
            if winner not in bindings:
                item.park(Kind.CUSTOMER, winner)
                continue
            merge = self.env["saas.customers.merge"]
            item.tenant = merge._merge_customers(source, loser, winner, bindings)
            gone = bindings[loser]
            gone.rank = MERGED
            # What is said of the one that is gone says nothing of the other.
            stated = dict(item.tenant.stated_values or {})
            if stated.pop(str(gone.id), None) and stated:
                self.env["saas.customers.field_owner"]._join(item.tenant, stated)
            item.log(Action.CUSTOMER_MERGED, item.tenant, f"{loser}, {winner}")
