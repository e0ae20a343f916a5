from odoo import models

from ...canonical.kinds import Kind
from ...ledger.entry import OTHER, Entry, transfer


class SaasHandlerCreditAdjustment(models.AbstractModel):
    """Handles customer credit that somebody changed by hand at the source."""

    _name = "saas.handler.balance_adjustment"
    _inherit = "saas.handler"
    _description = "SaaS credit adjustment handler"

    def _apply(self, source, items):
        items = self.env["saas.cutover"]._ignore_old_adjustments(source, items)
        ledger = self.env["saas.ledger.entry"]
        ledger._require(
            source,
            OTHER,
            [
                (item, field)
                for item in items
                for field in ("balance_account_id", "adjustment_account_id")
            ],
        )
        items = [item for item in items if not item.error]
        self._find_tenants(source, items)
        known = self.env["saas.binding"]._find(
            source, Kind.CREDIT_ADJUSTMENT, [item.fact.external_id for item in items]
        )
        ledger._book_or_raise(
            source,
            [
                self._prepare_entry(source, item)
                for item in items
                if not item.error and item.fact.external_id not in known
            ],
        )

    def _prepare_entry(self, source, item):
        """Return the entry of an adjustment: Dr adjustments, Cr customer credit."""
        fact, partner = item.fact, item.tenant.booking_partner_id.commercial_partner_id
        return Entry(
            item,
            OTHER,
            Kind.CREDIT_ADJUSTMENT,
            fact.external_id,
            source._localize_date(fact.adjusted_at),
            transfer(
                source.adjustment_account_id,
                source.balance_account_id,
                fact.decimal(fact.amount),
                fact.external_id,
                partner,
            ),
            binding={"amount": fact.amount},
        )
