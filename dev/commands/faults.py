"""make faults: break things on purpose while events flow, and look at the books."""

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
    from ..faults import stage, table
    from ..faults.postgres import Postgres

    with lock.only_one("faults", "another make faults"), workspace.ready():
        results = []
        try:
            with Postgres() as postgres:
                _prepare(postgres, stage.TEMPLATE)
                for result in _play_rounds(postgres):
                    results.append(result)
        finally:
            # Interrupted, it shows what it knows.
            is_good = table.print_table(results)
    say("\nNothing lost, nothing twice." if is_good else "\nNot as it should be.")
    return 0 if is_good else 1


def _prepare(postgres, template):
    """Make the database that each round begins with."""
    from ..demo import files

    workspace.fresh_database(template)
    try:
        script = files.HERE / "setup_db.py"
        with step("preparing the companies"):
            odoo_command.run_script(template, script, log="faults-setup")
        with step("copying the database"):
            known = {**os.environ, **database.connection()}
            postgres.copy_from(template, known)
    finally:
        database.drop(template)


def _play_rounds(postgres):
    """Play each round; yield its name, seconds, what was done, and the verdict."""
    from ..demo import delivery
    from ..demo.story import month
    from ..faults import table
    from ..faults.verdict import Verdict, judge

    accounts = month.tell()
    planned = delivery.plan(accounts)
    undisturbed = None
    for play, times in _choose_rounds():
        began = time.monotonic()
        draw = random.Random(f"{SEED} {play.name}")
        try:
            with step(play.name):
                done, answers, found = _play(postgres, draw, play, times, planned)
            verdict = judge(accounts, planned, answers, found, undisturbed)
            undisturbed = undisturbed or found
        except Trouble as trouble:
            done, verdict = "given up", Verdict(0, 0, 0, 1, [trouble.problem])
        table.print_details(verdict)
        yield play.name, time.monotonic() - began, done, verdict


def _choose_rounds():
    """Yield the rounds to play, and how often their faults happen: all, or those that
    ROUNDS names, but always the first, which the others are compared with.
    """
    from ..faults.rounds import ROUNDS

    chosen = settings.text("ROUNDS").split(",")
    quick = settings.switched_on("QUICK", default=False)
    for number, play in enumerate(ROUNDS):
        times = play.quick if quick else play.times
        named = any(part in play.name for part in chosen)
        if not number or (named and (times or chosen != [""])):
            yield play, times or 1


def _play(postgres, draw, play, times, planned):
    """Play a round; return what was done, the answers, and what the database says."""
    from ..faults.stage import Stage

    with Stage(postgres, draw, **play.stage) as stage:
        stage.sender.begin(planned)
        done = play.fault(stage, planned, times)
        answers = stage.sender.finish()
        left = stage.settle()
        if any(left):
            say(f"  {left[0]} events and {left[1]} jobs are left")
        failed = stage.count_failed_jobs()
        if failed:
            done += f"; {failed} jobs failed, others took over"
        return done, answers, stage.read_books()
