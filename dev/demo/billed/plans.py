"""What is sold: plans in versions, each with its parts and their prices.

Standard library only: it is imported by the client and inside an Odoo shell. Amounts
are texts, as a person types them into a plan.
"""

from dataclasses import dataclass, field
from datetime import date

ZONE = "Europe/Amsterdam"
#: The accounts of what is not earned yet, and of what is never paid, by their codes.
DEFERRED, BAD_DEBT = "239900", "659900"
#: What calls are counted by, and storage: the code, the name, and how.
METERS = (
    ("api_calls", "API calls", "sum"),
    ("storage_gb", "Storage, GB", "max"),
)


@dataclass(frozen=True)
class Part:
    """One thing that a plan charges for. ``prices`` are those of one by currency, or
    its tiers: pairs of the last one that is in it (None: no end) and its price.
    """

    code: str
    name: str
    prices: dict = field(hash=False)
    kind: str = "flat"
    model: str = "unit"
    cadence: str = "monthly"
    timing: str = "advance"
    meter: str = ""
    included: str = ""
    package: str = ""


@dataclass(frozen=True)
class Plan:
    """One version of a plan, sold since a day. ``features`` are what it lets its
    customers use: pairs of a code and a limit (None: it is on; empty: without a limit).
    """

    code: str
    name: str
    number: int
    since: date
    parts: tuple
    features: tuple = ()


def _used(code, name, prices, **values):
    values = {"kind": "usage", "timing": "arrears", "meter": "api_calls", **values}
    return Part(code, name, prices, **values)


_TEAM_SEATS = Part("seats", "Seat", {"EUR": "12.00", "USD": "13.00"}, kind="seat")
_TEAM_CALLS = _used(
    "calls",
    "API calls",
    {
        "EUR": (("10000", "0.004"), (None, "0.0025")),
        "USD": (("10000", "0.0045"), (None, "0.0028")),
    },
    model="graduated",
    included="2000",
)
_TEAM_FEATURES = (("reports", None), ("projects", "5"))
TEAM_1 = Plan(
    "team",
    "Team",
    1,
    date(2026, 1, 1),
    (
        Part("base", "Team plan", {"EUR": "49.00", "USD": "54.00"}),
        _TEAM_SEATS,
        _TEAM_CALLS,
    ),
    _TEAM_FEATURES,
)
#: From September on it costs more. Who has the first version keeps it.
TEAM_2 = Plan(
    "team",
    "Team",
    2,
    date(2026, 9, 1),
    (
        Part("base", "Team plan", {"EUR": "59.00", "USD": "65.00"}),
        _TEAM_SEATS,
        _TEAM_CALLS,
    ),
    _TEAM_FEATURES,
)
SCALE = Plan(
    "scale",
    "Scale",
    1,
    date(2026, 1, 1),
    (
        Part("base", "Scale plan", {"EUR": "249.00", "USD": "275.00"}),
        Part("seats", "Seat", {"EUR": "9.00", "USD": "10.00"}, kind="seat"),
        _used(
            "calls",
            "API calls",
            {
                "EUR": (("100000", "0.002"), (None, "0.0012")),
                "USD": (("100000", "0.0022"), (None, "0.0014")),
            },
            model="volume",
            included="20000",
        ),
        _used(
            "storage",
            "Storage, 50 GB",
            {"EUR": "4.00", "USD": "4.40"},
            model="package",
            package="50",
            meter="storage_gb",
        ),
    ),
    (("reports", None), ("audit_log", None), ("projects", "50")),
)
ENTERPRISE = Plan(
    "enterprise",
    "Enterprise",
    1,
    date(2026, 1, 1),
    (
        Part(
            "licence",
            "Enterprise licence",
            {"EUR": "5988.00", "USD": "6588.00"},
            cadence="yearly",
        ),
        Part(
            "support",
            "Support",
            {"EUR": "180.00", "USD": "198.00"},
            timing="arrears",
        ),
        _used("calls", "API calls", {"EUR": "0.0009", "USD": "0.001"}),
    ),
    (
        ("reports", None),
        ("audit_log", None),
        ("single_sign_on", None),
        ("projects", ""),
    ),
)
#: Fixed prices alone: a year in advance.
GLOBAL = Plan(
    "global",
    "Global",
    1,
    date(2026, 1, 1),
    (
        Part(
            "licence",
            "Global licence",
            {"EUR": "11988.00", "USD": "12988.00"},
            cadence="yearly",
        ),
    ),
    ENTERPRISE.features,
)
PLANS = (TEAM_1, TEAM_2, SCALE, ENTERPRISE, GLOBAL)


def find(code, day):
    """Return the version of a plan that is sold on a day."""
    return max(
        (plan for plan in PLANS if plan.code == code and plan.since <= day),
        key=lambda plan: plan.since,
    )
