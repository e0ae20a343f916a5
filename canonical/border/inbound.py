"""What comes in by HTTP, what the inbox makes of it, and what is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ..envelope import Envelope

#: So many events may one request carry.
MOST_EVENTS = 1000


@dataclass(frozen=True)
class Inbound:
    """A request as it was received.

    ``method`` is in capitals, ``url`` the whole address that the sender wrote,
    ``headers`` a case-insensitive mapping, and ``body`` the bytes.
    """

    method: str
    url: str
    headers: Mapping
    body: bytes

    def header(self, name):
        """Return a header's value, or an empty text where there is none."""
        return self.headers.get(name) or ""


class Arrival(NamedTuple):
    """One event on its way into the inbox: its envelope, and its own bytes, which tell
    everything without the request that brought them.
    """

    envelope: Envelope
    body: bytes


class Answer(NamedTuple):
    """What a sender is answered when all that it sent is stored."""

    body: bytes = b"ok"
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200
    headers: tuple = ()


class Capability(StrEnum):
    """What a system does for us. Setting a source up asks for what its system needs
    and for nothing else.
    """

    #: It sends events to us, and they have to be verified.
    RECEIVES = "receives"
    #: We read from it, by references or by lists.
    READS = "reads"
    #: It issues invoices and credit notes, or tells what they are to be.
    ISSUES_DOCUMENTS = "issues_documents"
    #: It takes money for us and holds it until it pays it out.
    HOLDS_MONEY = "holds_money"
    CALCULATES_TAX = "calculates_tax"
    #: It tells of deals that are won, before anything is billed.
    WINS_DEALS = "wins_deals"
