"""The time that a record of usage takes where there are many, over the time it takes
where there are few. The same requests are drained in both databases, in turn, and each
drain is rolled back, so that each stays as large as it is said to be.

Two figures: ids in a random order, as those of UUID version 4, which touch an index all
over; and ids that rise with time, as those of version 7, which touch its end.
"""

from ...figure import Figure

#: By figure, whether ids rise with time.
KEYS = {"usage_growth": False, "usage_growth_ordered": True}
#: Where the numbers of each figure's records begin.
_APART = 10**7


def measure(stage, small, large, known):
    """In: shells on the two databases, and what the set-up says of the source, which
    both have.
    """
    return [
        _measure(stage, small, large, known, Figure(key), number)
        for number, key in enumerate(KEYS)
    ]


def _measure(stage, small, large, known, figure, number):
    count = stage.sizes.usage_growth
    first = 10**8 + number * _APART
    for shell in (small, large):
        shell.call(
            "stage.metering.store",
            source_id=known["source_id"],
            numbers=range(first, first + count),
            subscriptions=len(known["subscription_ids"]),
            ordered=KEYS[figure.key],
        )
    for round_number in range(stage.sizes.rounds + 1):
        took = [
            shell.call("stage.shell.drain_and_forget", source_id=known["source_id"])
            for shell in (small, large)
        ]
        in_small, in_large = (seconds / count * 10**6 for seconds in took)
        if round_number:  # the first was to warm up
            figure.add(in_large / in_small, small_us=in_small, large_us=in_large)
    for shell in (small, large):
        shell.call("stage.shell.drain", source_id=known["source_id"])
    figure.detail.update(
        records=count, few=stage.sizes.usage_few, many=stage.sizes.usage_many
    )
    return figure
