"""Two people go through the list of exceptions until nothing waits any more, and a
third signs what they may not decide alone.
"""

from itertools import groupby

from ...console import Trouble, say
from .. import catalogue
from .decisions import DECISIONS, choose_contact
from .desk import Desk, People

#: How often they go through the list at most: what one decision frees may wait for
#: another one.
ROUNDS = 8
PARKED = "parked"
#: The activity that asks somebody to bring two receivables together.
APART = "Not reconciled"


def hire(url, db, keys):
    """Return the three people, each with an own key."""
    logins = ("finance", "billing", "signing")
    return People(*(Desk(url, db, login, keys[login]) for login in logins))


def move_receivable(desk, customer):
    """Put the contact of a customer on another receivable account."""
    tenant = desk.find("saas.tenant", ["ref", "=", customer])
    [row] = desk.call(
        "saas.tenant", "read", ids=[tenant], fields=["partner_id", "company_id"]
    )
    company = row["company_id"][0]
    code = catalogue.OTHER_ACCOUNTS["key_accounts"][0]
    [account] = desk.call(
        "account.account", "search", company=company, domain=[["code", "=", code]]
    )
    desk.call(
        "res.partner",
        "write",
        company=company,
        ids=[row["partner_id"][0]],
        vals={"property_account_receivable_id": account},
    )


def resolve(people, wait):
    """Do what each event's next step says, as the role it names, until none waits.

    In: the people, and a function that returns when the pipeline has done its part.

    :raises Trouble: with what still waits after some rounds.
    """
    for _round in range(ROUNDS):
        waiting = people.finance.list_waiting()
        if not waiting:
            break
        _decide(people, waiting)
        wait()
        if _sign(people.signing):
            wait()
    else:
        raise Trouble(
            "These still wait:\n"
            + "\n".join(
                f"  {e['external_id']} {e['state']} {e['reason']}" for e in waiting
            )
        )
    _allow_transfers(people)
    wait()


def _sign(desk):
    """Sign all that waits to be signed, at once. What has changed since it was proposed
    is asked again, and signed as it is then. Return how often that took something.
    """
    for turn in range(ROUNDS):
        found = desk.call(
            "saas.approval", "search", domain=[["waits_for_me", "=", True]]
        )
        if not found:
            return turn
        desk.call("saas.approval", "action_approve", ids=found)
        say(f"  {desk.login}, signs: {len(found)} decisions")
    return ROUNDS


def _decide(people, waiting):
    """Go through the list once. Of those of one reason and source, one decision is
    made: it may free the others.
    """
    is_last = all(event["state"] == PARKED for event in waiting)
    for (reason, _source), group in groupby(sorted(waiting, key=_key), _key):
        events = list(group)
        if reason == PARKED:
            # What others wait for frees them; what nothing brings, a person knows.
            events = [event for event in events if event["may_choose_customer"]]
            if not events or not is_last:
                continue
            desk, decide = people.get("reviewer"), choose_contact
        else:
            [role] = {event["actor"] for event in events}
            desk, decide = people.get(role), DECISIONS[reason]
        decide(desk, events)
        say(f"  {desk.login}, {reason}: {len(events)} events")


def _key(event):
    return event["reason"] or PARKED, event["source_id"][0]


def _allow_transfers(people):
    """Have credits transferred that stand on another receivable account than their
    invoice, and process those events once more.
    """
    finance, billing = people.finance, people.billing
    asked = finance.call(
        "mail.activity",
        "search_read",
        domain=[["activity_type_id.name", "=", APART]],
        fields=["res_id", "res_model"],
    )
    for activity in asked:
        action = finance.call(
            activity["res_model"], "action_view_saas_events", ids=[activity["res_id"]]
        )
        events = finance.call(
            action["res_model"],
            "search_read",
            domain=action["domain"],
            fields=["source_id", "company_id"],
            order="id desc",
            limit=1,
        )
        source = events[0]["source_id"][0]
        values = {"transfers_receivables": True}
        billing.call("saas.source", "write", ids=[source], vals=values)
        billing.press("action_replay", events[0])
        say(f"  {billing.login}, {APART}: 1 activity")
