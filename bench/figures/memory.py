"""A worker's peak memory after many events, over its peak after few.

Each round is a new process, read twice on its way. Most events are cheap ones, so that
there can be many: customers that move, subscriptions that are renewed, and now and
then an invoice.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..figure import Figure
from ..stage import inbox

#: Of twenty events; the others are renewals of subscriptions.
MOVES, INVOICES = 15, 1


def measure(stage, open_shell):
    """In: a function that returns a new shell on the main database."""
    figure = Figure("memory")
    sizes = stage.sizes
    entities = [*stage.sources] * sizes.rounds
    with ThreadPoolExecutor() as pool, stage.connect() as cursor:
        # Nothing is timed here, so both sources may be drained at once.
        for start in range(0, sizes.rounds, len(stage.sources)):
            together = entities[start : min(start + len(stage.sources), sizes.rounds)]
            for entity in together:
                inbox.fill(cursor, _make_events(stage, entity), stage.sources)
            ids = [stage.sources[entity]["id"] for entity in together]
            for peaks in pool.map(
                lambda source_id: _drain(open_shell, source_id, sizes.memory_few), ids
            ):
                before, few, many = peaks
                figure.add(many / few, started_mb=before, few_mb=few, many_mb=many)
        inbox.check_done(cursor)
    figure.detail.update(few=sizes.memory_few, many=sizes.memory_many)
    return [figure]


def _make_events(stage, entity):
    tenants = stage.choose(stage.sizes.memory_many, entity)
    with stage.record(
        "customer.updated", "customer.subscription.updated", "invoice.finalized"
    ) as events:
        for number, tenant in enumerate(tenants):
            kind = number % 20
            if kind < MOVES:
                tenant.move(number)
            elif kind < MOVES + INVOICES:
                tenant.bill()
            else:
                tenant.renew()
    return events


def _drain(open_shell, source_id, few):
    """Return a new process's peaks: at its beginning, after few events, after all."""
    with open_shell() as shell:
        peaks = [shell.call("figures.memory.read_peak")]
        for limit in (few, None):
            shell.call("stage.shell.drain", source_id=source_id, limit=limit)
            peaks.append(shell.call("figures.memory.read_peak"))
    return peaks


def read_peak(_env):
    """Return the highest memory this process ever had, in MB. Runs inside the shell."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("this system does not tell a process its peak memory")
