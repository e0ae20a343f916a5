from odoo import fields, models

from ...canonical.display import metrics
from ...canonical.money import exact
from .. import domains
from ..sample import Sample


class SaasMetricsPayouts(models.AbstractModel):
    """Reads which payouts have arrived and are not proved."""

    _name = "saas.metrics.payouts"
    _description = "SaaS figures of payouts"

    def _read(self):
        """Return the samples of the companies in which the user works."""
        today = fields.Date.context_today(self)
        rows = self.env["saas.payout"]._read_group(
            [*domains.UNPROVED, ("company_id", "in", self.env.companies.ids)],
            ["company_id", "source_id", "currency_id"],
            ["__count", "amount:sum", "arrival_date:min"],
        )
        samples = []
        for company, source, currency, count, amount, oldest in rows:
            place = (company.id, source.id, {"currency": currency.name})
            value = exact(amount, currency.decimal_places)
            days = (today - oldest).days if oldest else 0
            samples.append(Sample(metrics.UNPROVED, count, *place))
            samples.append(Sample(metrics.UNPROVED_AMOUNT, value, *place))
            samples.append(Sample(metrics.UNPROVED_OLDEST, max(days, 0), *place))
        return samples
