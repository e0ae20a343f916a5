"""The company of two systems, its accounts and sources, as a person would set them up.

Runs inside an Odoo shell.
"""

import secrets
from base64 import b64encode

from ..company_setup import _find_or_create, _prepare_tax
from ..further_company import (
    describe,
    prepare_bank_journal,
    prepare_company,
    prepare_source,
)
from .story import VAT, VAT_CODE

NAME = "Halyard Cloud Ltd"
PLATFORM, GATEWAY = "Own billing platform", "GoCardless UK"


def prepare(env):
    """Set everything up; return what a client needs to know."""
    company = prepare_company(
        env,
        "uk",
        "GBP",
        name=NAME,
        street="4 Tide Lane",
        city="London",
        zip="E14 5AB",
    )
    inside = env(context={**env.context, "allowed_company_ids": company.ids})
    company = company.with_env(inside)
    bank = prepare_bank_journal(company, "House bank, London", "HOUSE")
    shared = {
        "company_id": company.id,
        "tz": "Europe/London",
        "livemode": False,
        "responsible_id": env.ref("base.user_admin").id,
        "payout_journal_id": bank.id,
    }
    platform = _prepare_platform(company, shared)
    gateway = _prepare_gateway(company, shared, platform)
    return {
        "company": company.id,
        "platform": describe(platform),
        "gateway": describe(gateway),
    }


def _prepare_platform(company, shared):
    """Return the source of the platform, which issues the invoices."""
    env = company.env
    domain = [("type", "=", "sale"), ("company_id", "=", company.id)]
    product = _find_or_create(
        env["product.product"],
        [("default_code", "=", "SAAS-TEAM")],
        {"name": "Team plan", "default_code": "SAAS-TEAM", "type": "service"},
    )
    key = b64encode(secrets.token_bytes(32)).decode()
    return prepare_source(
        company,
        {
            **shared,
            "name": PLATFORM,
            "adapter": "standard",
            "sale_journal_id": env["account.journal"].search(domain, limit=1).id,
            "clearing_journal_id": prepare_bank_journal(
                company, "Money of the platform's own", "OWN"
            ).id,
            "default_product_id": product.id,
            "default_income_account_id": _prepare_income(company).id,
            "tax_mapping_ids": [
                (
                    0,
                    0,
                    {"external_id": VAT_CODE, "tax_id": _prepare_tax(company, VAT).id},
                )
            ],
            "secret_ids": [(0, 0, {"new_value": f"whsec_{key}"})],
        },
    )


def _prepare_gateway(company, shared, platform):
    """Return the source of GoCardless, which collects for the platform's invoices."""
    return prepare_source(
        company,
        {
            **shared,
            "name": GATEWAY,
            "adapter": "gocardless",
            "clearing_journal_id": prepare_bank_journal(
                company, "GoCardless clearing", "GOC"
            ).id,
            "fee_tax_id": _prepare_input_tax(company).id,
            "secret_ids": [(0, 0, {"new_value": secrets.token_hex(20)})],
            "issuer_ids": [(4, platform.id)],
        },
    )


def _prepare_income(company):
    return _find_or_create(
        company.env["account.account"],
        [("code", "=", "410100")],
        {"code": "410100", "name": "Subscription revenue", "account_type": "income"},
    )


def _prepare_input_tax(company):
    """Return the purchase tax that is in GoCardless' fees."""
    name = f"Input VAT {VAT} %"
    domain = [("name", "=", name), ("company_id", "=", company.id)]
    tax = company.env["account.tax"].search(domain)
    if not tax:
        tax = _prepare_tax(company, VAT).copy(
            {"name": name, "type_tax_use": "purchase"}
        )
        lines = tax.repartition_line_ids.filtered("account_id")
        lines.account_id = company.env.ref(f"account.{company.id}_tax_paid")
    return tax
