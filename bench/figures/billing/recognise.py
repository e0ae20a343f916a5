"""A month of many schedules recognised by one run, over the shortest hand-written code
that posts one journal entry for each of them, in bulk.

The schedules are made by SQL, with what each month earns of them; the documents that
they name are not there. The opponent posts a tenth as many entries; both count by the
schedule.
"""

import time
from datetime import date

from dev.console import Trouble, step

from ...database import analyze, connect, copy, fetch
from ...figure import Figure
from ...stage.setup import prepare
from ...stage.shell import Shell, transaction

ENTITY = "eu"
#: Each schedule is of a year, of which every month earns as much.
_MONTHS = 12
_BEGIN = date(2026, 1, 1)
#: How many entries hand-written code posts at once.
_AT_ONCE = 200
_FILL = """
    WITH made AS (
        INSERT INTO saas_revenue_schedule
               (company_id, source_id, move_id, move_line_id, date, service_from,
                service_to, zone, method, amount, balance, exponent, company_exponent,
                currency_id, deferred_account_id, income_account_id, state, last_month,
                create_date, write_date)
        SELECT %(company)s, %(source)s, n, n, %(begin)s, %(begin)s,
               %(begin)s::date + interval '1 year', 'UTC', 'month_even',
               12 * (1000 + n %% 977), 12 * (1000 + n %% 977), 2, 2, %(currency)s,
               %(deferred)s, %(income)s, 'running',
               (%(begin)s::date + interval '11 months')::date, now(), now()
          FROM generate_series(1, %(schedules)s) n
        RETURNING id, amount
    ),
    told AS (
        INSERT INTO saas_revenue_version
               (schedule_id, company_id, number, reason, known_at, parts)
        SELECT id, %(company)s, 1, 'posted', now(), '[]' FROM made
        RETURNING id, schedule_id
    )
    INSERT INTO saas_revenue_share
           (company_id, schedule_id, version_id, currency_id, month, amount, balance,
            amount_shown)
    SELECT %(company)s, made.id, told.id, %(currency)s,
           (%(begin)s::date + month * interval '1 month')::date,
           made.amount / 12, made.amount / 12, made.amount / 1200.0
      FROM made JOIN told ON told.schedule_id = made.id
      CROSS JOIN generate_series(0, 11) month"""
_LINK = """
    UPDATE saas_revenue_schedule schedule SET version_id = version.id
      FROM saas_revenue_version version WHERE version.schedule_id = schedule.id"""


def prepare_database(sizes, template):
    """Make a database with many schedules; return its name, and what is known of the
    company.
    """
    with step(f"making {sizes.revenue_schedules} schedules of revenue, by SQL"):
        name = copy("recognised", template)
        with Shell(name) as shell:
            known = shell.call("figures.billing.recognise.set_up")
        with connect(name) as cursor:
            cursor.execute("SET session_replication_role = replica")
            values = {**known, "schedules": sizes.revenue_schedules, "begin": _BEGIN}
            cursor.execute(_FILL, values)
            cursor.execute(_LINK)
            cursor.execute("SET session_replication_role = origin")
            analyze(cursor)
    return name, known


def measure(stage, template):
    """In: the template of databases."""
    name, known = prepare_database(stage.sizes, template)
    with Shell(name) as shell:
        return [_measure(stage, shell, known)]


def _measure(stage, shell, known):
    figure = Figure("recognise_vs_moves")
    schedules = stage.sizes.revenue_schedules
    for number in range(stage.sizes.rounds + 1):
        month = date(_BEGIN.year, 1 + number % _MONTHS, 1)
        by_hand = shell.call(
            "figures.billing.recognise.post_each",
            known=known,
            count=schedules // 10,
            day=month,
        )
        took = shell.call(
            "figures.billing.recognise.recognise",
            company_id=known["company"],
            month=month,
            count=schedules,
        )
        if number:  # the first was to warm up
            figure.add(
                by_hand / took,
                recognised_per_s=1 / took,
                moves_per_s=1 / by_hand,
            )
    figure.detail["schedules"] = schedules
    return figure


def set_up(env):
    """Let a company be able to defer revenue. Runs inside the shell.

    :return: the ids of what schedules name.
    """
    known = prepare(env, tenants=0)["sources"][ENTITY]
    company = env["res.company"].browse(known["company_id"])
    deferred = prepare_account(env, company)
    own = env["saas.source"]._ensure_own(company)
    own.tz = "UTC"
    company.recognizes_by_clock = False
    env.cr.commit()
    return {
        "company": company.id,
        "source": own.id,
        "currency": company.currency_id.id,
        "deferred": deferred.id,
        "income": known["account_id"],
        "journal": own._get_other_journal().id,
    }


def prepare_account(env, company):
    """Return the account that a company defers revenue on. Runs inside the shell."""
    account = env["account.account"].create(
        {
            "code": "BENCH.DEF",
            "name": "Deferred Revenue",
            "account_type": "liability_current",
            "company_ids": [(6, 0, company.ids)],
        }
    )
    company.revenue_account_id = account
    return account


def recognise(env, company_id, month, count):
    """Recognise what is earned by the end of a month, as a job does. Runs inside the
    shell.

    :return: how many seconds each schedule took.
    """
    began = time.perf_counter()
    with transaction(env) as own:
        run = own["saas.revenue.run"].create(
            {"company_id": company_id, "month": month, "policy": "catch_up"}
        )
        run._begin()
        run._job_recognize()
        run_id = run.id
    took = time.perf_counter() - began
    query = "SELECT count(*) FROM saas_revenue_entry WHERE run_id = %s"
    with transaction(env) as own:
        [(found,)] = fetch(own.cr, query, run_id)
    if found != count:
        raise Trouble(f"{found} of {count} schedules were recognised.")
    return took / count


def post_each(env, known, count, day):
    """Post a journal entry for each of so many schedules. Runs inside the shell.

    :return: how many seconds each took.
    """
    began = time.perf_counter()
    for start in range(0, count, _AT_ONCE):
        with transaction(env) as own:
            moves = own["account.move"].with_context(
                allowed_company_ids=[known["company"]]
            )
            size = min(_AT_ONCE, count - start)
            moves.create([_prepare_move(known, day)] * size).action_post()
    return (time.perf_counter() - began) / count


def _prepare_move(known, day):
    return {
        "move_type": "entry",
        "journal_id": known["journal"],
        "date": str(day),
        "line_ids": [
            (0, 0, {"account_id": known["deferred"], "debit": 10.0}),
            (0, 0, {"account_id": known["income"], "credit": 10.0}),
        ],
    }
