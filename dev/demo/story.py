"""The month: what happened at both Stripe accounts."""

from . import story_eu, story_us
from .account import Account
from .catalogue import ENTITIES, EU

#: Every so many events, Stripe tells a fact in a second event with an id of its own.
TOLD_TWICE = 14


def tell():
    """Return the accounts, with all their events and the books they should make."""
    accounts = [Account(entity) for entity in ENTITIES]
    for account in accounts:
        (story_eu if account.entity is EU else story_us).tell(account)
        for event in account.events[::TOLD_TWICE]:
            if event.fate.state == "done":
                account.repeat(event)
    return accounts
