"""Writes ``docs/metrics.rst`` out of the closed list of figures."""

from textwrap import fill

from .histogram import ENDS
from .metric import Board, Unit
from .metrics import METRICS

_HEAD = """\
=======
Figures
=======

What the pages *Operations* and *Finance* show, and what machines read at
``/saas/metrics``. ``make lint FIX=1`` writes this page from
``canonical/display/metrics.py``: names and labels stay, and what is new is added.

An integration manager makes a token under *Configuration / Tokens for Machines*. It
reads the figures of its company alone, and is shown once::

    curl -H "Authorization: Bearer TOKEN" https://odoo.example.com/saas/metrics

The answer is OpenMetrics 1.0 text. Labels are ids and names of sources, lanes, states,
reasons and currencies: nothing of a customer. ``docs/grafana`` has a dashboard and
alert rules. Amounts are in units of their currency and exact up to 15 digits, which is
what a scraper's numbers hold.

A week is the last seven days and a day the last 24 hours, up to the moment of reading.
"""
_UNITS = {
    Unit.COUNT: "a number",
    Unit.SECONDS: "seconds",
    Unit.DAYS: "days",
    Unit.RATIO: "a share of 1",
    Unit.AMOUNT: "units of the currency",
}

_STEPS = f", in steps up to {', '.join(map(str, ENDS))}"


def write():
    """Return the page as reStructuredText."""
    parts = [_HEAD]
    for board in Board:
        parts.append(f"{board.value}\n{'=' * len(board.value)}\n")
        parts += [_describe(metric) for metric in METRICS if metric.board is board]
    return "\n".join(parts)


def _describe(metric):
    title = f"``{metric.name}``"
    labels = ", ".join(f"``{name}``" for name in metric.label_names)
    return "\n".join(
        [
            title,
            "-" * len(title),
            "",
            fill(metric.definition, 88),
            "",
            f":Unit: {_UNITS[metric.unit]}{_STEPS if metric.is_histogram else ''}",
            f":Labels: {labels}",
            f":Counted from: {metric.rows}",
            "",
        ]
    )
