from odoo import models

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

    def _convert(self, source, amount, rate):
        """Return an amount in the company's currency, as a Decimal. Odoo has rates as
        floats, and rounds in its own way: so do we.
        """
        own = source.company_id.currency_id
        return exact(own.round(float(amount) / rate), own.decimal_places)
