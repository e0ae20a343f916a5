"""What today's code comes to beside another commit's: `make bench BASE=<commit>`.

Each side runs its own bench, the one of its commit, in its own checkout: the names of
tables and methods that a bench needs to fill an inbox or to copy tenants may have moved
since, and a bench that fits its addon needs no second set of them. Both have databases
of their own on the same server, the same Odoo, the same sizes, and one of them rests
while the other measures a round: base, ours, base, ours, figure by figure. So what the
machine does beside falls on both.
"""

import json
import os
import subprocess
from dataclasses import asdict
from multiprocessing import Pipe
from statistics import median

from dev import settings
from dev.console import Trouble, say, step
from dev.machine import database
from dev.machine.process import tail

from . import checkout, report
from .database import connect
from .figure import GOALS

#: Less than that of the base's is a loss.
LIMIT = 0.97
RESULTS = report.FOLDER / "comparison.json"
_WIDTHS = (24, 10, 10, 8, 8, 0)


def compare(name, sizes, only):
    """Measure a commit and today's files in turn; return the exit code, 1 if a figure
    of today's is below the limit.

    In: whatever Git takes for a commit, and the figures to measure, none for all.
    """
    commit, folder = checkout.export(name)
    with Side("ours", settings.ROOT) as ours, Side("base", folder) as base:
        # First ours: whoever makes a template forgets the oldest of its own.
        for side, of in ((ours, "today's files"), (base, commit)):
            with step(f"installing {of}"):
                side.keys = side.hear()
        wanted = [key for key in GOALS if not only or key in only]
        shared = [key for key in wanted if key in base.keys]
        if not shared:
            raise Trouble(f"{name} has none of these figures.", "Leave --only out.")
        base.begin(sizes, shared, [key for key in only if key in base.keys])
        ours.begin(sizes, shared, only)
        _take_turns(base, ours)
    rows = [hold(key, base.rounds[key], ours.rounds[key]) for key in shared]
    new = {key: ours.rounds[key] for key in wanted if key not in shared}
    _say_table(commit, rows, new, sizes)
    _write(commit, rows, new, sizes)
    return int(not all(row["held"] for row in rows))


class Side:
    """One of the two: a process that measures a round when it is told to."""

    def __init__(self, name, folder):
        self.name, self.folder = name, folder
        self.keys = []
        #: By figure: what each round came to, and what it was made of.
        self.rounds = {}
        self.log = settings.LOG / f"bench-side-{name}.log"

    def __enter__(self):
        self._pipe, theirs = Pipe()
        environment = {
            **os.environ,
            **database.connection(),
            "PYTHONPATH": str(self.folder),
        }
        environment.pop("SAAS_TEMPLATE", None)
        # -P: the folder of this script is not where its imports are.
        command = [settings.PYTHON, "-P", settings.ROOT / "bench" / "side.py"]
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                [*command, str(theirs.fileno())],
                cwd=self.folder,
                env=environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        theirs.close()
        return self

    def __exit__(self, *_exception):
        # It ends when nobody listens any more, and drops its databases.
        self._pipe.close()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def begin(self, sizes, shared, only):
        """Say what is to be measured. The first turn begins at once."""
        self._shared = shared
        self._order = {"name": self.name, "sizes": asdict(sizes), "only": list(only)}

    def measure_round(self):
        """Let it measure until the next round of a figure that both have is over.

        :return: the figure's key, the round's value and its parts, or None at the end.
        """
        while True:
            try:
                # From the second time on any message will do.
                self._pipe.send(self._order)
            except OSError:
                self._fail()
            found = self.hear()
            if found is None:
                return None
            key, value, parts = found
            self.rounds.setdefault(key, []).append({"value": value, **parts})
            if key in self._shared:
                return found

    def hear(self):
        """Return what it has to say next."""
        try:
            return self._pipe.recv()
        except (EOFError, OSError):
            self._fail()

    def _fail(self):
        raise Trouble(
            f"The side {self.name} failed:\n{tail(self.log, 25)}", f"See {self.log}."
        ) from None


def _take_turns(base, ours):
    """Let both measure all they have, in turn."""
    going = [base, ours]
    while going:
        for side in list(going):
            with step(f"{side.name} measures"):
                found = side.measure_round()
            if found is None:
                going.remove(side)
            else:
                key, value, _parts = found
                number = len(side.rounds[key])
                say(f"  {key}, round {number}: {side.name} {value:.4g}")


def hold(key, base, ours):
    """Hold the rounds of ours against the base's: the figure, which decides, and the
    part of it that is our own work, without the work it is compared with.
    """
    goal = GOALS[key]
    row = {"key": key}
    for name, part, more in (
        ("", "value", goal.at_least),
        ("own_", goal.own, goal.own.endswith("_per_s")),
    ):
        theirs = median(found[part] for found in base)
        today = median(found[part] for found in ours)
        row[f"{name}base"], row[f"{name}ours"] = theirs, today
        row[f"{name}ratio"] = today / theirs if more else theirs / today
    row["held"] = row["ratio"] >= LIMIT
    row["rounds"] = {"base": base, "ours": ours}
    return row


def _say_table(commit, rows, new, sizes):
    say()
    if sizes.name != "comparison":
        say("THE QUICK RUN: smaller sizes, so the figures are rougher.")
    say(f"Medians of {sizes.rounds} rounds; ratio: how many times as good as {commit}.")
    say(_row("figure", "base", "ours", "ratio", "", "rounds, base / ours"))
    for row in rows:
        verdict = "held" if row["held"] else "LOST"
        rounds = " / ".join(
            " ".join(f"{found['value']:.3g}" for found in row["rounds"][side])
            for side in ("base", "ours")
        )
        numbers = [f"{row[name]:.4g}" for name in ("base", "ours")]
        say(_row(row["key"], *numbers, f"{row['ratio']:.3f}", verdict, rounds))
        numbers = [f"{row[f'own_{name}']:.4g}" for name in ("base", "ours")]
        slower = "" if row["own_ratio"] >= LIMIT else "below"
        own = "  " + GOALS[row["key"]].own
        say(_row(own, *numbers, f"{row['own_ratio']:.3f}", slower, ""))
    for key, rounds in new.items():
        values = [found["value"] for found in rounds]
        goal = f"new, goal {GOALS[key]}: " + " ".join(f"{v:.3g}" for v in values)
        say(_row(key, "", f"{median(values):.4g}", "", "", goal))
    lost = [row["key"] for row in rows if not row["held"]]
    say(f"\nBelow {LIMIT} of the base: {', '.join(lost) or 'none'}.")


def _row(*cells):
    padded = (cell.ljust(width) for cell, width in zip(cells, _WIDTHS, strict=True))
    return "".join(padded).rstrip()


def _write(commit, rows, new, sizes):
    with connect("postgres") as cursor:
        run = report.describe_run(cursor, sizes)
    report.say_server(run)
    content = {"base": commit, "limit": LIMIT, "run": run}
    content |= {"figures": rows, "new": new}
    RESULTS.write_text(json.dumps(content, indent=2) + "\n")
    say(f"Written: {RESULTS.name} in bench/.")
