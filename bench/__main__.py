"""`python -m bench`, which `make bench` starts: measures, and says what came of it.

Exits with 0 if everything was measured, whatever the figures are; with --strict, only
if every goal is met. BASE=<commit> measures that commit and today's files in turn, and
exits with 1 if a figure fell below the base's.
"""

import argparse
import os
import signal
import time
from functools import partial

from dev import settings
from dev.console import Trouble, exit_with, say, step
from dev.machine import lock

from . import chart, compare, database, profile, report
from .figure import GOALS, KEYS
from .figures import (
    batch,
    board,
    growth,
    ingest,
    latency,
    memory,
    mrr,
    operation,
    pay,
    post_orm,
    post_rpc,
    preview,
    queue,
)
from .figures.billing import amend, contract, deferred, isolation, recognise
from .figures.billing import growth as billing_growth
from .figures.billing import run as billing_run
from .figures.usage import drain, http, rating
from .figures.usage import growth as usage_growth
from .sizes import COMPARISON, FULL, QUICK, QUICK_COMPARISON
from .stage import billed, clone, contracts, metered, month
from .stage.shell import Shell
from .stage.stage import Stage

#: The figures that need a running server, quiet things first.
SERVED = {
    "latency_p95_s": latency.measure,
    "amend_latency_p95_s": amend.measure,
    "ingest_ratio": ingest.measure,
    "batch_ratio": batch.measure,
    "usage_http": http.measure,
    "post_vs_rpc": post_rpc.measure,
}
#: Those that need one process of Odoo on the same database.
IN_SHELL = {
    "post_vs_orm": post_orm.measure,
    "pay_vs_single": pay.measure_singles,
    "pay_vs_orm": pay.measure_bulk,
    "preview_p95_s": preview.measure,
    "post_deferred_ratio": deferred.measure,
}
#: Those that need databases with usage.
USAGE = {*drain.WAYS, *usage_growth.KEYS, "rate_vs_raw"}
#: Those that need databases with tenants that Odoo bills.
BILLING = {
    *(*billing_run.KEYS, *isolation.WAYS, *billing_growth.KEYS, "bill_vs_contract"),
}


def main(arguments=None):
    """Measure and report; return the exit code."""
    options = _read_options(arguments)
    template = os.environ.get("SAAS_TEMPLATE")
    if not template:
        raise Trouble("There is no database to begin with.", "Run: make bench")
    quick = settings.switched_on("QUICK", default=False)
    sizes = QUICK if quick else FULL
    in_use = lock.take("bench")
    if in_use is None:
        raise Trouble("Another `make bench` runs in this checkout.", "Wait for it.")
    began = time.monotonic()
    try:
        if base := settings.text("BASE"):
            both = QUICK_COMPARISON if quick else COMPARISON
            return compare.compare(base, both, options.only)
        if options.profile:
            # A batch of each kind needs as many tenants as there are in a whole run.
            return _profile(FULL, template)
        figures, run = _measure(sizes, template, set(options.only))
    finally:
        database.drop_all()
        in_use.close()
        seconds = round(time.monotonic() - began)
        say(f"It took {seconds} s.")
    run["seconds"] = seconds
    report.say_table(figures, run)
    if not options.only:
        report.write_results(figures, run)
        title = f"saas_billing_sync, {run['kind']} run on {run['cpus']} CPUs"
        report.CHART.write_text(chart.draw(figures, title))
        say(f"Written: {report.RESULTS.name}, {report.CHART.name} in bench/.")
    return int(options.strict and not all(figure.is_met for figure in figures))


def _read_options(arguments):
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 if a goal is not met"
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=KEYS,
        default=[],
        help="measure this figure alone (may be repeated); nothing is written",
    )
    parser.add_argument(
        "--profile",
        action="store_true",
        help="show where the time of a drain goes, and measure nothing",
    )
    return parser.parse_args(arguments)


def _measure(sizes, template, only):
    """Return the figures in the order of the goals, and what they depend on.

    A comparison calls this by its name, in other commits' checkouts too: see `side`.
    """
    wanted = only or set(KEYS)
    found = {}

    def measure(keys, function, *arguments):
        keys = [keys] if isinstance(keys, str) else [*keys]
        if wanted & {*keys}:
            with step(f"measuring {keys[0]}"):
                figures = function(*arguments)
            for figure in figures:
                found[figure.key] = figure
                report.say_figure(figure)

    stage = _prepare(sizes, template)
    with stage.connect() as cursor:
        run = report.describe_run(cursor, sizes)
    if wanted & SERVED.keys():
        with stage.serving():
            for key, function in SERVED.items():
                measure(key, function, stage)
    if wanted & IN_SHELL.keys():
        with Shell(stage.database) as shell:
            for key, function in IN_SHELL.items():
                measure(key, function, stage, shell)
    if "operation_ratio" in wanted:
        with Shell(stage.database) as shell, Shell(stage.database) as other_shell:
            measure("operation_ratio", operation.measure, stage, shell, other_shell)
    if wanted & USAGE:
        _measure_usage(stage, measure)
    if wanted & BILLING:
        _measure_billing(stage, template, measure, wanted)
    measure("recognise_vs_moves", recognise.measure, stage, template)
    if "growth" in wanted:
        small, large = _prepare_growth(sizes)
        with Shell(small) as in_small, Shell(large) as in_large:
            measure("growth", growth.measure, stage, in_small, in_large)
    if wanted & {"board_ratio", "queue_p95_s"}:
        with Shell(_prepare_board(sizes)) as shell:
            measure("board_ratio", board.measure, stage, shell)
            measure("queue_p95_s", queue.measure, stage, shell)
    if wanted & {*mrr.KEYS}:
        with Shell(mrr.prepare_database(sizes, template)) as shell:
            measure(mrr.KEYS, mrr.measure, stage, shell)
    measure("memory", memory.measure, stage, partial(Shell, stage.database))
    return [found[key] for key in GOALS if key in found], run


