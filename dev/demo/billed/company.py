"""The company that bills in Odoo, its plans and its sources, as a person would set them
up. Runs inside an Odoo shell.
"""

import secrets
from base64 import b64encode
from datetime import date

from ..company_setup import _find_or_create, _prepare_tax
from ..further_company import (
    describe,
    prepare_bank_journal,
    prepare_company,
    prepare_source,
)
from . import plans

NAME = "Halyard Cloud B.V."
VAT = 21
PRODUCT, STRIPE, GOCARDLESS = "Product", "Stripe NL", "GoCardless NL"
#: What a euro is worth in dollars, since when.
RATES = (
    (date(2026, 8, 1), "1.1605"),
    (date(2026, 9, 1), "1.1718"),
    (date(2026, 10, 1), "1.1550"),
    (date(2026, 11, 1), "1.1632"),
)
_INCOME = {
    "flat": ("410100", "Subscription revenue"),
    "usage": ("410200", "Usage revenue"),
}


def prepare(env):
    """Set everything up; return what a client needs to know."""
    company = prepare_company(
        env,
        "nl",
        "EUR",
        name=NAME,
        street="Oosterdokskade 143",
        city="Amsterdam",
        zip="1011 DL",
    )
    # Its year is over: the clock would bill what has happened since.
    company.bills_by_clock = False
    company.partner_id.tz = plans.ZONE
    inside = env(context={**env.context, "allowed_company_ids": company.ids})
    company = company.with_env(inside)
    _defer_revenue(company)
    _prepare_rates(company)
    _prepare_plans(company, _prepare_products(company))
    bank = prepare_bank_journal(company, "House bank, Amsterdam", "HOUSE")
    shared = {
        "company_id": company.id,
        "tz": plans.ZONE,
        "livemode": False,
        "responsible_id": env.ref("base.user_admin").id,
        "payout_journal_id": bank.id,
    }
    own = company.env["saas.source"]._ensure_own(company)
    product = _prepare_product_source(company, shared)
    linked = {"issuer_ids": [(6, 0, (own | product).ids)]}
    gateways = {
        "stripe": (STRIPE, "STR", [f"whsec_{secrets.token_hex(24)}"]),
        "gocardless": (GOCARDLESS, "GOC", [secrets.token_hex(20)]),
    }
    sources = {}
    for system, (name, code, keys) in gateways.items():
        values = {**shared, **linked, "secret_ids": _write_secrets(keys)}
        sources[system] = _prepare_gateway(company, system, name, code, values)
    return {
        "company": company.id,
        "own": own.id,
        "product": describe(product),
        **{system: describe(source) for system, source in sources.items()},
    }


def _defer_revenue(company):
    """Have what is paid in advance be earned month by month, by runs that a person
    begins; and have an account for what is never paid.
    """
    deferred, _bad_debt = (
        _find_or_create(
            company.env["account.account"],
            [("code", "=", code)],
            {"code": code, "name": name, "account_type": account_type},
        )
        for code, name, account_type in (
            (plans.DEFERRED, "Deferred revenue", "liability_current"),
            (plans.BAD_DEBT, "Bad debts", "expense"),
        )
    )
    company.write(
        {
            "revenue_account_id": deferred.id,
            "revenue_deferred_from": date(2026, 8, 1),
            "recognizes_by_clock": False,
        }
    )


def _prepare_rates(company):
    currency = company.env.ref("base.USD")
    for day, rate in RATES:
        key = {
            "currency_id": currency.id,
            "company_id": company.id,
            "name": day,
        }
        _find_or_create(
            company.env["res.currency.rate"],
            [(name, "=", value) for name, value in key.items()],
            {**key, "company_rate": float(rate)},
        )


# -- what is sold -------------------------------------------------------------


def _prepare_products(company):
    """Return the products of fixed prices and of usage, with their income accounts and
    taxes: who is outside the European Union pays none.
    """
    tax = _prepare_tax(company, VAT)
    _prepare_export(company, tax)
    products = {}
    for kind, (code, name) in _INCOME.items():
        account = _find_or_create(
            company.env["account.account"],
            [("code", "=", code)],
            {"code": code, "name": name, "account_type": "income"},
        )
        products[kind] = _find_or_create(
            company.env["product.product"],
            [("default_code", "=", f"SAAS-OWN-{kind.upper()}")],
            {
                "name": name,
                "default_code": f"SAAS-OWN-{kind.upper()}",
                "type": "service",
                "company_id": company.id,
                "taxes_id": [(6, 0, tax.ids)],
                "property_account_income_id": account.id,
            },
        )
    return products


