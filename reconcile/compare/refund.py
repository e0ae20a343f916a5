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
        """Return each refund's state, and the entry by which it came back, if any."""
        returns = self.env["saas.binding"]._find(source, Kind.REFUND_RETURN, bindings)
        return {
            ref: (_STATES.get(binding.rank), ref in returns and returns[ref])
            for ref, binding in bindings.items()
        }

    def _get_values(self, source, fact, record, known):
        yield from self._get_unbooked_values(source, fact, known)
        yield "amount", fact.decimal(fact.amount), self._get_amount(record)
        yield "currency", fact.currency, record.currency_id.name
        day = self._get_day(source, fact)
        if day == record.date and fact.returned_at:
            _state, back = known[fact.external_id]
            yield from self._get_return_day(source, fact, back)
        else:
            yield "date", day, record.date

    def _get_return_day(self, source, fact, back):
        """Yield the day on which a refund came back."""
        entry = back and back._get_record()
        if entry:
            yield "date", source._localize_date(fact.returned_at), entry.date

    def _get_unbooked_values(self, source, fact, known):
        state, _back = known[fact.external_id]
        yield "state", fact.state, state
