"""What the run ends with: a row for each round."""

from .verdict import SHOWN

HEADS = (
    "Round",
    "events",
    "seconds",
    "lost",
    "doubled",
    "differences",
    "what was done",
)
FORMAT = "{:<30} {:>6} {:>8} {:>6} {:>8} {:>12}  {}"
WIDTH = 110


def print_table(results):
    """Print the table; return whether all is as it should be.

    In: for each round its name, seconds, what was done, and the verdict.
    """
    print(f"\n{FORMAT.format(*HEADS)}\n{'─' * WIDTH}")
    for name, seconds, done, verdict in results:
        numbers = (verdict.lost, verdict.doubled, verdict.differences)
        print(FORMAT.format(name, verdict.events, f"{seconds:.0f}", *numbers, done))
    total = [
        sum(getattr(verdict, what) for *_rest, verdict in results)
        for what in ("events", "lost", "doubled", "differences")
    ]
    seconds = sum(result[1] for result in results)
    print("─" * WIDTH)
    print(
        FORMAT.format(
            f"{len(results)} rounds", total[0], f"{seconds:.0f}", *total[1:], ""
        ).rstrip()
    )
    return not any(total[1:])


def print_details(verdict):
    """Print what is wrong, the first of much."""
    for line in verdict.details[:SHOWN]:
        print(f"    ✗ {line}")
    if len(verdict.details) > SHOWN:
        print(f"    ✗ and {len(verdict.details) - SHOWN} more")
