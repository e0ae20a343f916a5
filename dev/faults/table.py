"""What the run ends with: a row for each round."""

from .verdict import SHOWN

FORMAT = "{:<30} {:>7} {:>8} {:>6} {:>8} {:>12}  {}"
WIDTH = 110


def print_table(what, results):
    """Print the table of a section; return whether all is as it should be.

    In: what is counted, and for each round its name, seconds, what was done, and the
    verdict.
    """
    shown = ("lost", "doubled", "differences")
    heads = ("Round", what, "seconds", *shown, "what was done")
    print(f"\n{FORMAT.format(*heads)}\n{'─' * WIDTH}")
    for name, seconds, done, verdict in results:
        numbers = (verdict.lost, verdict.doubled, verdict.differences)
        print(FORMAT.format(name, verdict.events, f"{seconds:.0f}", *numbers, done))
    total = [
        sum(getattr(verdict, what) for *_rest, verdict in results)
        for what in ("events", *shown)
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
