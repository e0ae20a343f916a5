"""Events with one field replaced by something that doesn't belong there."""

import re
from dataclasses import dataclass

from . import stripe_fixtures

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
        event = self.build()
        known = stripe_fixtures.load(self.shape, self.name)["type"]
        needs = [
            stripe_fixtures.load(self.shape, name) for name in _NEEDS.get(known, ())
        ]
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
