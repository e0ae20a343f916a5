"""What a person sees, and what a program reads: the table, and `results.json`."""

import json
import os
import platform

from dev import settings
from dev.console import say

from .database import fetch
from .figure import KEYS, SECOND

FOLDER = settings.ROOT / "bench"
RESULTS = FOLDER / "results.json"
CHART = FOLDER / "results.svg"
#: They decide what a commit costs.
_SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes")
_WIDTHS = (24, 9, 8, 9)


def describe_run(cursor, sizes):
    """Return what the figures depend on beside the code."""
    known = {name: fetch(cursor, f"SHOW {name}")[0][0] for name in _SETTINGS}
    return {
        "kind": sizes.name,
        "rounds": sizes.rounds,
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "postgresql": known,
    }


def say_figure(figure):
    """Print a figure as soon as it is known."""
    verdict = "met" if figure.is_met else "NOT MET"
    say(f"  {figure.key} = {figure.value:.3g}, goal {figure.goal}: {verdict}")


def say_table(figures, run):
    """Print all figures, and the settings that they were measured with."""
    say()
    if run["kind"] != "full":
        say("THE QUICK RUN: smaller sizes, so the figures are rougher.")
    say(_row("figure", "value", "goal", "", "rounds"))
    for figure in figures:
        verdict = "met" if figure.is_met else "NOT MET"
        rounds = " ".join(f"{value:.3g}" for value in figure.rounds)
        value = f"{figure.value:.3g}"
        say(_row(figure.key, value, str(figure.goal), verdict, rounds))
        say(f"  {figure.goal.what}: {_describe_parts(figure)}")
    say()
    say_server(run)


def say_server(run):
    """Print the settings that all was measured with."""
    known = ", ".join(f"{name} {value}" for name, value in run["postgresql"].items())
    say(f"{run['cpus']} CPUs, Python {run['python']}, PostgreSQL: {known}.")
    say("Both sides of each figure used this same server.")
    if "off" in run["postgresql"].values():
        say("IT WAS NOT DURABLE: a commit did not wait for the disk, as a user's does.")


def _describe_parts(figure):
    """Return the parts of a figure: the median of the rounds where there are more."""
    parts = []
    for name, part in figure.detail.items():
        if isinstance(part, list):
            part = f"{sorted(part)[len(part) // 2]:.4g}"
        parts.append(f"{name.replace('_', ' ')} {part}")
    return ", ".join(parts)


def _row(*cells):
    *narrow, last = cells
    padded = (cell.ljust(width) for cell, width in zip(narrow, _WIDTHS, strict=True))
    return f"{''.join(padded)}{last}".rstrip()


def write_results(figures, run):
    """Write the figures for programs: each key's value, and below it the details."""
    details = {figure.key: figure.as_json() for figure in figures}
    values = {key: details[key]["value"] for key in KEYS}
    for key, (first, name) in SECOND.items():
        details[first][name] = details.pop(key)
    content = {**values, "details": {"run": run, **details}}
    RESULTS.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
