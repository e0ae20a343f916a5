from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..canonical.money import exact


class SaasLedgerRates(models.AbstractModel):
    """Looks up exchange rates, and converts amounts by them as Odoo does.

    A rate is units of a currency per unit of the company's, as Odoo has it: a float.
    """

    _name = "saas.ledger.rates"
    _description = "SaaS rates"

    def _get(self, source, wanted):
        """Return rates by currency id and day, each looked up once.

        :param wanted: pairs of a currency id and a day.
        """
        company = source.company_id
        currencies = self.env["res.currency"]
        return {
            (currency, date): currencies._get_conversion_rate(
                from_currency=company.currency_id,
                to_currency=currencies.browse(currency),
                company=company,
                date=date,
            )
            for currency, date in set(wanted)
        }

    def _find(self, wanted):
        """Return the rates that are known, as a Decimal by the same key, in one query:
        units of the currency per unit of the company's. A day before the first rate has
        none.

        :param wanted: a set of a company, a currency and a day each.
        """
        rates = {key: Decimal(1) for key in wanted if key[0].currency_id == key[1]}
        keys = [key for key in wanted if key not in rates]
        if not keys:
            return rates
        rows = self.env.execute_query(
            SQL(
                """SELECT wanted.number, foreign_rate.rate, own_rate.rate
                     FROM unnest(%s, %s, %s, %s, %s::date[])
                          AS wanted(number, company_id, currency_id, own_id, day)
                     JOIN LATERAL (
                          SELECT rate::text FROM res_currency_rate rate
                           WHERE rate.currency_id = wanted.currency_id
                             AND rate.name <= wanted.day
                             AND COALESCE(rate.company_id, wanted.company_id)
                                 = wanted.company_id
                        ORDER BY rate.company_id, rate.name DESC LIMIT 1
                          ) foreign_rate ON true
                     LEFT JOIN LATERAL (
                          SELECT rate::text FROM res_currency_rate rate
                           WHERE rate.currency_id = wanted.own_id
                             AND rate.name <= wanted.day
                             AND COALESCE(rate.company_id, wanted.company_id)
                                 = wanted.company_id
                        ORDER BY rate.company_id, rate.name DESC LIMIT 1
                          ) own_rate ON true""",
                list(range(len(keys))),
                [company.root_id.id for company, _currency, _day in keys],
                [currency.id for _company, currency, _day in keys],
                [company.currency_id.id for company, _currency, _day in keys],
                [str(day) for _company, _currency, day in keys],
            )
        )
        for number, rate, own in rows:
            rates[keys[number]] = Decimal(rate) / Decimal(own or 1)
        return rates

    def _convert(self, source, amount, rate):
        """Return an amount in the company's currency, as a Decimal. Odoo has rates as
        floats, and rounds in its own way: so do we.
        """
        own = source.company_id.currency_id
        return exact(own.round(float(amount) / rate), own.decimal_places)
