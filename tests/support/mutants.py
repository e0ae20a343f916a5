"""Events with one field replaced by something that doesn't belong there."""

import copy
import re
from dataclasses import dataclass

from . import stripe_fixtures

#: PostgreSQL makes it no shorter, and no index of it holds it.
LONG = "".join(chr(0x4E00 + i * 7919 % 20000) for i in range(4000))
#: What no reader, screen or sheet expects.
ODD_TEXTS = (
    "a\u202eb",
    "\uffff",
    "\x1b[31m",
    "=1+1",
    "x" * 5000,
    LONG,
    "\udc00\ud800",
    "1" * 300,
)
VALUES = (None, "", "x", -1, 10**30, 1.5, True, [], {}, [None], "\x00", "\ud800")

#: What an event of a kind needs to get anywhere.
_NEEDS = {
    "charge.refunded": ["charge.succeeded"],
    "credit_note.created": ["invoice.finalized", "invoice.finalized-to_credit"],
    "credit_note.updated": ["invoice.finalized-to_credit"],
    "credit_note.voided": ["invoice.finalized-to_credit"],
    "customer.subscription.created": ["customer.created"],
    "customer.subscription.deleted": ["customer.created"],
    "customer.subscription.pending_update_applied": ["customer.created"],
    "customer.subscription.trial_will_end": ["customer.created"],
    "customer.subscription.updated": ["customer.created"],
    "invoice.deleted": ["customer.created"],
    "invoice.finalization_failed": ["customer.created"],
    "customer.tax_id.created": ["customer.created"],
    "customer.tax_id.deleted": ["customer.created"],
    "customer.tax_id.updated": ["customer.created"],
    "invoice_payment.paid": ["invoice.finalized"],
    "pulled.customer_balance_transaction": ["customer.created"],
    "refund.created": ["charge.succeeded"],
    "refund.failed": ["charge.succeeded"],
    "refund.updated": ["charge.succeeded"],
    "charge.captured": ["customer.created"],
    "charge.dispute.created": ["customer.created", "charge.captured"],
    "charge.dispute.updated": ["customer.created", "charge.captured"],
    "charge.dispute.closed": ["customer.created", "charge.captured"],
    "charge.dispute.funds_withdrawn": ["customer.created", "charge.captured"],
    "charge.dispute.funds_reinstated": [
        "customer.created",
        "charge.succeeded-disputed",
    ],
    "pulled.balance_transaction": ["customer.created", "charge.captured"],
    "pulled.payout_transactions": [
        "payout.paid-negative",
        "pulled.balance_transaction-fee_taken_back",
        "pulled.balance_transaction-payout_negative",
    ],
}
#: Objects of a story, which each copy of it has of its own. The customer is shared:
#: two with one e-mail address are for a person to tell apart.
_OWN_IDS = re.compile(
    r"^(?:(?:cbtxn|ch|cn|dp|evt|il|in|inpay|pi|po|py|re|si|sub|txi|txn)_1|pulled_)\w+$"
)


@dataclass(frozen=True)
class Mutant:
    shape: str
    name: str
    path: tuple
    value: object

    def __str__(self):
        path = ".".join(map(str, self.path))
        return f"{self.shape}/{self.name} {path}={self.value!r}"

    @property
    def kind(self):
        """What mutants have in common that should end alike, whatever event of an
        object they are and in which shape.
        """
        keys = tuple(key for key in self.path if isinstance(key, str))
        return self.name.partition(".")[0], keys, repr(self.value)

    def build(self):
        """Return the event."""
        event = stripe_fixtures.load(self.shape, self.name)
        *way, last = self.path
        owner = event
        for key in way:
            owner = owner[key]
        owner[last] = self.value
        return event

    def build_story(self, number):
        """Return the event in a copy of its story numbered ``number``: after what it
        needs, all with ids of their own. The event itself is the last.
        """
        return _build_story(self.shape, self.name, self.build(), number)


def build_fuzzed_story(rand, number):
    """As :meth:`Mutant.build_story`, of an event with some damage of any kind.

    :param rand: a ``random.Random``.
    """
    shape, name = rand.choice(fixtures())
    event = stripe_fixtures.load(shape, name)
    for _damage in range(rand.choice((1, 1, 1, 2, 2, 4))):
        _damage_once(rand, event)
    return _build_story(shape, name, event, number)


def _damage_once(rand, event):
    """Change one thing of an event, mostly of the object it is about."""
    found = list(paths(event))
    inside = [path for path in found if path[:2] == ("data", "object")]
    *way, last = rand.choice(inside if inside and rand.random() < 0.9 else found)
    owner = event
    for key in way:
        owner = owner[key]
    value = owner[last]
    kind = rand.randrange(6)
    if kind == 0 and isinstance(owner, dict):
        del owner[last]
    elif kind == 1 and isinstance(owner, dict):
        owner[rand.choice(ODD_TEXTS)] = value
    elif kind == 2 and isinstance(value, list) and value:
        owner[last] = [copy.deepcopy(rand.choice(value)) for _copy in range(7)]
    elif kind == 3 and isinstance(value, int) and not isinstance(value, bool):
        owner[last] = rand.choice((value + 1, value - 1, -value, value * 10**6, 0))
    elif kind == 4:
        other = rand.choice(found)
        for key in other:
            event = event[key]
        owner[last] = copy.deepcopy(event)
    else:
        owner[last] = copy.deepcopy(rand.choice(VALUES + ODD_TEXTS))


def _build_story(shape, name, event, number):
    known = stripe_fixtures.load(shape, name)["type"]
    needs = [stripe_fixtures.load(shape, need) for need in _NEEDS.get(known, ())]
    return [_renumber(part, number) for part in (*needs, event)]


def fixtures():
    """Return a (shape, name) for each type of event in each shape."""
    chosen = {}
    for shape, name, event in stripe_fixtures.every():
        chosen.setdefault((shape, event["type"]), (shape, name))
    return list(chosen.values())


def paths(value, start=()):
    """Yield the path of every field; of a list's items only the first is taken."""
    if isinstance(value, dict):
        fields = value.items()
    elif isinstance(value, list):
        fields = enumerate(value[:1])
    else:
        return
    for key, item in fields:
        yield (*start, key)
        yield from paths(item, (*start, key))


def _renumber(value, number):
    if isinstance(value, dict):
        return {key: _renumber(item, number) for key, item in value.items()}
    if isinstance(value, list):
        return [_renumber(item, number) for item in value]
    if isinstance(value, str) and _OWN_IDS.match(value):
        return f"{value}x{number}"
    return value
