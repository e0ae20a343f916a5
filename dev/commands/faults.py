"""make faults: break things on purpose while events flow and tenants are billed, and
look at the books.
"""

import os
import random
import time

from .. import settings, workspace
from ..console import Trouble, say, step
from ..machine import database, lock, odoo_command

SEED = 20261121


def faults():
    """Run the rounds (those that ROUNDS names, or all); return 0 if all are good."""
    os.environ["STORY_FILES"] = "faults"
    # Not at the top: these need the environment that has Odoo.
    from ..faults import table
    from ..faults.postgres import Postgres

    is_good = True
    with lock.only_one("faults", "another make faults"), workspace.ready():
        for what, play in (("events", _play_events), ("charges", _play_billing)):
            results = []
            try:
                with Postgres() as postgres:
                    for result in play(postgres):
                        results.append(result)
            finally:
                # Interrupted, it shows what it knows.
                if results:
                    is_good &= table.print_table(what, results)
    say("\nNothing lost, nothing twice." if is_good else "\nNot as it should be.")
    return 0 if is_good else 1


def _play_events(postgres):
    """Break things while the demonstration's events flow; yield a result a round."""
    from ..demo import delivery, files
    from ..demo.story import month
    from ..faults.rounds import ROUNDS
    from ..faults.stage import TEMPLATE
    from ..faults.verdict import judge

    rounds = _choose(ROUNDS)
    if not rounds:
        return
    _prepare(postgres, TEMPLATE, files.HERE / "setup_db.py", "the companies")
    accounts = month.tell()
    planned = delivery.plan(accounts)

    def play(round_, draw, times, undisturbed):
        done, answers, found = _send(postgres, draw, round_, times, planned)
        return done, found, judge(accounts, planned, answers, found, undisturbed)

    yield from _play_rounds(rounds, play)


def _play_billing(postgres):
    """Kill what bills tenants; yield a result a round."""
    from ..faults.billing import stage, verdict
    from ..faults.billing.rounds import ROUNDS
    from ..faults.nodes import HERE

    rounds = _choose(ROUNDS)
    if not rounds:
        return
    script = HERE / "billing" / "setup_db.py"
    _prepare(postgres, stage.TEMPLATE, script, "tenants to bill")

    def play(round_, draw, times, undisturbed):
        with stage.BillingStage(postgres, draw, **round_.stage) as nodes:
            done = round_.fault(nodes, times)
            left = nodes.settle()
            if left:
                say(f"  {left} runs and jobs are left")
            found = verdict.read(nodes)
        return done, found, verdict.judge(found, undisturbed)

    yield from _play_rounds(rounds, play)


def _prepare(postgres, template, script, what):
    """Make the database that each round begins with."""
    workspace.fresh_database(template)
    try:
        with step(f"preparing {what}"):
            odoo_command.run_script(template, script, log=f"{template}-setup")
        with step("copying the database"):
            known = {**os.environ, **database.connection()}
            postgres.copy_from(template, known)
    finally:
        database.drop(template)


def _choose(rounds):
    """Return the rounds of a section to play, and how often their faults happen: all,
    or those that ROUNDS names, with the first, which the others are compared with.
    """
    chosen = settings.text("ROUNDS").split(",")
    quick = settings.switched_on("QUICK", default=False)
    found = []
    for round_ in rounds:
        times = round_.quick if quick else round_.times
        named = any(part in round_.name for part in chosen)
        if named and (times or chosen != [""]):
            found.append((round_, times or 1))
    if found and found[0][0] is not rounds[0]:
        found.insert(0, (rounds[0], 1))
    return found


def _play_rounds(rounds, play):
    """Play each round; yield its name, seconds, what was done, and the verdict."""
    from ..faults import table
    from ..faults.verdict import Verdict

    undisturbed = None
    for round_, times in rounds:
        began = time.monotonic()
        draw = random.Random(f"{SEED} {round_.name}")
        try:
            with step(round_.name):
                done, found, verdict = play(round_, draw, times, undisturbed)
            undisturbed = undisturbed or found
        except Trouble as trouble:
            done, verdict = "given up", Verdict(0, 0, 0, 1, [trouble.problem])
        table.print_details(verdict)
        yield round_.name, time.monotonic() - began, done, verdict


def _send(postgres, draw, round_, times, planned):
    """Play a round of events; return what was done, the answers, and what the database
    says.
    """
    from ..faults.stage import Stage

    with Stage(postgres, draw, **round_.stage) as stage:
        stage.sender.begin(planned)
        done = round_.fault(stage, planned, times)
        answers = stage.sender.finish()
        left = stage.settle()
        if any(left):
            say(f"  {left[0]} events and {left[1]} jobs are left")
        failed = stage.count_failed_jobs()
        if failed:
            done += f"; {failed} jobs failed, others took over"
        return done, answers, stage.read_books()
