"""A company that issues invoices itself, and its tenants. Runs inside an Odoo shell.

All of them have three months to be billed, some with an upgrade in between, a pause or
an end, which give something back. One has a product that can't be billed.
"""

from datetime import UTC, datetime, timedelta

from ... import settings
from ...demo.company_setup import _prepare_tax
from ...demo.people import users

#: How many tenants there are.
COUNT = settings.number("TENANTS", 40 if settings.switched_on("QUICK", False) else 200)
#: Tenants that one job bills.
CHUNK = max(COUNT // 60, 1)
#: The tenant that can't be billed, and why.
BAD, REASON = "Tenant 007", "unmapped_tax"
COMMENT = "Broken on purpose"


def prepare(env):
    """Set everything up; return what a client needs to know."""
    company = env.ref("base.main_company")
    loading = env["account.chart.template"].with_context(chart_template_load=True)
    loading.try_loading("generic_coa", company)
    company.partner_id.tz = "UTC"
    admin = users.prepare(env, [company])["admin"]
    source = env["saas.source"]._ensure_own(company)
    plans = _prepare_plans(env, company)
    for number in range(COUNT):
        _prepare_tenant(env, company, source, plans, number)
    return {"api_key": users.make_api_keys(env, {"admin": admin}, COMMENT)["admin"]}


def _prepare_plans(env, company):
    """Return the published versions of the plans, by code."""
    tax = _prepare_tax(company, 19)
    included = tax.copy({"price_include_override": "tax_included"})
    good, bad = (
        env["product.product"].create(
            {"name": name, "type": "service", "taxes_id": [(6, 0, taxes.ids)]}
        )
        for name, taxes in (("Subscription", tax), ("With its tax", included))
    )
    return {
        "small": _prepare_plan(
            company,
            "small",
            good,
            base={"price": "30"},
            seats={"price": "9.99", "kind": "seat"},
            support={"price": "4.50", "timing": "arrears"},
        ),
        "large": _prepare_plan(company, "large", good, base={"price": "60"}),
        "bad": _prepare_plan(company, "bad", bad, base={"price": "10"}),
    }


def _prepare_plan(company, code, product, **components):
    env = company.env
    plan = env["saas.plan"].create(
        {"name": code.title(), "code": code, "company_id": company.id}
    )
    rows = []
    for name, vals in components.items():
        price = {"currency_id": company.currency_id.id, "unit_price": vals["price"]}
        own = {key: value for key, value in vals.items() if key != "price"}
        rows.append(
            {
                **own,
                "code": name,
                "name": name.title(),
                "product_id": product.id,
                "price_ids": [(0, 0, price)],
            }
        )
    version = env["saas.plan.version"].create(
        {
            "plan_id": plan.id,
            "valid_from": "2020-01-01",
            "component_ids": [(0, 0, row) for row in rows],
        }
    )
    version.action_publish()
    return version


def _prepare_tenant(env, company, source, plans, number):
    """Make a tenant with a subscription, and with what happened to it."""
    name = f"Tenant {number:03}"
    tenant = env["saas.tenant"].create(
        {
            "name": name,
            "partner_id": env["res.partner"].create({"name": name}).id,
            "company_id": company.id,
            "billing_policy": "odoo",
            "amendment_policy": "replace" if number % 4 == 3 else "adjust",
        }
    )
    subscription = env["saas.subscription"].create(
        {
            "external_id": f"S {number:03}",
            "source_id": source.id,
            "tenant_id": tenant.id,
            "state": "none",
        }
    )
    # Two months and more ago: no period ends while nodes are killed.
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    start = today - timedelta(days=70 + number % 8, hours=number % 24)
    small = _make_terms(plans["bad" if name == BAD else "small"], seats=number % 6)
    told = [("activated", start, small)]
    if number % 3 == 1 and name != BAD:
        told.append(
            ("changed", start + timedelta(days=45), _make_terms(plans["large"]))
        )
    if number % 5 == 2 and name != BAD:
        told.append(("paused", start + timedelta(days=50), False))
    if number % 7 == 3 and name != BAD:
        told.append(("canceled", start + timedelta(days=55), False))
    env["saas.subscription"]._record_changes(
        [
            {
                "subscription_id": subscription.id,
                "source_id": source.id,
                "kind": kind,
                "effective_at": moment.replace(tzinfo=None),
                "known": int(moment.timestamp()) * 10**6,
                "key": f"{number} {kind}",
                "terms": terms,
            }
            for kind, moment, terms in told
        ]
    )


def _make_terms(version, seats=0):
    quantities = {
        component.code: str(seats if component.kind == "seat" else 1)
        for component in version.component_ids
    }
    currency = version.company_id.currency_id.name
    return {"version": version.id, "currency": currency, "quantities": quantities}
