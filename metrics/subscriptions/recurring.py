from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain

from .. import parts, words

_MONTHS = "saas_billing_sync.saas_mrr_month_action"
_MOVED = ("new_amount", "expansion", "contraction", "churn", "reactivation")
_READ = (
    *("opening:sum", *(f"{name}:sum" for name in _MOVED), "closing:sum"),
    *("closing_year:sum", "closing_tenants:sum", "net_retention:avg"),
)


class SaasMetricsRecurring(models.AbstractModel):
    """Lays out what recurs: a part of the page *Finance*. It is found from the
    movements of the companies in which the user works, each currency by itself.
    """

    _name = "saas.metrics.recurring"
    _description = "SaaS figures of what recurs"

    def _lay_out(self):
        """Return the section."""
        months = self._read()
        currencies = dict.fromkeys(currency for currency, _month in months)
        series = [
            (
                currency.name,
                [values["closing"] for _m, values in self._of(months, currency)],
            )
            for currency in currencies
        ]
        labels = sorted({month for _currency, month in months})
        return parts.section(
            "recurring",
            self.env._("What Recurs"),
            [tile for own in currencies for tile in self._lay_out_tiles(months, own)],
            self._lay_out_table(months, currencies),
            parts.chart([f"{month:%Y-%m}" for month in labels], (), series)
            if series
            else None,
        )

    def _read(self):
        """Return the values of the last twelve months, by the company's currency and
        the month.
        """
        this_month = fields.Date.context_today(self).replace(day=1)
        first = this_month - relativedelta(months=11)
        rows = self.env["saas.mrr.month"]._read_group(
            Domain("company_id", "in", self.env.companies.ids)
            & Domain("month", ">=", first)
            & Domain("month", "<=", this_month),
            ["company_currency_id", "month:month"],
            _READ,
        )
        names = [spec.partition(":")[0] for spec in _READ]
        found = {
            (currency, month): dict(zip(names, values, strict=True))
            for currency, month, *values in rows
        }
        # Each picture and table has all months, also those before the first movement.
        empty = dict.fromkeys(names, 0) | {"net_retention": None}
        return {
            (currency, month): found.get((currency, month), empty)
            for currency in dict.fromkeys(currency for currency, _month in found)
            for number in range(12)
            for month in (first + relativedelta(months=number),)
        }

    def _of(self, months, currency):
        """Return the months of a currency with their values, in order."""
        return [(m, values) for (own, m), values in months.items() if own == currency]

    def _lay_out_tiles(self, months, currency):
        *before, (_month, now) = self._of(months, currency)
        tiles = [
            parts.tile(
                name,
                label,
                now[field],
                words.amount(self.env, now[field], currency),
            )
            for name, label, field in (
                ("mrr", self.env._("MRR"), "closing"),
                ("arr", self.env._("ARR"), "closing_year"),
            )
        ]
        retained = before[-1][1]["net_retention"] if before else None
        if retained is not None:
            label = self.env._("Net Retention, Last Month")
            text = words.percent(self.env, retained)
            tiles.append(parts.tile("net_retention", label, retained, text))
        return tiles

    def _lay_out_table(self, months, currencies):
        columns = [
            self.env._("Month"),
            self.env._("At the Beginning"),
            self.env._("New"),
            self.env._("Expansion"),
            self.env._("Contraction"),
            self.env._("Churn"),
            self.env._("Reactivation"),
            self.env._("MRR"),
            self.env._("Tenants"),
        ]
        rows = [
            parts.row(
                [
                    f"{month:%Y-%m}",
                    *(
                        words.amount(self.env, values[name], currency)
                        for name in ("opening", *_MOVED, "closing")
                    ),
                    words.number(self.env, values["closing_tenants"]),
                ],
                self._open(f"{month:%Y-%m}", currency, month),
            )
            for currency in currencies
            for month, values in reversed(self._of(months, currency))
        ]
        empty = self.env._("Nothing recurs yet.")
        return parts.table(columns, rows, empty)

    def _open(self, name, currency, month):
        """Return what a row opens: the report of its month."""
        domain = [
            ("company_currency_id", "=", currency.id),
            ("month", "=", fields.Date.to_string(month)),
        ]
        return parts.opening(name, domain, _MONTHS)
