"""The month: what happened at both Stripe accounts."""

from . import story_eu, story_eu_money, story_us, story_us_money
from .account import Account
from .catalogue import ENTITIES, EU

#: Every so many events, Stripe tells a fact in a second event with an id of its own.
TOLD_TWICE = 14


def tell(has_api=False):
    """Return the accounts, with all their events and the books they should make.
    ``has_api``: Odoo can ask Stripe as well.
    """
    accounts = [Account(entity, has_api) for entity in ENTITIES]
    for account in accounts:
        is_eu = account.entity is EU
        for part in (
            story_eu if is_eu else story_us,
            story_eu_money if is_eu else story_us_money,
        ):
            part.tell(account)
        for event in account.events[::TOLD_TWICE]:
            if event.fate.state == "done" and not event.type.startswith("v1."):
                account.repeat(event)
    return accounts
