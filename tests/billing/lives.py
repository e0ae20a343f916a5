"""Makes up lives of subscriptions in which all fates mix: back-dated, scheduled and
withdrawn changes, trials, pauses, renewals, ends that move, amendments told as an end
and a beginning, changes of time zone; at month ends, in leap years, when clocks change.
"""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from .biller import Component, at, change, price, terms

#: Instants around which a life is laid: month ends, a leap day, both changes of clocks.
_PLACES = (
    at(2024, 1, 31, 8),
    at(2024, 2, 28, 23, 30),
    at(2024, 3, 31, 0, 30),
    at(2024, 10, 27, 0, 30),
    at(2025, 12, 31, 23),
    at(2026, 3, 8, 9, 59, 59),
)
_ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Pacific/Auckland",
    "Asia/Kolkata",
)
_KINDS = (
    *("changed",) * 5,
    *("paused", "resumed") * 3,
    "trial_ended",
    "renewed",
    "activated",
    "agreed",
    "canceled",
)


def make_components(random, proration="day"):
    """Return how three components are billed, each otherwise, and what they cost."""
    cadences = ("weekly", "monthly", "monthly", "quarterly", "yearly")
    components = [
        Component(
            code,
            random.choice(cadences),
            is_advance=random.random() < 0.6,
            is_calendar=random.random() < 0.4,
            proration=proration,
        )
        for code in "abc"
    ]
    prices = {}
    for code in "abc":
        known = [(at(2020, 1, 1), price(random.randrange(1, 10**6)))]
        if random.random() < 0.5:
            moment = random.choice(_PLACES) + timedelta(hours=random.randrange(2000))
            known.append((moment, price(random.randrange(10**6))))
        prices[code] = known
    return components, prices


def make_life(random):
    """Return the changes of one life, in the order in which they are known, and the
    instant by which all of it has been billed.
    """
    start = random.choice(_PLACES) + timedelta(seconds=random.randrange(86400))
    zone = random.choice(_ZONES)
    trial = start + timedelta(days=14) if random.random() < 0.3 else None
    first = change(
        "activated", start, "k0", terms=_make_terms(random, zone), trial_end=trial
    )
    changes = [replace(first, part="A")]
    for number in range(1, random.randrange(2, 12)):
        moment = start + timedelta(seconds=random.randrange(200 * 86400))
        if random.random() < 0.2:
            moment = changes[-1].effective_at
        if random.random() < 0.1:
            zone = random.choice(_ZONES)
        changes.append(_make_change(random, f"k{number}", moment, zone, changes))
    if random.random() < 0.3:
        changes += _make_amendment(random, start, zone)
    # Some are told late, some long before they take effect.
    told = [
        replace(
            c, known_at=c.effective_at + timedelta(hours=random.randrange(-900, 900))
        )
        for c in changes
    ]
    return sorted(told, key=lambda c: c.knowledge), start + timedelta(days=240)


def _make_terms(random, zone):
    quantities = {
        code: Fraction(random.choice((1, 1, 2, 5, "2.5")))
        for code in "abc"
        if random.random() < 0.7
    }
    return terms(zone, None, **quantities)


def _make_change(random, key, moment, zone, known):
    kind = random.choice(_KINDS)
    if random.random() < 0.12:
        return change("withdrawn", moment, key, withdraws=random.choice(known).key)
    held = kind in ("changed", "agreed", "activated") or (
        kind == "renewed" and random.random() < 0.5
    )
    ends = moment + timedelta(days=90)
    return change(
        kind,
        moment,
        key,
        part="A",
        terms=_make_terms(random, zone) if held else None,
        ends_at=ends if kind == "renewed" else None,
    )


def _make_amendment(random, start, zone):
    """Return an amendment as a platform tells it that ends one and begins another."""
    moment = start + timedelta(seconds=random.randrange(100 * 86400))
    later = moment + timedelta(seconds=random.choice((0, 0, 5, 3600)))
    return [
        change("canceled", moment, "end", part="A"),
        change(
            "activated",
            later,
            "again",
            part="B",
            continues="A",
            terms=_make_terms(random, zone),
        ),
    ]
