"""What money and documents of one system say about those of another one. Systems of a
company tell parts of one story: a platform issues the invoice, a gateway takes the
money.
"""

from typing import Annotated, Literal

from pydantic import Field

from ..kinds import Kind
from .base import ExternalId, Minor, MoneyFact, Name, Part

#: What an event waits for in linked sources, by the kind of the object there.
ELSEWHERE_KINDS = {
    Kind.INVOICE: Kind.LINKED_INVOICE,
    Kind.CREDIT_NOTE: Kind.LINKED_CREDIT_NOTE,
    Kind.PAYMENT: Kind.LINKED_PAYMENT,
    Kind.REFUND: Kind.LINKED_REFUND,
}


class DocumentLink(Part):
    """Names a document of another system that money is for: by that system's ``id`` of
    it, or by its ``number``. ``amount`` is how much of the money, in its minor units;
    None: as much as both allow.
    """

    kind: Literal[Kind.INVOICE, Kind.CREDIT_NOTE] = Kind.INVOICE
    by: Literal["id", "number"] = "id"
    value: ExternalId
    amount: Annotated[Minor, Field(gt=0)] | None = None

    @property
    def reference(self):
        """Return what an event waits for until the document is there: kind and id."""
        if self.by == "number":
            return Kind.LINKED_NUMBER, self.value
        return ELSEWHERE_KINDS[self.kind], self.value


class GatewayRef(Part):
    """Names the same money as the gateway knows it that moved it: the gateway's id.
    ``system`` is what the gateway is called, or its account there; empty where only
    one can be meant.
    """

    system: Name = ""
    external_id: ExternalId


class MoneyLinks(MoneyFact):
    """Which documents of other systems a payment or a refund is for. ``of`` is the kind
    of that money, ``external_id`` its main id, and ``amount`` what its fact states.
    """

    kind = Kind.MONEY_LINKS

    of: Literal[Kind.PAYMENT, Kind.REFUND]
    amount: Annotated[Minor, Field(gt=0)]
    links: Annotated[tuple[DocumentLink, ...], Field(min_length=1)]
    #: whether ``amount`` is all of the money, and not a part of it
    is_whole: bool = True

    @property
    def order_key(self):
        """Return the id of the money: its own fact goes before."""
        return self.external_id


def get_arrivals_elsewhere(fact):
    """Return what events of linked sources may wait for, and is known once a fact is
    applied, as (kind, external id).
    """
    arrived = [
        (ELSEWHERE_KINDS[kind], ref)
        for kind, ref in fact.arrivals
        if kind in ELSEWHERE_KINDS
    ]
    number = getattr(fact, "number", "")
    if number and fact.kind in (Kind.INVOICE, Kind.CREDIT_NOTE, Kind.INVOICE_OPENING):
        arrived.append((Kind.LINKED_NUMBER, number))
    return arrived
