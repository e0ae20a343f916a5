from datetime import UTC

from odoo import models

from ...canonical.kinds import Kind
from ...canonical.money import exact


class SaasComparatorPayout(models.AbstractModel):
    """Compares payouts: whether both sides know the same ones. Whether every cent of a
    payout is explained is proved by ``saas.clearing.proof``.
    """

    _name = "saas.comparator.payout"
    _inherit = "saas.comparator"
    _description = "SaaS payout comparator"

    _kind = Kind.PAYOUT
    _model = "saas.payout"
    _ends_at_cutover = True

    def _get_day(self, source, fact):
        # A payout names the day of its arrival, at midnight UTC, and no moment.
        return fact.arrives_at.astimezone(UTC).date()

    def _get_our_day(self, source, record):
        return record.arrival_date

    def _get_tenant(self, record):
        return None

    def _is_over(self, record):
        return record.state in ("canceled", "failed")

    def _describe(self, source, fact):
        amount = self._format(source, fact.decimal(fact.amount), fact.currency)
        return f"{amount}, {fact.state}"

    def _describe_ours(self, source, record):
        amount = exact(record.amount, record.currency_id.decimal_places)
        text = self._format(source, amount, record.currency_id.name)
        return f"{record.display_name}, {text}"

    def _get_values(self, source, fact, record, known):
        ours = exact(record.amount, record.currency_id.decimal_places)
        is_missing = fact.state == "paid" and not record.move_id
        yield "amount", fact.decimal(fact.amount), None if is_missing else ours
        yield "currency", fact.currency, record.currency_id.name
        yield "date", self._get_day(source, fact), record.arrival_date
        yield "state", fact.state, record.state

    def _get_period_domain(self, source, date_from, date_to):
        return [
            ("source_id", "=", source.id),
            ("arrival_date", ">=", date_from),
            ("arrival_date", "<=", date_to),
        ]
