from odoo import models

from ...canonical.reasons import Reason
from ...ledger.transfer import Transfer


class SaasHandlerBalanceAdjustment(models.AbstractModel):
    """Customers' balances that somebody changed by hand at the source."""

    _name = "saas.handler.balance_adjustment"
    _inherit = "saas.ledger.transfer"
    _description = "SaaS balance adjustment handler"

    def _apply(self, source, items):
        items = self.env["saas.cutover"]._set_aside_adjustments(source, items)
        self._require(
            source,
            [
                (item, field)
                for item in items
                for field in ("balance_account_id", "adjustment_account_id")
            ],
        )
        self._find_tenants(source, items)
        known = self._get_bindings(
            source, "balance_adjustment", [item.fact.external_id for item in items]
        )
        self._post(
            source,
            [
                Transfer(
                    item=item,
                    kind="balance_adjustment",
                    external_id=fact.external_id,
                    date=source._localize_date(fact.adjusted_at),
                    debit=source.adjustment_account_id,
                    credit=source.balance_account_id,
                    amount=fact.decimal(fact.amount),
                    ref=fact.external_id,
                    minor=fact.amount,
                )
                for item in items
                if not item.error
                and (fact := item.fact).external_id not in known
                and fact.amount
            ],
        )

    def _find_tenants(self, source, items):
        tenants = self._get_tenants(
            source, [item.fact.customer for item in items if item.fact.customer]
        )
        for item in items:
            if item.error:
                continue
            if not item.fact.customer:
                item.quarantine(
                    Reason.UNKNOWN_TENANT, self.env._("it names no customer")
                )
            elif item.fact.customer in tenants:
                item.tenant = tenants[item.fact.customer]
            else:
                item.park("customer", item.fact.customer)
