from odoo import models

from ...canonical.kinds import Kind
from ...canonical.moments import naive


class SaasComparatorSubscription(models.AbstractModel):
    """Compares subscriptions: their state, and the period they are in."""

    _name = "saas.comparator.subscription"
    _inherit = "saas.comparator"
    _description = "SaaS subscription comparator"

    _kind = Kind.SUBSCRIPTION
    _model = "saas.subscription"

    def _get_day(self, source, fact):
        return fact.started_at and source._localize_date(fact.started_at)

    def _get_our_day(self, source, record):
        return record.date_start and source._localize_date(record.date_start)

    def _get_tenant(self, record):
        return record.tenant_id

    def _is_over(self, record):
        return record.state in ("canceled", "incomplete_expired")

    def _describe(self, source, fact):
        return fact.state or ""

    def _prepare(self, source, facts, bindings):
        return self.env["saas.tenant"]._find(
            source, [fact.customer for fact in facts if fact.customer]
        )

    def _get_values(self, source, fact, record, known):
        yield "state", fact.state or record.state, record.state
        yield "currency", fact.currency, record.currency_id.name
        yield "period_start", naive(fact.period_start), record.period_start
        yield "period_end", naive(fact.period_end), record.period_end
        yield "date_canceled", naive(fact.canceled_at), record.date_canceled
        tenant = known.get(fact.customer)
        if tenant != record.tenant_id:
            yield "customer", fact.customer, record.tenant_id.ref

    def _get_period_domain(self, source, date_from, date_to):
        since, until = (
            moment.replace(tzinfo=None)
            for moment in source._get_moments(date_from, date_to)
        )
        return [
            ("source_id", "=", source.id),
            ("date_start", ">=", since),
            ("date_start", "<", until),
        ]
