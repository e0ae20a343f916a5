"""What the companies beside those on Stripe alone are made of: the company itself, with
the people who work in it, its journals, and its sources. Runs inside an Odoo shell.
"""

from .company_setup import _find_or_create

_PEOPLE = ("admin", "finance", "billing")


def prepare_company(env, country, currency, **values):
    """Return the company of a name, with a chart of accounts, in which the people of
    the demonstration work.

    :param country: the end of its XML id, such as ``uk``; of ``currency``, ``GBP``.
    :param values: the company's name and address.
    """
    env = env(context={**env.context, "chart_template_load": True})
    country, currency = env.ref(f"base.{country}"), env.ref(f"base.{currency}")
    company = _find_or_create(
        env["res.company"],
        [("name", "=", values["name"])],
        {
            **values,
            "country_id": country.id,
            # Else Odoo would ask a service on the Internet about the company.
            "iap_enrich_auto_done": True,
        },
    )
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company)
        company.write(
            {"currency_id": currency.id, "account_fiscal_country_id": country.id}
        )
    users = env["res.users"].search([("login", "in", _PEOPLE)])
    users.write({"company_ids": [(4, company.id)]})
    return company


def prepare_source(company, values):
    """Return the source of a name, ready to book."""
    domain = [("name", "=", values["name"]), ("company_id", "=", company.id)]
    source = _find_or_create(company.env["saas.source"], domain, values)
    # As the button on the source does: what is not chosen yet is created.
    source.action_create_missing_accounts()
    return source


def prepare_bank_journal(company, name, code):
    """Return the journal of a code, for a bank or what is held somewhere."""
    return _find_or_create(
        company.env["account.journal"],
        [("code", "=", code), ("company_id", "=", company.id)],
        {"name": name, "code": code, "type": "bank", "company_id": company.id},
    )


def describe(source):
    """Return what the sender would know: the address' token, and the secret."""
    [secret] = source._get_valid_secrets()
    return {"id": source.id, "token": source.token, "secret": secret}
