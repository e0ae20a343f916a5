"""The companies, their books and their sources, as a person would set them up.

Runs inside an Odoo shell. What is there already is taken as it is, so it may run again.
"""

import secrets
from datetime import date

from ..make_believe.stripe.units import EXPONENTS
from . import by_hand, catalogue
from .people import users


def prepare(env, has_past=True):
    """Set everything up; return what a client needs to know.

    In: whether people had entered something by hand before.
    """
    for code in EXPONENTS:
        env.ref(f"base.{code}").active = True
    companies = {
        entity.key: _prepare_company(env, entity) for entity in catalogue.ENTITIES
    }
    people = users.prepare(env, list(companies.values()))
    products = _prepare_products(env)
    sources = {}
    for entity in catalogue.ENTITIES:
        company = companies[entity.key]
        inside = env(context={**env.context, "allowed_company_ids": company.ids})
        company = company.with_env(inside)
        _prepare_rates(company, entity)
        source = _prepare_source(company, entity, products, people["admin"])
        sources[entity.key] = _describe_access(source)
    if has_past:
        by_hand.prepare(env, companies, products)
    keys = users.make_api_keys(env, people, catalogue.COMMENT)
    return {"api_key": keys["admin"], "api_keys": keys, "sources": sources}


def _find_or_create(model, domain, values):
    return model.search(domain, limit=1) or model.create(values)


def _prepare_company(env, entity):
    """Return the company of an entity, with a chart of accounts. The first is the one
    that every database begins with.
    """
    # Else Odoo would install its modules for the company's country.
    env = env(context={**env.context, "chart_template_load": True})
    currency = env.ref(f"base.{entity.currency}")
    country = env.ref(f"base.{entity.country.lower()}")
    values = {
        "name": entity.company,
        "street": entity.street,
        "city": entity.city,
        "zip": entity.zip,
        "country_id": country.id,
        # Else Odoo would ask a service on the Internet about the company.
        "iap_enrich_auto_done": True,
    }
    if entity is catalogue.ENTITIES[0]:
        company = env.ref("base.main_company")
        company.write(values)
    else:
        domain = [("name", "=", entity.company)]
        company = _find_or_create(env["res.company"], domain, values)
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company)
        # The chart is made for dollars and the United States.
        company.write(
            {"currency_id": currency.id, "account_fiscal_country_id": country.id}
        )
    company.partner_id.tz = entity.tz
    return company


def _prepare_products(env):
    """Return the products that are mapped, by key; both companies share them."""
    return {
        product.key: _find_or_create(
            env["product.product"],
            [("default_code", "=", f"SAAS-{product.key.upper()}")],
            {
                "name": product.name,
                "default_code": f"SAAS-{product.key.upper()}",
                "type": "service",
                "list_price": float(product.unit),
                "taxes_id": [(5,)],
            },
        )
        for product in catalogue.PRODUCTS
        if product.mapped
    }


def _prepare_rates(company, entity):
    for code, rates in catalogue.RATES.get(entity.key, {}).items():
        currency = company.env.ref(f"base.{code}")
        for day, rate in rates:
            first = date(catalogue.YEAR, catalogue.MONTH, day)
            domain = [
                ("currency_id", "=", currency.id),
                ("company_id", "=", company.id),
                ("name", "=", first),
            ]
            values = {
                "currency_id": currency.id,
                "company_id": company.id,
                "name": first,
                "company_rate": float(rate),
            }
            _find_or_create(company.env["res.currency.rate"], domain, values)


def _prepare_accounts(company):
    """Return the accounts, by key, that nobody else creates."""
    return {
        key: _find_or_create(
            company.env["account.account"],
            [("code", "=", code)],
            {"code": code, "name": name, "account_type": account_type},
        )
        for key, (code, name, account_type) in catalogue.OTHER_ACCOUNTS.items()
    }


