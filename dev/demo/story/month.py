"""The month: what happened at both Stripe accounts."""

from ..catalogue import ENTITIES
from . import eu, eu_fates, eu_mishaps, eu_money, us, us_fates, us_money, us_moving
from .account import Account

#: What happens at each entity's account, in this order: numbers of events follow it.
PARTS = {
    "us": (us, us_moving, us_fates, us_money),
    "eu": (eu, eu_mishaps, eu_fates, eu_money),
}
#: Every so many events, Stripe tells a fact in a second event with an id of its own.
TOLD_TWICE = 14


def tell(has_api=False, is_resolved=False):
    """Return the accounts, with all their events and the books they should make.
    ``has_api``: Odoo can ask Stripe as well. ``is_resolved``: people have done what
    they were asked to. The events are the same then, and what became of them is not.
    """
    accounts = _tell(has_api, is_resolved)
    first = _tell(has_api, False) if is_resolved else accounts
    for account, before in zip(accounts, first, strict=True):
        for number in range(0, len(account.events), TOLD_TWICE):
            event = before.events[number]
            if event.fate.state == "done" and not event.type.startswith("v1."):
                account.repeat(account.events[number])
    return accounts


def _tell(has_api, is_resolved):
    accounts = [Account(entity, has_api, is_resolved) for entity in ENTITIES]
    for account in accounts:
        for part in PARTS[account.entity.key]:
            part.tell(account)
    return accounts
