"""How a story arrives: by webhooks, by a later read, or by both; in any order, some of
it twice, some of it late.
"""

import random

from ...adapters.stripe.wrapped import wrap

_GULPS = 3
#: Objects that are read, and the keys of those that the API expands in them.
READ = {
    "invoice": (),
    "credit_note": (),
    "charge": ("balance_transaction", "failure_balance_transaction"),
    "refund": ("balance_transaction", "failure_balance_transaction"),
}


def tell(story, seed):
    """Return the events of a story in gulps, as they arrive."""
    chance = random.Random(f"{seed} {story.number} telling")
    account = story.account
    unsent = _choose_unsent(account, chance)
    events = [
        e for e in account.events if _get_owner(e["data"]["object"]) not in unsent
    ]
    read = [
        data
        for kind in READ
        for data in account.find(kind)
        if data["id"] in unsent or chance.random() < 0.1
    ]
    read += account.find("customer_balance_transaction")
    read = [show(account, data) for data in read]
    if story.movements:
        read += _show_movements(account)
    at = account.now + 3600
    events += [wrap(data, "2026-10-28.endive", False, at) for data in read]
    events += chance.choices(events, k=len(events) // 8)
    chance.shuffle(events)
    cuts = sorted(chance.randint(0, len(events)) for _n in range(_GULPS - 1))
    return [
        events[start:end]
        for start, end in zip([0, *cuts], [*cuts, len(events)], strict=True)
    ]


def show(account, data):
    """Return an object as the API shows it."""
    shown = {key: value for key, value in data.items() if not key.startswith("_")}
    for key in READ.get(data["object"], ()):
        if shown[key]:
            shown[key] = show(account, account.objects[shown[key]])
    if data["object"] == "invoice":
        parts = account.find("invoice_payment", invoice=data["id"])
        shown["payments"] = {"data": parts, "has_more": False}
    return shown


def _choose_unsent(account, chance):
    """Return the ids of objects that no webhook tells of: none, all that can be read,
    or each by chance.
    """
    share = chance.choice([0, 0, 1, 0.3])
    return {
        data["id"]
        for kind in READ
        for data in account.find(kind)
        if chance.random() < share
    }


def _get_owner(data):
    """Return the id of the object that a read one would have a snapshot in."""
    return data["invoice"] if data["object"] == "invoice_payment" else data["id"]


def _show_movements(account):
    shown = [show(account, data) for data in account.find("balance_transaction")]
    for payout in account.find("payout"):
        own = [
            {"id": data["id"]}
            for data in account.find("balance_transaction", _payout=payout["id"])
        ]
        shown.append(
            {"id": payout["id"], "object": "payout_transactions", "transactions": own}
        )
    return shown
