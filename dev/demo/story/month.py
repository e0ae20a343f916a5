"""The month: what happened at both Stripe accounts."""

from ..catalogue import ENTITIES
from . import eu, eu_mishaps, eu_money, us, us_money, us_moving
from .account import Account

#: What happens at each entity's account, in this order: numbers of events follow it.
PARTS = {"us": (us, us_moving, us_money), "eu": (eu, eu_mishaps, eu_money)}
#: Every so many events, Stripe tells a fact in a second event with an id of its own.
TOLD_TWICE = 14


def tell(has_api=False):
    """Return the accounts, with all their events and the books they should make.
    ``has_api``: Odoo can ask Stripe as well.
    """
    accounts = [Account(entity, has_api) for entity in ENTITIES]
    for account in accounts:
        for part in PARTS[account.entity.key]:
            part.tell(account)
        for event in account.events[::TOLD_TWICE]:
            if event.fate.state == "done" and not event.type.startswith("v1."):
                account.repeat(event)
    return accounts