def _prepare_export(company, tax):
    """Have customers in the United States pay no tax."""
    position = _find_or_create(
        company.env["account.fiscal.position"],
        [("name", "=", "Export"), ("company_id", "=", company.id)],
        {
            "name": "Export",
            "company_id": company.id,
            "auto_apply": True,
            "country_id": company.env.ref("base.us").id,
        },
    )
    name = "Export 0 %"
    domain = [("name", "=", name), ("company_id", "=", company.id)]
    if not company.env["account.tax"].search(domain):
        position_ids, tax_ids = [(6, 0, position.ids)], [(6, 0, tax.ids)]
        tax.copy(
            {
                "name": name,
                "amount": 0,
                "fiscal_position_ids": position_ids,
                "original_tax_ids": tax_ids,
            }
        )


def _prepare_plans(company, products):
    """Publish the plans, as a person would: each version when it is complete."""
    env = company.env
    meters = {
        code: _find_or_create(
            env["saas.meter"],
            [("code", "=", code), ("company_id", "=", company.id)],
            {"code": code, "name": name, "aggregation": how, "company_id": company.id},
        )
        for code, name, how in plans.METERS
    }
    currencies = {code: env.ref(f"base.{code}") for code in ("EUR", "USD")}
    for told in plans.PLANS:
        plan = _find_or_create(
            env["saas.plan"],
            [("code", "=", told.code), ("company_id", "=", company.id)],
            {"code": told.code, "name": told.name, "company_id": company.id},
        )
        if told.number in plan.version_ids.mapped("number"):
            continue
        version = env["saas.plan.version"].create(
            {
                "plan_id": plan.id,
                "valid_from": told.since,
                "component_ids": [
                    (0, 0, _prepare_part(part, number, products, meters, currencies))
                    for number, part in enumerate(told.parts, 1)
                ],
                "feature_ids": [
                    (0, 0, _prepare_feature(*feature)) for feature in told.features
                ],
            }
        )
        version.action_publish()


def _prepare_part(part, number, products, meters, currencies):
    return {
        "sequence": number,
        "code": part.code,
        "name": part.name,
        "kind": part.kind,
        "model": part.model,
        "cadence": part.cadence,
        "timing": part.timing,
        "included": part.included or False,
        "meter_id": meters[part.meter].id if part.meter else False,
        "product_id": products["usage" if part.kind == "usage" else "flat"].id,
        "price_ids": [
            (0, 0, {"currency_id": currencies[code].id, **_prepare_price(part, price)})
            for code, price in part.prices.items()
        ],
    }


def _prepare_feature(code, limit):
    kind = "flag" if limit is None else "limit"
    return {"code": code, "kind": kind, "value": limit or False}


def _prepare_price(part, price):
    if isinstance(price, tuple):
        tiers = [{"up_to": up_to, "unit": unit} for up_to, unit in price]
        return {"tiers": tiers}
    package = {"package_size": part.package} if part.package else {}
    return {"unit_price": price, **package}


# -- who tells ----------------------------------------------------------------


def _prepare_product_source(company, shared):
    """Return the source of the product, which tells what happens and what is used."""
    key = b64encode(secrets.token_bytes(32)).decode()
    return prepare_source(
        company,
        {
            **shared,
            "name": PRODUCT,
            "adapter": "standard",
            "clearing_journal_id": prepare_bank_journal(company, "Unused", "OWN").id,
            "secret_ids": _write_secrets([f"whsec_{key}"]),
        },
    )


def _prepare_gateway(company, system, name, code, values):
    """Return the source of a gateway, which takes payments for Odoo's own invoices."""
    return prepare_source(
        company,
        {
            **values,
            "name": name,
            "adapter": system,
            "clearing_journal_id": prepare_bank_journal(
                company, f"{name} clearing", code
            ).id,
        },
    )


def _write_secrets(keys):
    return [(0, 0, {"new_value": key}) for key in keys]
