"""Records of usage through the whole drain, in requests of a thousand: read, checked,
each stored once, counted on its day, logged, the event done, and committed. Held
against four ways to store as many by hand: one by one with its look-ups and its bucket,
one by one alone, a thousand at once by the ORM, and a thousand at once by SQL, which
has all values ready and looks up, checks and counts nothing.
"""

from itertools import count

from dev.console import Trouble

from ...database import fetch
from ...figure import Figure

ENTITY = "eu"
#: By figure: the function that stores by hand, and the size that says how many.
WAYS = {
    "usage_vs_orm_same_work": ("create_and_count_each", "usage_singles"),
    "usage_vs_orm": ("create_each", "usage_singles"),
    "usage_vs_bulk": ("create_many", "usage_bulk"),
    "usage_vs_sql": ("insert", "usage_records"),
}
#: Numbers from here on are of records that are stored by hand.
_BY_HAND = 10**9


def measure(stage, shell, known, cursor):
    """In: what the set-up says of the source, and a cursor on the shell's database."""
    figures = [Figure(key) for key in WAYS]
    sizes = stage.sizes
    numbers, by_hand = count(), count(_BY_HAND)
    for number in range(sizes.rounds + 1):
        drained = _drain(stage, shell, known, cursor, numbers)
        for figure in figures:
            function, size = WAYS[figure.key]
            stored = shell.call(
                f"figures.usage.by_hand.{function}",
                known=known,
                numbers=_take(by_hand, getattr(sizes, size)),
            )
            if number:  # the first was to warm up
                figure.add(
                    drained / stored, drained_per_s=drained, by_hand_per_s=stored
                )
    for figure in figures:
        figure.detail["records"] = sizes.usage_records
    return figures


def _drain(stage, shell, known, cursor, numbers):
    """Return how many records a second the pipeline stores and counts."""
    before = _count(cursor)
    wanted = stage.sizes.usage_records
    source_id = known["source_id"]
    shell.call(
        "stage.metering.store",
        source_id=source_id,
        numbers=_take(numbers, wanted),
        subscriptions=len(known["subscription_ids"]),
    )
    took = shell.call("stage.shell.drain", source_id=source_id)
    counted = _count(cursor) - before
    if counted != wanted:
        raise Trouble(f"{wanted} records were to be counted, {counted} are.")
    return wanted / took


def _count(cursor):
    return fetch(cursor, "SELECT coalesce(sum(count), 0)::int FROM saas_usage_bucket")[
        0
    ][0]


def _take(numbers, count_of_them):
    return [next(numbers) for _each in range(count_of_them)]
