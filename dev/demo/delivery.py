"""How the events travel: late, twice, out of order, and among forgeries.

All of it is drawn from one seed, so every run sends the same requests in the same
order. (They arrive on several connections at once, so the last bit of disorder is the
network's own.)
"""

import json
import random
from dataclasses import dataclass

SEED = 20261001
#: How far from its turn an event is usually delivered, in places.
JITTER = 8
#: Of a hundred events, how many are late (and how far at least), and how many are
#: delivered once more.
LATE_PERCENT, LATE_PLACES = 7, 60
TWICE_PERCENT = 9


@dataclass(frozen=True)
class Request:
    """One request: what is sent to whom, how it is signed, and the right answer.

    ``secret`` names the key it is signed with, ``skew`` is how many seconds the
    signature's time is off, ``signed_body`` what was signed where that is not what is
    sent. ``forgery`` says what is wrong with it; it is empty for a true one.
    """

    entity: str
    event_id: str
    body: bytes
    secret: str = "current"
    skew: int = 0
    signed_body: bytes | None = None
    forgery: str = ""
    again: bool = False
    answer: int = 200


def plan(accounts):
    """Return the requests of the month, in the order in which they are sent."""
    draw = random.Random(SEED)
    events = _sort(accounts, is_later=False)
    placed = []
    for place, event in enumerate(events):
        place += draw.uniform(-JITTER, JITTER)
        if draw.random() * 100 < LATE_PERCENT:
            place += draw.uniform(LATE_PLACES, len(events))
        # While a secret is rolled, Stripe signs with either.
        secret = "previous" if draw.random() < 0.1 else "current"
        request = Request(event.entity, event.id, event.body, secret)
        placed.append((place, request))
        if draw.random() * 100 < TWICE_PERCENT:
            # At once, as when an answer was lost, or much later.
            place += draw.choice((0.001, draw.uniform(1, len(events))))
            twin = Request(event.entity, event.id, event.body, secret, again=True)
            placed.append((place, twin))
    for forgery in _forge(accounts, draw):
        placed.append((draw.uniform(0, len(events)), forgery))
    placed.sort(key=lambda pair: pair[0])
    return [request for _place, request in placed]


def plan_later(accounts):
    """Return the requests that are sent after people have changed something."""
    return [
        Request(event.entity, event.id, event.body)
        for event in _sort(accounts, is_later=True)
    ]


def _sort(accounts, is_later):
    """Return the events that are sent, in the order in which they happened."""
    return sorted(
        (
            event
            for account in accounts
            for event in account.events
            if event.is_sent and event.is_later == is_later
        ),
        key=lambda event: (event.moment, event.entity, event.id),
    )


def _forge(accounts, draw):
    """Yield requests that nobody should believe, two of each kind."""
    for account in accounts:
        key = account.entity.key
        other = next(a.entity.key for a in accounts if a is not account)
        paid = draw.choice([e for e in account.events if e.type == "invoice.paid"])
        yield _forged(key, paid, "wrong secret", secret="stranger")
        yield _forged(key, paid, "no signature", secret="none")
        yield _forged(key, paid, "replayed after an hour", skew=-3600)
        yield _forged(key, paid, "from the future", skew=3600)
        yield _forged(key, paid, "other account's secret", secret=other)
        raised = _raise_amounts(paid.body)
        yield Request(
            key,
            paid.id,
            raised,
            signed_body=paid.body,
            forgery="amount changed on the way",
            answer=401,
        )
        yield _forged("nowhere", paid, "unknown address", answer=404)


def _forged(entity, event, forgery, answer=401, **how):
    """Return a forgery of an event, with an id of its own to look for in Odoo."""
    event_id = f"evt_forged_{forgery.replace(' ', '_').replace(chr(39), '')}"
    body = event.body.replace(event.id.encode(), event_id.encode())
    return Request(entity, event_id, body, forgery=forgery, answer=answer, **how)


def _raise_amounts(body):
    payload = json.loads(body)
    data = payload["data"]["object"]
    data["total"] = data["amount_due"] = 100 * data["total"] + 1
    return json.dumps(payload).encode()
