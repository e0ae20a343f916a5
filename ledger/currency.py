from odoo import models

from ..canonical.money import write_step
from ..canonical.reasons import Cause, Reason


class SaasLedgerCurrency(models.AbstractModel):
    """Makes sure that an amount of a source can be booked exactly as it is stated."""

    _name = "saas.ledger.currency"
    _description = "SaaS currency check"

    def _check(self, source, items_dates):
        """Quarantine items whose currency or amounts can't be booked exactly.

        :param items_dates: pairs of an item with a money fact, and its date.
        :return: the currencies by code, for the items that have no error.
        """
        codes = {item.fact.currency for item, _date in items_dates}
        currencies = {
            currency.name: currency
            for currency in self.env["res.currency"].search([("name", "in", [*codes])])
        }
        first_rates = self._get_first_rate_dates(source, currencies.values())
        for item, date in items_dates:
            currency = currencies.get(item.fact.currency)
            if not currency:
                item.quarantine(
                    Reason.CURRENCY_MISMATCH,
                    self.env._("The currency %s is not active.", item.fact.currency),
                    Cause.CURRENCY.of(item.fact.currency, date),
                )
            elif currency != source.company_id.currency_id and not (
                first_rates.get(currency) and first_rates[currency] <= date
            ):
                item.quarantine(
                    Reason.CURRENCY_MISMATCH,
                    self.env._(
                        "%(currency)s has no rate for %(date)s.",
                        currency=currency.name,
                        date=date,
                    ),
                    Cause.RATE.of(currency.name, date),
                )
            elif not self._is_exact(item.fact, currency):
                item.quarantine(
                    Reason.CURRENCY_MISMATCH,
                    self._describe_decimals(item.fact, currency),
                    Cause.DECIMALS.of(currency.name, item.fact.exponent),
                )
        return currencies

    def _get_first_rate_dates(self, source, currencies):
        """Return since when there are rates: without one Odoo would take 1.0."""
        groups = self.env["res.currency.rate"]._read_group(
            [
                ("currency_id", "in", [currency.id for currency in currencies]),
                ("company_id", "in", (False, source.company_id.root_id.id)),
            ],
            ["currency_id"],
            ["name:min"],
        )
        return dict(groups)

    def _describe_decimals(self, fact, currency):
        """Return the sentence that says what to change, so that amounts fit."""
        return self.env._(
            "An amount has %(stated)s decimals, and the currency %(currency)s has "
            "%(kept)s in Odoo. Its Rounding Factor has to be %(factor)s.",
            stated=fact.exponent,
            currency=currency.name,
            kept=currency.decimal_places,
            factor=write_step(fact.exponent),
        )

    def _is_exact(self, fact, currency):
        """Return whether all amounts fit the decimals that Odoo keeps."""
        spare = fact.exponent - currency.decimal_places
        return spare <= 0 or not any(a % 10**spare for a in fact.amounts)
