"""make faults: break things on purpose while events flow, and look at the books."""

import os
import random
import time

from . import database, lock, odoo_command, settings, workspace
from .console import say, step

SEED = 20261121


def faults():
    """Run the rounds (those that ROUNDS names, or all); return 0 if all are good."""
    os.environ["STORY_FILES"] = "faults"
    # Not at the top: these need the environment that has Odoo.
    from .faults import stage, table
    from .faults.postgres import Postgres

    with lock.only_one("faults", "another make faults"), workspace.ready():
        with Postgres() as postgres:
            _prepare(postgres, stage.TEMPLATE)
            results = list(_play_rounds(postgres))
        is_good = table.print_table(results)
    say("\nNothing lost, nothing twice." if is_good else "\nNot as it should be.")
    return 0 if is_good else 1


def _prepare(postgres, template):
    """Make the database that each round begins with."""
    from .demo import files

    workspace.fresh_database(template)
    try:
        script = files.HERE / "setup_db.py"
        with step("preparing the companies"), script.open("rb") as source:
            odoo_command.run(
                template,
                "--no-http",
                subcommand="shell",
                log="faults-setup",
                stdin=source,
            )
        with step("copying the database"):
            known = {**os.environ, **database.connection()}
            postgres.copy_from(template, known)
    finally:
        database.drop(template)


def _play_rounds(postgres):
    """Play each round; yield its name, seconds, what was done, and the verdict."""
    from .demo import delivery, story
    from .faults import table
    from .faults.rounds import ROUNDS

    accounts = story.tell()
    planned = delivery.plan(accounts)
    quick = settings.switched_on("QUICK", default=False)
    chosen = settings.text("ROUNDS")
    undisturbed = None
    for number, play in enumerate(ROUNDS):
        if (
            number
            and chosen
            and not any(part in play.name for part in chosen.split(","))
        ):
            continue
        times = play.quick if quick else play.times
        began = time.monotonic()
        draw = random.Random(f"{SEED} {play.name}")
        with step(play.name):
            done, answers, found = _play(postgres, draw, play, times, planned)
        from .faults.verdict import judge

        verdict = judge(accounts, planned, answers, found, undisturbed)
        table.print_details(verdict)
        undisturbed = undisturbed or found
        yield play.name, time.monotonic() - began, done, verdict


def _play(postgres, draw, play, times, planned):
    """Play a round; return what was done, the answers, and what the database says."""
    from .faults.stage import Stage

    with Stage(postgres, draw, **play.stage) as stage:
        stage.sender.begin(planned)
        done = play.fault(stage, planned, times)
        answers = stage.sender.finish()
        left = stage.settle()
        if any(left):
            say(f"  {left[0]} events and {left[1]} jobs are left")
        return done, answers, stage.read_books()
