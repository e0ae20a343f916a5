from odoo import fields, models
from odoo.tools import SQL

from ...canonical.display import metrics
from ...canonical.money import exact
from .. import domains
from ..sample import Sample


class SaasMetricsReceivables(models.AbstractModel):
    """Reads what is open of invoices, mirrored and own, and of payments: the journal
    items that an index of Odoo's holds as not reconciled.
    """

    _name = "saas.metrics.receivables"
    _description = "SaaS figures of receivables"

    def _read(self):
        """Return the samples of the companies in which the user works."""
        return [*self._read_unmatched(), *self._read_ageing()]

    def _read_unmatched(self):
        rows = self.env["account.move.line"]._read_group(
            [*domains.UNMATCHED, ("company_id", "in", self.env.companies.ids)],
            ["company_id", "currency_id"],
            ["__count", "amount_residual_currency:sum"],
        )
        samples = []
        for company, currency, count, amount in rows:
            labels = {"currency": currency.name}
            # A credit is below zero in the books.
            value = -exact(amount, currency.decimal_places)
            place = {"company_id": company.id, "labels": labels}
            samples.append(Sample(metrics.UNMATCHED, count, **place))
            samples.append(Sample(metrics.UNMATCHED_AMOUNT, value, **place))
        return samples

    def _read_ageing(self):
        currencies = {company.id: company.currency_id for company in self.env.companies}
        samples = []
        for company, age, count, amount in self._aggregate():
            currency = currencies[company]
            labels = {"age": age, "currency": currency.name}
            value = exact(float(amount), currency.decimal_places)
            place = {"company_id": company, "labels": labels}
            samples.append(Sample(metrics.RECEIVABLES, count, **place))
            samples.append(Sample(metrics.RECEIVABLES_AMOUNT, value, **place))
        return samples

    def _aggregate(self):
        """Return how many receivables are open, and how much, by company and age, in
        one query over what the user may see.
        """
        lines = self.env["account.move.line"]
        own = [("company_id", "in", self.env.companies.ids)]
        query = lines._search([*domains.RECEIVABLES, *own])
        today = fields.Date.context_today(self)
        due = SQL("%s::date - account_move_line.date_maturity", today)
        age = SQL(
            "CASE %s END",
            SQL(" ").join(
                SQL("ELSE %s", name)
                if most is None
                else SQL("WHEN %s <= %s THEN %s", due, most, name)
                for name, (_least, most) in domains.AGES.items()
            ),
        )
        query.groupby = SQL("1, 2")
        return self.env.execute_query(
            query.select(
                SQL("account_move_line.company_id"),
                age,
                SQL("count(*)"),
                SQL("sum(account_move_line.amount_residual)"),
            )
        )
