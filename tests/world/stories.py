"""Random stories, drawn so that every fate follows upon every other one as often as can
be.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

from .account import Account
from .fates import ENDS, FATES, draw_line, draw_shipping
from .pairs import find_possible

#: How many stories share their drains.
SIDE_BY_SIDE = 150
#: How often each possible pair shall occur: a few times more than the test asks for.
_OFTEN = 25
#: Of how many drawn stories the one with the rarest pairs is told, and how many are
#: drawn at most for one that shall have a certain pair.
_TRIES, _TRIES_FOR_PAIR = 2, 20
#: How much a fate is wanted that the pair consists of: more than any other.
_WANTED = 1000
_CURRENCIES = ("usd", "usd", "eur", "jpy", "kwd")


@dataclass
class Story:
    """``account`` is how it ended at Stripe; ``steps`` are what happened, as texts.
    ``pairs`` are those of fates, each with all fates of the invoice that led to it.
    """

    number: int
    account: Account
    relief: bool
    movements: bool
    steps: list = field(default_factory=list)
    pairs: dict = field(default_factory=dict)

    def __str__(self):
        return f"story {self.number} ({self.account.currency}): " + ", ".join(
            self.steps
        )


def draw_stories(seed, count, longest, last=None):
    """Return so many stories, and how often each ordered pair of fates occurs: the
    second happened some time after the first to the same invoice.

    As soon as the stories that are left are only just enough for the pairs that are
    still missing, each goes the way that once led to the rarest one. So a full run
    reaches all of them, whatever its seed.

    :param longest: of how many fates a story is at most.
    :param last: draw no more than the first ones of these, up to this number.
    """
    pairs, ways, vain, stories = Counter(), {}, Counter(), []
    possible = sorted(find_possible())
    for number in range(1, (last or count) + 1):
        missing = sum(max(_OFTEN - pairs[pair], 0) for pair in possible)
        wanted, most = None, _TRIES
        if missing and count - number < 2 * missing:
            wanted = min(possible, key=lambda pair: pairs[pair] + vain[pair])
            most = _TRIES_FOR_PAIR
        drawn = (
            _draw(f"{seed} {number} {n}", number, pairs, longest, wanted, ways)
            for n in range(most)
        )
        story = _choose(drawn, pairs, wanted)
        vain[wanted] += wanted not in story.pairs
        pairs.update(list(story.pairs))
        for pair, way in story.pairs.items():
            ways[pair] = min(ways.get(pair, way), way, key=len)
        stories.append(story)
    return stories, pairs


def _choose(drawn, pairs, wanted):
    """Return the first story that has the wanted pair; where none has it, the one with
    the rarest pairs.
    """
    best = None
    for story in drawn:
        if wanted in story.pairs:
            return story
        rarity = _sum_rarity(pairs, story.pairs)
        if not best or rarity > best[0]:
            best = (rarity, story)
    return best[1]


def _draw(seed, number, pairs, longest, wanted, ways):
    chance = random.Random(seed)
    account = Account(number, chance.choice(_CURRENCIES), chance)
    # A rule for the company as a whole, so it is one for many stories in a row.
    story = Story(
        number, account, (number - 1) // SIDE_BY_SIDE % 2 == 1, chance.random() < 0.3
    )
    if chance.random() < 0.3:
        account.give_credit(account.step * chance.randint(1, 60000))
    invoices = [_finalize(story) for _n in range(chance.choice([1, 2, 2]))]
    happened = {invoice["id"]: [] for invoice in invoices}
    for _step in range(chance.randint(3, longest)):
        account.wait()
        options = [
            (invoice, name, objects)
            for invoice in invoices
            for name, (find, _do) in FATES.items()
            if (objects := find(account, invoice))
        ]
        if not options:
            break
        rates = [
            _rate(pairs, story.pairs, happened[invoice["id"]], name, chance)
            + _steer(wanted, ways, happened[invoice["id"]], name, chance)
            for invoice, name, _objects in options
        ]
        invoice, name, objects = options[rates.index(max(rates))]
        FATES[name][1](account, invoice, chance.choice(objects))
        before = happened[invoice["id"]]
        for first in before:
            story.pairs.setdefault((first, name), (*before, name))
        before.append(name)
        story.steps.append(f"{invoices.index(invoice) + 1}:{name}")
        if chance.random() < 0.1:
            account.pay_out()
    return story


def _steer(wanted, ways, before, name, chance):
    """Return how much a fate is wanted for one pair: because it is the next on the way
    that is known, or because it is one of the two itself. The first one is wanted every
    other time, as something may have to happen before it.
    """
    if not wanted:
        return 0
    way = ways.get(wanted, ())
    if way[: len(before) + 1] == (*before, name):
        return 2 * _WANTED
    first, second = wanted
    if first in before:
        return _WANTED * (name == second)
    return _WANTED * (name == first and chance.random() < 0.5)


def _rate(pairs, own, before, name, chance):
    """Return how much a fate is wanted next: for new pairs that are rare so far, and
    by chance, because a fate also leads to others. What ends a story is wanted last.
    """
    new = {(first, name) for first in before} - own.keys()
    base = 0.05 if name in ENDS else 0.5
    return _sum_rarity(pairs, new) + base * chance.random() ** 2


def _sum_rarity(pairs, found, often=_OFTEN):
    return sum(
        1 / (1 + pairs[pair]) + max(often - pairs[pair], 0) / 9 for pair in found
    )


def _finalize(story):
    account = story.account
    lines = [draw_line(account) for _n in range(account.chance.randint(1, 3))]
    return account.finalize(lines, draw_shipping(account))