def _prepare_source(company, entity, products, admin):
    """Return the source of an entity's Stripe account, ready for events."""
    env = company.env
    accounts = _prepare_accounts(company)
    income = {
        key: _find_or_create(
            env["account.account"],
            [("code", "=", code)],
            {"code": code, "name": name, "account_type": "income"},
        )
        for key, (code, name) in catalogue.INCOME_ACCOUNTS.items()
    }
    for product in products.values():
        product.with_env(env).property_account_income_id = income["subscription"]
    name = f"Stripe {entity.key.upper()}"
    values = {
        "name": name,
        "adapter": "stripe",
        "company_id": company.id,
        "livemode": True,
        "tz": entity.tz,
        "match_policy": "email",
        "responsible_id": admin.id,
        "sale_journal_id": env["account.journal"]
        .search([("type", "=", "sale"), ("company_id", "=", company.id)], limit=1)
        .id,
        "clearing_journal_id": _prepare_clearing(company, entity, name).id,
        "payout_journal_id": _prepare_payout_bank(company, entity).id,
        "fee_tax_account_id": accounts["fee_tax"].id,
        "tax_rule_ids": [
            (0, 0, values) for values in _prepare_tax_rules(company, entity)
        ],
        "secret_ids": [(0, 0, {"new_value": _make_secret()}) for _both in range(2)],
        "product_mapping_ids": [
            (0, 0, values) for values in _map_products(entity, products, income)
        ],
        "tax_mapping_ids": [(0, 0, values) for values in _map_taxes(company, entity)],
    }
    domain = [("name", "=", name), ("company_id", "=", company.id)]
    source = _find_or_create(env["saas.source"], domain, values)
    # As the button on the source does: what is not chosen yet is created.
    source.action_create_missing_accounts()
    return source


def _prepare_payout_bank(company, entity):
    """Return the journal of the bank account that Stripe pays out to."""
    return _find_or_create(
        company.env["account.journal"],
        [("code", "=", "HOUSE"), ("company_id", "=", company.id)],
        {
            "name": f"House bank, {entity.city}",
            "code": "HOUSE",
            "type": "bank",
            "company_id": company.id,
        },
    )


def _prepare_tax_rules(company, entity):
    """Yield the values of the rules: a reverse charge is one, whatever its rate."""
    if entity is catalogue.EU:
        tax = _prepare_tax(company, catalogue.REVERSE_CHARGE.mapped)
        yield {"reason": "reverse_charge", "tax_id": tax.id}


def _prepare_clearing(company, entity, name):
    """Return the bank journal for the money that Stripe holds."""
    code = f"STR{entity.key.upper()}"
    return _find_or_create(
        company.env["account.journal"],
        [("code", "=", code), ("company_id", "=", company.id)],
        {
            "name": f"{name} clearing",
            "code": code,
            "type": "bank",
            "company_id": company.id,
        },
    )


def _map_products(entity, products, income):
    """Yield the values of the mappings: by price, by product, or for a head."""
    for product in catalogue.PRODUCTS:
        if not product.mapped:
            continue
        ids = {
            "price": entity.price_id(product),
            "product": entity.product_id(product),
            "head": product.key,
        }
        other = product.income != "subscription"
        yield {
            "external_id": ids[product.mapped],
            "product_id": products[product.key].id,
            "account_id": income[product.income].id if other else False,
        }


def _map_taxes(company, entity):
    """Yield the values of the mappings of tax rates; make the other taxes as well."""
    for percent in catalogue.MORE_TAXES.get(entity.key, ()):
        _prepare_tax(company, percent)
    for rate in catalogue.TAX_RATES:
        if entity is catalogue.EU and rate.mapped is not None:
            tax = _prepare_tax(company, rate.mapped)
            yield {"external_id": rate.id, "tax_id": tax.id}


def _prepare_tax(company, percent):
    """Return the sales tax of a percentage, not included in prices: the
    source's amounts arrive with net and tax apart.
    """
    env = company.env
    name = f"VAT {percent} %" if percent else "Reverse charge 0 %"
    country = company.account_fiscal_country_id
    group = _find_or_create(
        env["account.tax.group"],
        [("name", "=", name), ("company_id", "=", company.id)],
        {"name": name, "company_id": company.id, "country_id": country.id},
    )
    account = env.ref(f"account.{company.id}_tax_received")
    shares = [
        (0, 0, {"document_type": kind, "repartition_type": part, **extra})
        for kind in ("invoice", "refund")
        for part, extra in (("base", {}), ("tax", {"account_id": account.id}))
    ]
    return _find_or_create(
        env["account.tax"],
        [
            ("name", "=", name),
            ("company_id", "=", company.id),
            ("type_tax_use", "=", "sale"),
        ],
        {
            "name": name,
            "amount": float(percent),
            "amount_type": "percent",
            "type_tax_use": "sale",
            "price_include_override": "tax_excluded",
            "company_id": company.id,
            "country_id": country.id,
            "tax_group_id": group.id,
            "repartition_line_ids": shares,
        },
    )


def _make_secret():
    return f"whsec_{secrets.token_hex(24)}"


def _describe_access(source):
    """Return what Stripe would know: the address' token, and both secrets."""
    current, previous = source._get_valid_secrets()
    return {"token": source.token, "current": current, "previous": previous}
