from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain

from .. import parts, words

_WATERFALL = "saas_billing_sync.saas_revenue_waterfall_action"
#: How many months are shown: those that have passed, and the present one with those to
#: come.
_BEFORE, _AFTER = 6, 12


class SaasMetricsEarned(models.AbstractModel):
    """Lays out what is deferred: a part of the page *Finance*. It is what the waterfall
    says of the companies in which the user works, each currency by itself.
    """

    _name = "saas.metrics.earned"
    _description = "SaaS figures of deferred revenue"

    def _lay_out(self):
        """Return the section."""
        found, left = self._read(), self._read_left()
        first = fields.Date.context_today(self).replace(day=1)
        months = [first + relativedelta(months=n) for n in range(-_BEFORE, _AFTER)]
        series = []
        for currency in left:
            for label, index in (
                (self.env._("%s, recognised", currency.name), 0),
                (self.env._("%s, to come", currency.name), 1),
            ):
                values = [found.get((currency, m), (0, 0))[index] for m in months]
                series.append((label, values))
        labels = [f"{month:%Y-%m}" for month in months]
        return parts.section(
            "earned",
            self.env._("Deferred Revenue"),
            [self._lay_out_tile(*pair) for pair in left.items()],
            None if left else parts.table([], [], self.env._("Nothing is deferred.")),
            parts.chart(labels, series, is_stacked=True) if left else None,
        )

    def _read(self):
        """Return what is recognised and what is to come, by currency and month."""
        rows = self.env["saas.revenue.waterfall"]._read_group(
            self._get_domain(),
            ["company_currency_id", "month:month"],
            ["recognized:sum", "unrecognized:sum"],
        )
        return {(currency, month): pair for currency, month, *pair in rows}

    def _read_left(self):
        """Return what is still deferred, by currency."""
        rows = self.env["saas.revenue.waterfall"]._read_group(
            self._get_domain(), ["company_currency_id"], ["unrecognized:sum"]
        )
        return dict(rows)

    def _get_domain(self):
        return Domain("company_id", "in", self.env.companies.ids)

    def _lay_out_tile(self, currency, amount):
        return parts.tile(
            f"deferred_{currency.name}",
            self.env._("Still Deferred"),
            amount,
            words.amount(self.env, amount, currency),
            parts.opening(
                self.env._("Waterfall"),
                [("company_currency_id", "=", currency.id)],
                _WATERFALL,
            ),
        )
