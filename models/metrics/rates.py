"""What one unit of a currency is in a company's currency on a day, in SQL."""

from odoo.tools import SQL

_LISTED = """
    COALESCE(
        (SELECT rate FROM res_currency_rate
          WHERE currency_id = %(currency)s AND name <= %(day)s
            AND (company_id IS NULL OR company_id = %(root)s)
          ORDER BY company_id, name DESC LIMIT 1),
        (SELECT rate FROM res_currency_rate
          WHERE currency_id = %(currency)s
            AND (company_id IS NULL OR company_id = %(root)s)
          ORDER BY company_id, name LIMIT 1),
        1)
"""


def find_rate(currency, company, day):
    """Return an expression that says what one unit of a currency is in the currency of
    a company, as Odoo finds it: by the rates of that day or the last ones before, else
    by the first ones there are.

    :param currency: an expression for the id of the currency.
    :param company: the alias of ``res_company`` in the query.
    :param day: an expression for the day.
    """
    own = SQL("%s.currency_id", company)
    # Rates are those of the company at the top.
    root = SQL("split_part(%s.parent_path, '/', 1)::int", company)
    return SQL(
        "CASE WHEN %(currency)s = %(own)s THEN 1 ELSE %(listed)s / %(other)s END",
        currency=currency,
        own=own,
        listed=SQL(_LISTED, currency=own, root=root, day=day),
        other=SQL(_LISTED, currency=currency, root=root, day=day),
    )
