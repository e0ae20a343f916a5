"""Splits a batch so that one customer's facts keep their order."""

from collections import defaultdict


def split_waves(items):
    """Yield lists of items. In each, no two have the same order key, and all of a
    key's items come in the order given, one wave after the other.
    """
    waves = []
    depth = defaultdict(int)
    for item in items:
        wave = depth[item.fact.order_key]
        depth[item.fact.order_key] += 1
        if wave == len(waves):
            waves.append([])
        waves[wave].append(item)
    return waves


def group_by_kind(items):
    """Return lists of items of the same kind of fact, in order of first sight."""
    groups = {}
    for item in items:
        groups.setdefault(item.fact.kind, []).append(item)
    return groups
