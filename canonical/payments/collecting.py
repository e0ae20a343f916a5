"""The collection of an own invoice by a gateway: what is ordered, what a gateway may
answer, and when it is asked again.

A command to collect never guesses. Once an order may have left, its outcome is either
known or asked for: by the order's key, before anything else is sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from ..errors import EventError, Transient

#: Under this key, the metadata of what a gateway makes for an order names the order.
ORDER_LABEL = "saas_collection"
#: Pauses between calls grow from the first to the longest, in seconds.
_FIRST_PAUSE, _LONGEST_PAUSE = 60, 6 * 3600
#: So often an order is sent that certainly did not arrive, over about a day.
MOST_TRIES = 12
#: For so long a gateway surely remembers an order's key, and does nothing twice: each
#: keeps keys for a day at least.
KEY_LIFE = timedelta(hours=20)


class CollectionState(StrEnum):
    """Where a command to collect is."""

    #: It is ordered here, and nothing has left.
    WAITING = "waiting"
    #: Its amount is fixed. It has left, or may have.
    SENT = "sent"
    #: The gateway has taken it, and the money may come.
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    #: Nothing comes of it unless the customer acts, such as by a link.
    NEEDS_CUSTOMER = "needs_customer"
    CANCELED = "canceled"


#: The states in which money may still come by a command: an invoice has one at most.
LIVE_STATES = (
    CollectionState.WAITING,
    CollectionState.SENT,
    CollectionState.PENDING,
    CollectionState.NEEDS_CUSTOMER,
)
#: Where a command may go from a state. What gateways tell comes late and twice: money
#: may be taken back long after it came, when it has been tried again since, and come by
#: what was given up.
NEXT_STATES = {
    CollectionState.WAITING: {
        CollectionState.SENT,
        CollectionState.FAILED,
        CollectionState.CANCELED,
    },
    CollectionState.SENT: set(CollectionState) - {CollectionState.SENT},
    CollectionState.PENDING: {
        CollectionState.SUCCEEDED,
        CollectionState.FAILED,
        CollectionState.NEEDS_CUSTOMER,
        CollectionState.CANCELED,
    },
    CollectionState.NEEDS_CUSTOMER: {
        CollectionState.WAITING,
        CollectionState.PENDING,
        CollectionState.SUCCEEDED,
        CollectionState.FAILED,
        CollectionState.CANCELED,
    },
    CollectionState.SUCCEEDED: {CollectionState.FAILED, CollectionState.PENDING},
    CollectionState.FAILED: {CollectionState.PENDING, CollectionState.SUCCEEDED},
    CollectionState.CANCELED: {CollectionState.SUCCEEDED, CollectionState.FAILED},
}


class CollectionReason(StrEnum):
    """Why a command did not bring the money."""

    # -- the customer, or their bank ------------------------------------------
    NO_METHOD = "no_method"
    NO_MANDATE = "no_mandate"
    MANDATE_ENDED = "mandate_ended"
    AUTHENTICATION = "authentication"
    DECLINED = "declined"
    FUNDS = "insufficient_funds"
    METHOD_EXPIRED = "method_expired"
    FAILED_LATE = "failed_late"
    CHARGED_BACK = "charged_back"
    LINK_EXPIRED = "link_expired"

    # -- the gateway, or how it is set up -------------------------------------
    AMOUNT = "amount_refused"
    CURRENCY = "currency_refused"
    CUSTOMER_UNKNOWN = "customer_unknown"
    KEY_REFUSED = "key_may_not_collect"
    SET_UP = "set_up"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    CANCELED_THERE = "canceled_there"

    # -- here -----------------------------------------------------------------
    NOTHING_DUE = "nothing_due"
    NOT_OPEN = "not_open"
    BY_PERSON = "by_person"
    REPLACED = "replaced"
    #: It waits here, for the payer is at risk.
    AT_RISK = "at_risk"


#: Nothing was tried for want of a mandate: with one, the same order goes out.
WITHOUT_MANDATE = (CollectionReason.NO_MANDATE, CollectionReason.MANDATE_ENDED)


@dataclass(frozen=True)
class Order:
    """What a gateway is to collect. ``amount`` is in its own minor units of
    ``currency``, and ``labels`` is metadata that the payment has to carry: it comes
    back with each event, and leads to the invoice and to the command.

    ``customer`` is the gateway's id of who pays. ``mandates`` are those that are known
    of the customer, the newest first, each with its id, scheme and state. ``text`` is
    what the customer reads, ``home`` the address to which a page of the gateway's leads
    back, and ``external_id`` and ``link_ref`` what the gateway has made for the order,
    as far as that is known. ``paid_by`` is the payment that the customer made last on a
    page of the gateway's: what they have paid with there, they have chosen last.
    """

    key: str
    amount: int
    currency: str
    customer: str
    labels: tuple[tuple[str, str], ...]
    text: str
    home: str
    sent_at: datetime
    mandates: tuple[tuple[str, str, str], ...] = ()
    external_id: str = ""
    link_ref: str = ""
    paid_by: str = ""


@dataclass(frozen=True)
class Collected:
    """What a gateway says of an order. ``link`` leads the customer to a page of the
    gateway's on which to pay, until ``link_until``; ``link_ref`` is its id there.
    ``detail`` is what the gateway said, in its own words.
    """

    state: CollectionState
    external_id: str = ""
    reason: CollectionReason | None = None
    detail: str = ""
    link: str = ""
    link_ref: str = ""
    link_until: datetime | None = None


class Unclear(Transient):
    """An order has left, and nobody knows whether it arrived."""


class CollectionRefused(EventError):
    """A gateway refuses an order, and sending it again would not help.

    :param reason: a :class:`CollectionReason`.
    :param detail: what the gateway says, in its own words.
    """

    def __init__(self, reason, detail=""):
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail or ""


def make_key(*parts):
    """Return the key of an order: the same parts have the same key, and nothing can be
    read from it.
    """
    return f"saas-{sha256(chr(0).join(parts).encode()).hexdigest()[:40]}"


def get_pause(tries, chance):
    """Return after how many seconds to call again: twice as long each time, up to the
    most, and never all at once.

    :param tries: how many calls were made, at least 1.
    :param chance: a number from 0 to 1.
    """
    pause = min(_FIRST_PAUSE * 2 ** min(tries - 1, 20), _LONGEST_PAUSE)
    return int(pause * (0.8 + 0.4 * chance))


def is_remembered(sent_at, now):
    """Return whether a gateway surely knows the key of an order that was fixed at a
    moment: then it may be sent again, and is done once.
    """
    return now - sent_at < KEY_LIFE
