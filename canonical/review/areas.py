"""Areas of what a source tells, and the stage that each of them is at.

A company may watch an area for a time before it lets us book: *off*, then *observe*,
then *on*.
"""

from enum import StrEnum

from ..kinds import Kind
from ..reference import SEPARATOR


class Area(StrEnum):
    """What a source tells of, as people switch it on."""

    CUSTOMERS = "customers"
    SUBSCRIPTIONS = "subscriptions"
    DOCUMENTS = "documents"
    PAYMENTS = "payments"
    CLEARING = "clearing"


class Stage(StrEnum):
    """How far an area is, from the least to the most."""

    OFF = "off"
    OBSERVE = "observe"
    ON = "on"


#: From the least to the most.
RANK = {stage: rank for rank, stage in enumerate(Stage)}

#: What an area is never further than: an invoice books on a customer, a payment pays
#: an invoice, and a fee or a payout is of payments.
NEEDS = {
    Area.SUBSCRIPTIONS: (Area.CUSTOMERS,),
    Area.DOCUMENTS: (Area.CUSTOMERS,),
    Area.PAYMENTS: (Area.CUSTOMERS, Area.DOCUMENTS),
    Area.CLEARING: (Area.PAYMENTS,),
}

#: The kinds of facts that book nothing and that every area needs: what is sold, which
#: taxes there are, and notices of what is read afterwards.
ALWAYS = frozenset(
    (Kind.CATALOG_ITEM, Kind.TAX_RATE, Kind.NOTICE, Kind.UNKNOWN_WORD),
)

_KINDS = {
    Area.CUSTOMERS: (
        *(Kind.CUSTOMER, Kind.CUSTOMER_MERGED, Kind.TAX_ID, Kind.TAX_CHECK),
    ),
    Area.SUBSCRIPTIONS: (
        *(Kind.SUBSCRIPTION, Kind.SUBSCRIPTION_CHANGE, Kind.CONTRACT, Kind.USAGE),
    ),
    Area.DOCUMENTS: (
        *(Kind.INVOICE, Kind.INVOICE_DRAFT, Kind.INVOICE_OPENING, Kind.CREDIT_NOTE),
        *(Kind.CREDIT_ADJUSTMENT, Kind.CREDIT_OPENING),
    ),
    Area.PAYMENTS: (
        *(Kind.MANDATE, Kind.PAYMENT, Kind.PAYMENT_FAILURE, Kind.MOVEMENT_DAY),
        *(Kind.OUTSIDE_PAYMENT, Kind.MONEY_LINKS, Kind.REFUND, Kind.REFUND_TOTAL),
        *(Kind.HELD_CASH_CHANGE, Kind.COLLECTION, Kind.RISK),
    ),
    Area.CLEARING: (
        *(Kind.MOVEMENT, Kind.MOVEMENT_NOTICE, Kind.LOAN_COST, Kind.DISPUTE),
        *(Kind.PAYOUT, Kind.PAYOUT_CONTENTS),
    ),
}
#: The area of a kind of fact.
AREA_OF = {kind: area for area, kinds in _KINDS.items() for kind in kinds}

#: The fields of facts with the id of what the object belongs to, whose events are
#: looked at together with its own.
_LEADS = ("customer", "payment", "invoice")


def find_gap(stages):
    """Return the first area that is further than one that it needs, with that one; None
    if there is none.

    :param stages: the :class:`Stage` of each :class:`Area`.
    """
    for area, needed in NEEDS.items():
        for other in needed:
            if RANK[stages[area]] > RANK[stages[other]]:
                return area, other
    return None


def get_lead(fact):
    """Return the id of the object whose events a fact's are looked at together with:
    its customer, or else what it belongs to.
    """
    if party := getattr(fact, "party", None):
        return party.external_id
    found = (getattr(fact, name, None) for name in _LEADS)
    if lead := next(filter(None, found), None):
        return lead
    return next(iter(getattr(fact, "object_ids", ())), fact.external_id)


def find_groups(told):
    """Return lists of events that tell of the same customers and objects, in the order
    of their first events.

    :param told: the ids of objects that each event tells of, by the event's id.
    """
    parents = {}

    def find(node):
        while (parent := parents.setdefault(node, node)) != node:
            parents[node] = node = parents[parent]
        return node

    for event, refs in told.items():
        for ref in refs:
            parents[find(ref)] = find((event,))
    groups = {}
    for event in sorted(told):
        groups.setdefault(find((event,)), []).append(event)
    return list(groups.values())


def pack(groups, size):
    """Return chunks of ``size`` events, no group in two of them; one that is larger is
    a chunk of its own.
    """
    chunks, room = [], 0
    for group in groups:
        if len(group) > room:
            chunks.append([])
            room = size
        chunks[-1] += group
        room -= len(group)
    return chunks


def get_id(reference):
    """Return the id in a reference that is written as a text."""
    return reference.partition(SEPARATOR)[2]
