"""Who buys, and what they do with it, as plain values. Standard library only."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from .plans import ENTERPRISE, GLOBAL, SCALE, TEAM_1, TEAM_2


def at(month, day, hour=8, minute=0):
    """Return a moment of the year, in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


#: When the company bills, and what is due by then.
RUNS = (at(8, 1, 12), at(9, 1, 12), at(10, 1, 12), at(11, 1, 12), at(11, 10, 12))


#: What becomes of money that never comes, whoever asks for it.
NEVER = "never"


@dataclass(frozen=True)
class Deed:
    """What happens to a subscription at a moment. ``told`` is when the product says so:
    at once, before or after. One that is ``withdrawn`` at a moment never happens.
    """

    kind: str
    moment: datetime
    plan: object = None
    seats: int = 0
    told: datetime | None = None
    trial_end: datetime | None = None
    withdrawn: datetime | None = None

    @property
    def told_at(self):
        return self.told or self.moment + timedelta(minutes=1)


@dataclass(frozen=True)
class Customer:
    """A customer, and the deeds of its one subscription. ``gateway`` is where its
    money comes from; ``policy`` how amendments are told to it.
    """

    ref: str
    name: str
    gateway: str
    deeds: tuple
    country: str = "NL"
    currency: str = "EUR"
    policy: str = "adjust"
    order: str = ""
    #: By the number of the run: what becomes of the first try to collect it.
    fates: dict = field(default_factory=dict, hash=False)

    @property
    def key(self):
        """What the customer is called in ids."""
        return self.ref.lower().replace("-", "")

    @property
    def subscription(self):
        return f"S-{self.ref}"

    @property
    def never_pays(self):
        return NEVER in self.fates.values()


CUSTOMERS = (
    # An upgrade in the middle of a month.
    Customer(
        "C-1",
        "Alder Analytics B.V.",
        "stripe",
        (
            Deed("activated", at(8, 1), TEAM_1, 5),
            Deed("changed", at(9, 16, 10, 30), SCALE, 8),
        ),
    ),
    # A downgrade, and a debit that the bank takes back after it was paid out.
    Customer(
        "C-2",
        "Birch Banking N.V.",
        "gocardless",
        (
            Deed("activated", at(8, 1), SCALE, 20),
            Deed("changed", at(10, 12, 9), TEAM_2, 12),
        ),
        policy="replace",
        fates={1: "late failure"},
    ),
    # More seats, which the product tells a week late, after they were billed.
    Customer(
        "C-3",
        "Cedar Commerce, Inc.",
        "stripe",
        (
            Deed("activated", at(8, 10), TEAM_1, 4),
            Deed("changed", at(8, 28, 15), TEAM_1, 6, told=at(9, 3)),
        ),
        country="US",
        currency="USD",
    ),
    # A pause. An upgrade that was planned is called off; a debit fails at first.
    Customer(
        "C-4",
        "Dogwood Design B.V.",
        "gocardless",
        (
            Deed("activated", at(8, 1), TEAM_1, 3),
            Deed("paused", at(9, 8, 12)),
            Deed("resumed", at(9, 22, 7)),
            Deed(
                "changed",
                at(10, 1, 7),
                SCALE,
                3,
                told=at(9, 15),
                withdrawn=at(9, 28),
            ),
        ),
        fates={2: "failure"},
    ),
    # A cancellation in a month that is paid for.
    Customer(
        "C-5",
        "Elm Energie B.V.",
        "gocardless",
        (
            Deed("activated", at(8, 1), TEAM_1, 10),
            Deed("canceled", at(10, 20, 14)),
        ),
    ),
    # A trial, whose usage is free.
    Customer(
        "C-6",
        "Fir Fitness B.V.",
        "stripe",
        (Deed("activated", at(8, 18), TEAM_1, 2, trial_end=at(9, 1, 8)),),
    ),
    # A deal for a year, with a purchase order.
    Customer(
        "C-7",
        "Gorse Group N.V.",
        "gocardless",
        (Deed("activated", at(9, 1, 6), ENTERPRISE),),
        order="PO-2026-118",
    ),
    # Who comes in September pays the new price; the card is declined at first.
    Customer(
        "C-8",
        "Hazel Health, Inc.",
        "stripe",
        (Deed("activated", at(9, 12, 16), TEAM_2, 7),),
        country="US",
        currency="USD",
        fates={2: "failure"},
    ),
    # An upgrade within a year that is paid for: what is left of it is credited.
    Customer(
        "C-9",
        "Iris Insurance N.V.",
        "stripe",
        (
            Deed("activated", at(8, 1), ENTERPRISE),
            Deed("changed", at(9, 16, 9), GLOBAL),
        ),
        policy="replace",
    ),
    # A year that is never paid: it ends after some weeks, and finance writes off what
    # was served.
    Customer(
        "C-10",
        "Juniper Journeys B.V.",
        "stripe",
        (
            Deed("activated", at(10, 1, 7), ENTERPRISE),
            Deed("canceled", at(10, 25, 9)),
        ),
        fates={2: NEVER},
    ),
)
#: The deal that C-7's subscription fulfils.
DEAL = {"id": "D-1", "customer": "C-7", "won": at(8, 20), "starts": date(2026, 9, 1)}
