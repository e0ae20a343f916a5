"""The closed lists of what a component of a plan can be, as texts that are stored."""

import re
from enum import StrEnum

#: What other systems name plans, components and features by.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


class ComponentKind(StrEnum):
    """What a component's quantity is: one, a number of seats, or what was used."""

    FLAT = "flat"
    SEAT = "seat"
    USAGE = "usage"


class PriceModel(StrEnum):
    """How a price makes an amount of a quantity.

    ``unit``: each costs the same. ``graduated``: each costs what its own tier says.
    ``volume``: all cost what the tier says that the last one is in. ``package``: each
    package that was begun costs the same.
    """

    UNIT = "unit"
    GRADUATED = "graduated"
    VOLUME = "volume"
    PACKAGE = "package"


#: The models whose price is a list of tiers.
TIERED = frozenset((PriceModel.GRADUATED, PriceModel.VOLUME))


class Timing(StrEnum):
    """Whether a period is billed when it begins or when it has ended."""

    ADVANCE = "advance"
    ARREARS = "arrears"


class Cadence(StrEnum):
    """How long a component's period is."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"


class Alignment(StrEnum):
    """Whether periods begin on the subscription's own day or with the calendar's."""

    ANCHOR = "anchor"
    CALENDAR = "calendar"


class Proration(StrEnum):
    """What a part of a period is counted in; ``none``: a period is whole."""

    SECOND = "second"
    DAY = "day"
    NONE = "none"
