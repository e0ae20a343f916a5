"""A company that issues invoices itself, and the months in which tenants are billed.
Each tenant has a subscription of two components, so a month is an invoice of two lines
with one tax.
"""

from datetime import UTC, date, datetime

from .setup import prepare
from .shell import transaction

ENTITY = "eu"
_BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
#: By component, the product, the price and how many are held.
_HELD = {"base": ("team", "30", "1"), "seats": ("seat", "10", "4")}


def set_up(env, tenants):
    """Set a company up, with a plan and some tenants that have subscribed to it. Runs
    inside the shell.

    :return: what the figures have to know.
    """
    known = prepare(env, tenants=0)["sources"][ENTITY]
    company = prepare_company(env, known)
    company.bills_by_clock = False
    subscribe(company, known, company.env["saas.source"]._find_own(company), tenants)
    position_id = _create_bad_position(known, company.env)
    env.cr.commit()
    return {**known, "position_id": position_id}


def prepare_company(env, known):
    """Let a company be able to issue invoices itself, all with one tax. Runs inside the
    shell.

    :param known: what the set-up says of its source.
    :return: the company, in an environment of its own.
    """
    company = env["res.company"].browse(known["company_id"])
    context = {"allowed_company_ids": company.ids, "tracking_disable": True}
    company = company.with_context(**context)
    products = company.env["product.product"].browse(known["products"].values())
    products.taxes_id = [(6, 0, [known["tax_id"]])]
    own = company.env["saas.source"]._ensure_own(company)
    own.write({"sale_journal_id": known["journal_id"], "tz": "UTC"})
    return company


def subscribe(company, known, source, tenants, begin=_BEGIN):
    """Create tenants of a company that subscribe to a plan; return what they have."""
    version = _create_plan(company, known["products"])
    subscriptions = company.env["saas.subscription"].create(
        [
            {
                "external_id": f"sub t{number:03d}c0x",
                "source_id": source.id,
                "tenant_id": _create_tenant(company, number).id,
                "state": "none",
            }
            for number in range(1, tenants + 1)
        ]
    )
    subscriptions._record_changes(
        [_prepare_begin(version, each, company, begin) for each in subscriptions]
    )
    return subscriptions


def _create_plan(company, products):
    env = company.env
    plan = env["saas.plan"].create(
        {"name": "Bench", "code": "bench", "company_id": company.id}
    )
    components = [
        {
            "code": code,
            "name": code.title(),
            "kind": "flat" if code == "base" else "seat",
            "product_id": products[product],
            "price_ids": [
                (0, 0, {"currency_id": company.currency_id.id, "unit_price": price})
            ],
        }
        for code, (product, price, _quantity) in _HELD.items()
    ]
    version = env["saas.plan.version"].create(
        {
            "plan_id": plan.id,
            "valid_from": "2020-01-01",
            "component_ids": [(0, 0, vals) for vals in components],
        }
    )
    version.action_publish()
    return version


def _create_tenant(company, number):
    name = f"Tenant t{number:03d}c0x"
    env = company.env
    country = env.ref("base.de")
    partner = env["res.partner"].create({"name": name, "country_id": country.id})
    return env["saas.tenant"].create(
        {
            "name": name,
            "partner_id": partner.id,
            "company_id": company.id,
            "billing_policy": "odoo",
        }
    )


def _prepare_begin(version, subscription, company, begin):
    """Return the values of the change by which a subscription begins."""
    quantities = {code: quantity for code, (*_rest, quantity) in _HELD.items()}
    return {
        "subscription_id": subscription.id,
        "source_id": subscription.source_id.id,
        "kind": "activated",
        "effective_at": begin.replace(tzinfo=None),
        "known": int(begin.timestamp() * 10**6),
        "key": f"begin {subscription.external_id}",
        "terms": {
            "version": version.id,
            "currency": company.currency_id.name,
            "quantities": quantities,
        },
    }


def _create_bad_position(known, env):
    """Return the id of a fiscal position under which nothing can be billed: its tax is
    included in the price.
    """
    position = env["account.fiscal.position"].create({"name": "Bad"})
    tax = env["account.tax"].browse(known["tax_id"])
    tax.copy(
        {
            "name": "Included",
            "price_include_override": "tax_included",
            "fiscal_position_ids": [(6, 0, position.ids)],
            "original_tax_ids": [(6, 0, tax.ids)],
        }
    )
    env.cr.commit()
    return position.id


class Months:
    """The moments by which runs bill, a month after the other."""

    def __init__(self):
        self._count = 0

    @property
    def last(self):
        """Return the first day of the month that was billed last, or is the first."""
        year, month = divmod(max(self._count - 1, 0), 12)
        return date(_BEGIN.year + year, month + 1, 1)

    @property
    def first(self):
        """Return the first day of all."""
        return _BEGIN.date()

    def take(self):
        """Return the first day of the next month."""
        self._count += 1
        return self.last


def begin_run(env, company_id, month):
    """Begin a run that bills what is due by a month's first day. Runs inside the shell.

    :return: its id.
    """
    with transaction(env) as own:
        run = own["saas.billing.run"].create(
            {
                "company_id": company_id,
                "cutoff": datetime(month.year, month.month, month.day),
                "invoice_date": month,
            }
        )
        run._begin()
        return run.id


def go_on(env, run_id, chunks=None):
    """Do the next chunks of a run, or all of them, each in a transaction of its own, as
    a worker does. Runs inside the shell.

    :return: what has become of the run's tenants.
    """
    while chunks is None or chunks > 0:
        with transaction(env) as own:
            run = own["saas.billing.run"].browse(run_id)
            if run.state != "running":
                break
            run._job_chunk(run.step)
        if chunks is not None:
            chunks -= 1
    with transaction(env) as own:
        run = own["saas.billing.run"].browse(run_id)
        return {"done": run.done_count, "failed": run.failed_count, "state": run.state}


def resume(env, run_id):
    """Bill again what has failed. Runs inside the shell."""
    with transaction(env) as own:
        own["saas.billing.run"].browse(run_id).action_resume()
    return go_on(env, run_id)
