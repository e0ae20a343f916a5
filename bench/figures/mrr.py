"""The seconds for the report of what recurs, by month and plan, with all its figures,
and the same over a GROUP BY by hand that adds up the movements alone.

Whoever looks is a person with a role, as the web client has it. The report reads
movements alone, so the tenants that they name are not there.
"""

import time
from statistics import median

from dev.console import Trouble, step

from ..database import analyze, connect, copy
from ..figure import Figure
from ..stage.people import create_person
from ..stage.shell import Shell, transaction

KEYS = ("mrr_report_s", "mrr_report_vs_sql")
LOOKS = 5
_PLANS = 12
_MONTHS = 24
_BY_HAND = """
    SELECT date_trunc('month', day), plan_id, kind, sum(amount_company)
      FROM saas_mrr_movement GROUP BY 1, 2, 3"""
#: Each tenant has a movement every few months, of a plan of its own, in one of two
#: currencies.
_FILL = """
    INSERT INTO saas_mrr_movement
           (company_id, tenant_id, subscription_id, plan_id, kind, day, at, amount,
            amount_year, amount_company, tenants, currency_id, booked_at)
    SELECT company.id, n %% %(tenants)s + 1, n %% %(tenants)s + 1, plan.id,
           (ARRAY['expansion', 'contraction', 'expansion', 'transfer', 'churn',
                  'reactivation'])[n / %(tenants)s %% 6 + 1],
           moment.day, moment.day, moved.amount, moved.amount * 12,
           moved.amount * 0.9, 0, money.id, now()
      FROM generate_series(1, %(movements)s) n
      CROSS JOIN LATERAL (
           SELECT (date_trunc('month', now())
                   - (n * 7 %% %(months)s) * interval '1 month'
                   + (n %% 27) * interval '1 day')::date AS day) moment
      CROSS JOIN LATERAL (SELECT (n %% 997 - 300)::numeric / 3 AS amount) moved
      JOIN LATERAL (SELECT id FROM saas_plan ORDER BY id
                     OFFSET n %% (SELECT count(*) FROM saas_plan) LIMIT 1) plan ON TRUE
      JOIN LATERAL (SELECT id FROM res_currency WHERE name IN ('EUR', 'USD')
                     ORDER BY id OFFSET n %% 2 LIMIT 1) money ON TRUE
      CROSS JOIN (SELECT id FROM res_company ORDER BY id LIMIT 1) company"""


def prepare_database(sizes, template):
    """Make a database with many movements; return its name."""
    with step(f"making {sizes.mrr_movements} movements of MRR, by SQL"):
        name = copy("recurring", template)
        with Shell(name) as shell:
            shell.call("figures.mrr.sell")
        with connect(name) as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(
                _FILL,
                {
                    "tenants": sizes.mrr_tenants,
                    "movements": sizes.mrr_movements,
                    "months": _MONTHS,
                },
            )
            cursor.execute("SET session_replication_role = origin")
            analyze(cursor)
    return name


def measure(stage, shell):
    """In: a shell on a database with movements."""
    figures = [Figure(key) for key in KEYS]
    user_id = shell.call("figures.mrr.prepare")
    for number in range(stage.sizes.rounds + 1):
        looks = [
            shell.call("figures.mrr.look", user_id=user_id) for _look in range(LOOKS)
        ]
        report, by_hand = (median(times) for times in zip(*looks, strict=True))
        if number:  # the first was to warm up
            parts = {"report_ms": report * 1000, "by_hand_ms": by_hand * 1000}
            for figure, value in zip(figures, (report, report / by_hand), strict=True):
                figure.add(value, **parts)
    for figure in figures:
        figure.detail.update(
            movements=stage.sizes.mrr_movements, tenants=stage.sizes.mrr_tenants
        )
    return figures


def prepare(env):
    """Create who looks. Runs inside the shell."""
    company = env["res.company"].search([], order="id", limit=1)
    user_id = create_person(env, "bench_mrr", company, "reviewer")
    env.cr.commit()
    return user_id


def sell(env):
    """Create plans. Runs inside the shell."""
    company = env["res.company"].search([], order="id", limit=1)
    env["saas.plan"].create(
        [
            {"name": f"Plan {n}", "code": f"plan-{n}", "company_id": company.id}
            for n in range(_PLANS)
        ]
    )
    env.cr.commit()


def look(env, user_id):
    """Return how many seconds the report takes, and the query by hand. Runs inside the
    shell.
    """
    with transaction(env) as own:
        report = own["saas.mrr.month"].with_user(user_id)
        measures = [
            f"{name}:{field.aggregator}"
            for name, field in report._fields.items()
            if field.aggregator and field.store and field.type in ("monetary", "float")
        ]
        began = time.perf_counter()
        rows = report._read_group([], ["month:month", "plan_id"], measures)
        took = time.perf_counter() - began
        began = time.perf_counter()
        own.cr.execute(_BY_HAND)
        found = own.cr.fetchall()
        by_hand = time.perf_counter() - began
    if {month for month, *_row in rows} != {row[0].date() for row in found}:
        raise Trouble("The report has other months than there are.")
    return took, by_hand
