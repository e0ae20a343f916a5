"""One side of a comparison: a commit's own bench, in its own checkout, which waits
after each round until it is told to go on.

`compare` runs this file of today's in the base's checkout and in ours alike: what it
imports as `bench` and `dev` are the checkout's. What it needs of them is little, and
has to stay as it is:

    bench.__main__._measure(sizes, template, only)   measures, in the same order
    bench.figure: GOALS, and Figure.add(value, **parts), called once a round
    bench.sizes.FULL, a dataclass                    bench.database.PREFIX, drop_all()
    dev.workspace: ready(), addon_template(), and odoo_source with prepare()
"""

import signal
import sys
from dataclasses import fields, replace
from multiprocessing.connection import Connection

from bench import __main__ as bench
from bench import database
from bench.figure import GOALS, Figure
from bench.sizes import FULL
from dev import settings, workspace


def main():
    """Say which figures there are to measure, and do so when it is told to.

    In: the number of a pipe to its maker; and over the pipe, the side's name, its
    sizes and the figures to measure (none for all). Out: `(key, value, parts)` of each
    round, after which it waits for an answer, and None when all is measured.
    """
    pipe = Connection(int(sys.argv[1]))
    settings.make_folders()
    workspace.odoo_source.prepare()
    with workspace.ready():
        template = workspace.addon_template()
        pipe.send(list(GOALS))
        order = pipe.recv()
        database.PREFIX = f"bench_{order['name']}_"
        _wait_after_rounds(pipe)
        known = {field.name for field in fields(FULL)}
        sizes = {name: n for name, n in order["sizes"].items() if name in known}
        try:
            bench._measure(replace(FULL, **sizes), template, set(order["only"]))
        finally:
            database.drop_all()
        pipe.send(None)


def _wait_after_rounds(pipe):
    """Let each round of a figure be told, and wait for an answer."""
    add = Figure.add

    def add_and_wait(figure, value, **parts):
        add(figure, value, **parts)
        pipe.send((figure.key, value, parts))
        pipe.recv()

    Figure.add = add_and_wait


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        main()
    except EOFError:
        # Nobody waits for us any more.
        pass
