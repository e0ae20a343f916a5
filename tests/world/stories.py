"""Random stories, drawn so that every fate follows upon every other one as often as can
be.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

from .account import Account
from .fates import ENDS, FATES, draw_line, draw_shipping

#: How many stories share their drains.
SIDE_BY_SIDE = 150
#: A pair that occurs less often is wanted more than any other.
_OFTEN = 25
#: Of how many drawn stories the one with the rarest pairs is told; and of how many at
#: the end of a full run, which has pairs to make up for.
_TRIES, _TRIES_AT_LAST = 4, 30
_AT_LAST = 4600
_CURRENCIES = ("usd", "usd", "eur", "jpy", "kwd")


@dataclass
class Story:
    """``account`` is how it ended at Stripe; ``steps`` are what happened, as texts."""

    number: int
    account: Account
    relief: bool
    movements: bool
    steps: list = field(default_factory=list)
    pairs: set = field(default_factory=set)

    def __str__(self):
        return f"story {self.number} ({self.account.currency}): " + ", ".join(
            self.steps
        )


def draw_stories(seed, count, longest):
    """Return so many stories, and how often each ordered pair of fates occurs: the
    second happened some time after the first to the same invoice.

    :param longest: of how many fates a story is at most.
    """
    pairs, stories = Counter(), []
    for number in range(1, count + 1):
        most = _TRIES if number < _AT_LAST else _TRIES_AT_LAST
        tries = [
            _draw(f"{seed} {number} {n}", number, pairs, longest) for n in range(most)
        ]
        story = max(tries, key=lambda each: _sum_rarity(pairs, each.pairs))
        pairs.update(story.pairs)
        stories.append(story)
    return stories, pairs


def _draw(seed, number, pairs, longest):
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
            for invoice, name, _objects in options
        ]
        invoice, name, objects = options[rates.index(max(rates))]
        FATES[name][1](account, invoice, chance.choice(objects))
        before = happened[invoice["id"]]
        story.pairs.update((first, name) for first in before)
        before.append(name)
        story.steps.append(f"{invoices.index(invoice) + 1}:{name}")
        if chance.random() < 0.1:
            account.pay_out()
    return story


def _rate(pairs, own, before, name, chance):
    """Return how much a fate is wanted next: for new pairs that are rare so far, and
    by chance, because a fate also leads to others. What ends a story is wanted last.
    """
    new = {(first, name) for first in before} - own
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
