"""The closed lists of usage: how a meter counts, what becomes of a record, and why.

What people read for each is in ``models/usage/texts.py``, because it is translated; a
test holds the lists together.
"""

from datetime import timedelta
from enum import StrEnum

#: A record may be of so much later than now: clocks differ, and so do zones.
MOST_AHEAD = timedelta(hours=24)


class Aggregation(StrEnum):
    """How the records of a period make one quantity. Its word is stored."""

    SUM = "sum"
    COUNT = "count"
    MAX = "max"
    #: Of two at the same moment, the larger one.
    LAST = "last"
    #: How many different values one dimension has.
    UNIQUE = "unique"
    #: Each record changes a level, which goes on over periods: its average over time.
    TIME_WEIGHTED = "time_weighted"


#: Meters that a quantity below zero takes something back from.
TAKES_BACK = (Aggregation.SUM, Aggregation.TIME_WEIGHTED)


class LatePolicy(StrEnum):
    """What becomes of usage of a period that was billed already."""

    NEXT_INVOICE = "next_invoice"
    CREDIT_ONLY = "credit_only"
    IGNORE = "ignore"


class RecordState(StrEnum):
    """Whether a record counts. Each one that was accepted is in one of these."""

    COUNTED = "counted"
    PARKED = "parked"
    CONFLICT = "conflict"
    SUPERSEDED = "superseded"


class Why(StrEnum):
    """Why a record does not count."""

    # -- it is parked, and goes on when what it waits for arrives -----------------
    UNKNOWN_CUSTOMER = "unknown_customer"
    UNKNOWN_METER = "unknown_meter"
    UNKNOWN_SUBSCRIPTION = "unknown_subscription"
    UNKNOWN_RECORD = "unknown_record"
    NO_SUBSCRIPTION = "no_subscription"
    SEVERAL_SUBSCRIPTIONS = "several_subscriptions"
    OTHER_CUSTOMER = "other_customer"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    NO_DIMENSION = "no_dimension"
    BELOW_ZERO = "below_zero"
    # -- it contradicts another one, and a person or a correction decides ----------
    OTHER_CONTENT = "other_content"
    SECOND_CORRECTION = "second_correction"
    CORRECTS_OTHER = "corrects_other"
    # -- it is superseded ------------------------------------------------------------
    CORRECTED = "corrected"
    #: It only took another one back.
    WITHDRAWAL = "withdrawal"
    NOT_CHOSEN = "not_chosen"
    SET_ASIDE = "set_aside"


class Choice(StrEnum):
    """What a person decides about records that don't count."""

    #: Nothing that they wait for will come.
    SET_ASIDE = "set_aside"
    #: What they contradict goes on counting.
    KEEP_FIRST = "keep_first"
    #: They count instead of what they contradict.
    COUNT_INSTEAD = "count_instead"


#: What contradicts another record.
CONTRADICTING = (Why.OTHER_CONTENT, Why.SECOND_CORRECTION, Why.CORRECTS_OTHER)
