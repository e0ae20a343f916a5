from odoo import models

from ...canonical.facts import REFUND_RANK
from ...canonical.kinds import Kind

_STATES = {rank: state for state, rank in REFUND_RANK.items()}


class SaasComparatorRefund(models.AbstractModel):
    """Compares refunds: money sent back to customers."""

    _name = "saas.comparator.refund"
    _inherit = "saas.comparator.cash"
    _description = "SaaS refund comparator"

    _kind = Kind.REFUND
    _payment_type = "outbound"

    def _get_day(self, source, fact):
        return source._localize_date(fact.refunded_at)

    def _is_expected(self, fact):
        # One that was called off before any money moved is nothing to book.
        return fact.left or fact.state == "pending"

    def _prepare(self, source, facts, bindings):
        return {ref: _STATES.get(binding.rank) for ref, binding in bindings.items()}

    def _get_values(self, source, fact, record, known):
        yield from self._get_unbooked_values(source, fact, known)
        yield "amount", fact.decimal(fact.amount), self._get_amount(record)
        yield "currency", fact.currency, record.currency_id.name
        yield "date", self._get_day(source, fact), record.date

    def _get_unbooked_values(self, source, fact, known):
        yield "state", fact.state, known[fact.external_id]
