"""The time an invoice takes in a run of very many tenants, over the time it takes in a
run of some, and the peak memory of the worker that does the large one. The large run
goes on for a third of its chunks each time, in turn with small ones.
"""

import time

from dev.console import Trouble

from ...figure import Figure
from .run import bill

KEYS = ("bill_growth", "bill_memory")
#: The part of the large run after which the memory is read for the first time.
_FEW = 10


def measure(stage, small, large, known, months):
    """In: shells on the two databases, what is known of the company that is in both,
    and the months that the small one has not billed yet.
    """
    growth, memory = figures = [Figure(key) for key in KEYS]
    sizes = stage.sizes
    tenants = sizes.bill_seeds * sizes.bill_large
    chunk = large.call("figures.billing.growth.get_chunk_size")
    chunks = -(-tenants // chunk)
    few = max(1, chunks // _FEW)
    began = time.monotonic()
    run_id = large.call(
        "stage.billed.begin_run",
        company_id=known["company_id"],
        month=months.first,
    )
    # What is done once for all is a part of each invoice's time.
    beginning = (time.monotonic() - began) / tenants
    large.call("stage.billed.go_on", run_id=run_id, chunks=few)
    peak = large.call("figures.memory.read_peak")
    bill(small, known, months.take())
    done = few
    for number in range(sizes.rounds):
        until = few + (chunks - few) * (number + 1) // sizes.rounds
        in_large = _go_on(large, run_id, until - done) + beginning
        done = until
        in_small = bill(small, known, months.take())
        growth.add(
            in_large / in_small, small_ms=in_small * 1000, large_ms=in_large * 1000
        )
        later = large.call("figures.memory.read_peak")
        memory.add(later / peak, few_mb=peak, many_mb=later)
    # Each round's peak is at least the one's before: the last one counts.
    memory.rounds = memory.rounds[-1:]
    growth.detail.update(few=sizes.bill_tenants, many=tenants)
    memory.detail.update(few=few * chunk, many=tenants)
    return figures


def _go_on(shell, run_id, chunks):
    """Return how many seconds each invoice takes in the next chunks of a run."""
    before = shell.call("stage.billed.go_on", run_id=run_id, chunks=0)["done"]
    began = time.monotonic()
    became = shell.call("stage.billed.go_on", run_id=run_id, chunks=chunks)
    took = time.monotonic() - began
    if became["failed"] or became["done"] == before:
        raise Trouble(f"Not all tenants were billed: {became}")
    return took / (became["done"] - before)


def get_chunk_size(env):
    """Return how many tenants a job bills. Runs inside the shell."""
    return env["saas.billing.run"]._chunk_size
