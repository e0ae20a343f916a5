from odoo import fields, models

from ..canonical.display import metrics
from . import domains
from .sample import Sample, share


class SaasMetricsExceptions(models.AbstractModel):
    """Reads which share of what a week brought waits for a person."""

    _name = "saas.metrics.exceptions"
    _description = "SaaS figures of exceptions"

    def _read(self):
        """Return the samples of the companies in which the user works."""
        events = self.env["saas.subscription.event"]
        received = events._read_group(self._get_recent(), ["source_id"], ["__count"])
        totals = {source.id: count for source, count in received}
        rows = events._read_group(
            [*domains.FAILING, *self._get_recent()],
            ["company_id", "source_id", "reason"],
            ["__count"],
        )
        return [
            Sample(
                metrics.EXCEPTIONS,
                share(count, totals[source.id]),
                company.id,
                source.id,
                {"reason": reason or ""},
            )
            for company, source, reason, count in rows
        ]

    def _read_by_tenant(self, limit=10):
        """Return the tenants with most events that wait for a person, as tuples of the
        tenant (empty where none is known), how many wait, and of how many.
        """
        events = self.env["saas.subscription.event"]
        failing = events._read_group(
            [*domains.FAILING, *self._get_recent()],
            ["tenant_id"],
            ["__count"],
            order="__count DESC, tenant_id",
            limit=limit,
        )
        tenants = [tenant.id or False for tenant, _count in failing]
        received = events._read_group(
            [("tenant_id", "in", tenants), *self._get_recent()],
            ["tenant_id"],
            ["__count"],
        )
        totals = {tenant.id: count for tenant, count in received}
        return [(tenant, count, totals[tenant.id]) for tenant, count in failing]

    def _get_recent(self):
        """Return the terms for the events of the last week."""
        since = fields.Datetime.to_string(fields.Datetime.now() - domains.WEEK)
        return [
            ("company_id", "in", self.env.companies.ids),
            ("received_at", ">", since),
        ]
