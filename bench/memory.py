"""A worker's peak memory after many events, over its peak after few.

Each round is a new process, read twice on its way. Most events are cheap ones, so that
there can be many: customers that move, subscriptions that are renewed, and now and
then an invoice.
"""

from pathlib import Path

from . import inbox
from .figure import Figure

ENTITY = "eu"
#: Of ten events: the others are changes of subscriptions.
MOVES, INVOICES = 5, 1


def measure(stage, open_shell):
    """In: a function that returns a new shell on the main database."""
    figure = Figure("memory")
    sizes = stage.sizes
    source_id = stage.sources[ENTITY]["id"]
    with stage.connect() as cursor:
        for _round in range(sizes.rounds):
            inbox.fill(cursor, _make_events(stage), stage.sources)
            with open_shell() as shell:
                before = shell.call("memory.read_peak")
                first = sizes.memory_few
                shell.call("shell.drain", source_id=source_id, limit=first)
                few = shell.call("memory.read_peak")
                shell.call("shell.drain", source_id=source_id)
                many = shell.call("memory.read_peak")
            figure.add(many / few, started_mb=before, few_mb=few, many_mb=many)
        inbox.check_done(cursor)
    figure.detail.update(few=sizes.memory_few, many=sizes.memory_many)
    return figure


def _make_events(stage):
    tenants = stage.choose(stage.sizes.memory_many, ENTITY)
    with stage.record(
        "customer.updated", "customer.subscription.updated", "invoice.finalized"
    ) as events:
        for number, tenant in enumerate(tenants):
            kind = number % 10
            if kind < MOVES:
                tenant.move(number)
            elif kind < MOVES + INVOICES:
                tenant.bill()
            else:
                tenant.renew()
    return events


def read_peak(_env):
    """Return the highest memory this process ever had, in MB. Runs inside the shell."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("this system does not tell a process its peak memory")