def _measure_usage(stage, measure):
    """Measure what has to do with usage."""
    few, many, known = _prepare_usage(stage)
    with Shell(few) as in_few, Shell(many) as in_many:
        with database.connect(few) as cursor:
            measure(drain.WAYS, drain.measure, stage, in_few, known, cursor)
        measure("rate_vs_raw", rating.measure, stage, in_many, known)
        keys = usage_growth.KEYS
        measure(keys, usage_growth.measure, stage, in_few, in_many, known)


def _measure_billing(stage, template, measure, wanted):
    """Measure what has to do with billing runs."""
    sizes = stage.sizes
    known, names = _prepare_billing(sizes, template)
    months = billed.Months()
    with Shell(names[0]) as shell:
        keys = billing_run.KEYS
        measure(keys, billing_run.measure, stage, shell, known, months)
        keys = isolation.WAYS
        measure(keys, isolation.measure, stage, shell, known, months)
        if "bill_vs_contract" in wanted:
            with step("making contracts of OCA's addon"):
                name, folder = contracts.prepare(sizes.bill_by_hand)
            arguments = (stage, shell, known, months)
            with Shell(name, folder) as opponent:
                measure("bill_vs_contract", contract.measure, *arguments, opponent)
        if wanted & {*billing_growth.KEYS}:
            with Shell(names[1]) as large:
                keys, arguments = billing_growth.KEYS, (shell, large, known, months)
                measure(keys, billing_growth.measure, stage, *arguments)


def _profile(sizes, template):
    stage = _prepare(sizes, template)
    with Shell(stage.database) as shell:
        profile.measure(stage, shell)
    return 0


def _prepare(sizes, template):
    """Make the databases and what is in them before; return the stage."""
    with step(f"booking the history of {sizes.tenants} tenants"):
        base = database.copy("base", template)
        with Shell(base) as shell:
            access = shell.call("stage.setup.prepare", tenants=sizes.tenants)
    with step(f"making them {sizes.tenants * sizes.copies}, by SQL"):
        name = database.copy("main", base)
        with database.connect(name) as cursor:
            clone.multiply(cursor, sizes.copies)
    return Stage(sizes, name, access)


def _prepare_usage(stage):
    """Make a database with few records of usage and one with many; return their names,
    and what is in both beside.
    """
    sizes = stage.sizes
    names = []
    with step(f"metering {sizes.usage_subscriptions} subscriptions"):
        names.append(database.copy("used", f"{database.PREFIX}base"))
        with Shell(names[0]) as shell:
            known = shell.call(
                "stage.metering.set_up",
                company_id=stage.sources[drain.ENTITY]["company_id"],
                subscriptions=sizes.usage_subscriptions,
            )
        names.append(database.copy("used_much", names[0]))
    with step(f"making {sizes.usage_many} records of usage, by SQL"):
        for name, count in zip(names, (sizes.usage_few, sizes.usage_many), strict=True):
            with database.connect(name) as cursor:
                metered.fill(cursor, known, count)
    return *names, known


def _prepare_billing(sizes, template):
    """Make a database with some tenants to bill, and one with many; return what is
    known of their company, and the names.
    """
    names = []
    with step(f"making {sizes.bill_seeds * sizes.bill_large} tenants to bill, by SQL"):
        seeds = database.copy("seeds", template)
        with Shell(seeds) as shell:
            known = shell.call("stage.billed.set_up", tenants=sizes.bill_seeds)
        for name, copies in (
            ("billed", sizes.bill_copies),
            ("billed_much", sizes.bill_large),
        ):
            names.append(database.copy(name, seeds))
            with database.connect(names[-1]) as cursor:
                clone.multiply(cursor, copies)
    return known, names


def _prepare_growth(sizes):
    """Make a small and a large database; return their names."""
    names = []
    with step(f"making {sizes.tenants * sizes.large} tenants, by SQL"):
        for name, copies in (("small", 1), ("large", sizes.large)):
            names.append(database.copy(name, f"{database.PREFIX}base"))
            with database.connect(names[-1]) as cursor:
                clone.multiply(cursor, copies)
    return names


def _prepare_board(sizes):
    """Make a database with many events; return its name."""
    with step(f"making {sizes.board_events} events, by SQL"):
        name = database.copy("board", f"{database.PREFIX}base")
        with database.connect(name) as cursor:
            month.prepare(cursor, sizes.board_events)
    return name


if __name__ == "__main__":
    # However it is ended, it stops what it started and drops its databases. (A shell
    # that starts a job in the background makes it ignore SIGINT.)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    exit_with(main)
