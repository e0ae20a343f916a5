"""Records of deferred revenue, for :class:`~..support.neighbours.NeighboursCommon`."""

from ...canonical.revenue.plan import make_parts, write_parts
from ..billing.common import at

_YEAR = (at(2026, 1, 1), at(2027, 1, 1), "UTC", "day")


def prepare_revenue(records, word):
    """Yield the values of one company's records, by model."""
    company = {"company_id": records["res.company"].id}
    source = {"source_id": records["saas.source"].id}
    tenant = {"tenant_id": records["saas.tenant"].id}
    money = {"currency_id": records["res.company"].currency_id.id}
    amounts = {"amount": 100, "balance": 100}
    account = records["account.account"].id
    accounts = {"deferred_account_id": account, "income_account_id": account}
    yield "saas.revenue.account", {**company, **accounts}
    yield "saas.revenue.reason", {**source, "word": word, "crediting": "prospective"}
    line = {"move_id": records["account.move"].id}
    line |= {"move_line_id": records["account.move.line"].id}
    served = {"service_from": "2026-01-01", "service_to": "2027-01-01", "zone": "UTC"}
    served |= {"method": "day", "date": "2026-01-01"}
    places = {"exponent": 2, "company_exponent": 2}
    yield (
        "saas.revenue.schedule",
        {
            **company,
            **source,
            **tenant,
            **money,
            **amounts,
            **accounts,
            **line,
            **served,
            **places,
        },
    )
    schedule = {"schedule_id": records["saas.revenue.schedule"].id}
    version = {"number": 1, "reason": "posted", "known_at": "2026-01-01"}
    version["parts"] = write_parts(make_parts(*_YEAR, 100, 100))
    yield "saas.revenue.version", {**company, **schedule, **version}
    links = {**schedule, "version_id": records["saas.revenue.version"].id}
    earned = {**company, **links, **money, **amounts, "month": "2026-01-01"}
    earned["amount_shown"] = 1
    yield "saas.revenue.share", earned
    yield "saas.revenue.run", {**company, "month": "2026-01-01"}
    run = {"run_id": records["saas.revenue.run"].id}
    booked = {"booked_month": "2026-01-01", "document_month": "2026-01-01"}
    booked |= {"balance_shown": 1, "move_id": records["account.move"].id}
    yield "saas.revenue.entry", {**earned, **tenant, **run, **booked}
    yield "saas.revenue.look", {**company, **run}
    yield from _prepare_opening(records, company, {**money, "account_id": account})
    own = [("company_id", "=", company["company_id"])]
    for model in ("saas.revenue.proof", "saas.revenue.waterfall"):
        rows = records["saas.source"].env[model]
        records[model] = rows.search(own, limit=1)
    yield from _prepare_profit(records, word)


def _prepare_opening(records, company, total):
    """Yield the values of what other books have deferred before."""
    yield "saas.revenue.opening", {**company, "day": "2026-01-01"}
    opening = {"opening_id": records["saas.revenue.opening"].id}
    yield "saas.revenue.opening.total", {**opening, **total}


def _prepare_profit(records, word):
    """Yield the values of what one company tells of tenants apart."""
    company, tenant = records["res.company"], records["saas.tenant"]
    company.profit_from = "2026-01-01"
    records["account.analytic.account"] = account = tenant.analytic_account_id
    own = {"company_id": company.id}
    line = {"name": word, "amount": 1, account.plan_id._column_name(): account.id}
    yield "account.analytic.line", {**own, **line}
    months = {"month_from": "2026-01-01", "month_until": "2026-01-31"}
    cost = {"name": f"{word} cost", **months}
    cost |= {"account_id": records["account.account"].id}
    yield "saas.profit.allocation", {**own, **cost}
    yield "saas.profit.run", {**own, "month": "2026-01-01"}
    yield "saas.profit.look", {**own, "run_id": records["saas.profit.run"].id}
    found = [("company_id", "=", company.id)]
    report = tenant.env["saas.profit.month"]
    records["saas.profit.month"] = report.search(found, limit=1)


def prepare_revenue_vals(company):
    """Return values with which a person could create a record, by model."""
    env, own = company.env, [("company_ids", "in", company.ids)]
    mine = [("company_id", "=", company.id)]
    account = env["account.account"].search(own, limit=1).id
    return {
        "saas.revenue.account": {
            "company_id": company.id,
            "income_account_id": account,
            "deferred_account_id": account,
        },
        "saas.revenue.reason": {
            "source_id": env["saas.source"].search(mine, limit=1).id,
            "word": "own",
            "crediting": "prospective",
        },
        "saas.revenue.run": {"company_id": company.id},
        "saas.revenue.look": {"company_id": company.id},
        "saas.profit.allocation": {
            "company_id": company.id,
            "name": "Cost",
            "account_id": account,
            "driver": "revenue",
        },
        "saas.profit.run": {"company_id": company.id},
        "saas.profit.look": {"company_id": company.id},
        "saas.revenue.opening": {"company_id": company.id},
    }
