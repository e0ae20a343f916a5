"""How grave a case is, and by when somebody should have settled it."""

from ..reasons import Reason

LOW, MEDIUM, HIGH = "1", "2", "3"

#: Within how many hours a case is due, by its severity.
HOURS = {LOW: 120, MEDIUM: 48, HIGH: 24}

#: From which amount on a case is at least so grave, in the company's currency, until
#: the company says otherwise. An amount that nobody knows counts as the larger one.
AMOUNTS = {MEDIUM: 1_000, HIGH: 10_000}

#: What holds up all that comes after it, whatever it is worth.
_HIGH = (
    Reason.INCOMPLETE_SETUP,
    Reason.SOURCE_REFUSED,
    Reason.RETRIES_EXHAUSTED,
)
#: What is most likely no business of these books.
_LOW = (
    Reason.WRONG_MODE,
    Reason.NOT_OWNER,
    Reason.UNSUPPORTED_TYPE,
    Reason.HELD_BY_PERSON,
    Reason.OBSERVED,
    Reason.AREA_OFF,
    Reason.IGNORED_BY_PERSON,
)

#: How grave a case is at least, by its reason.
FLOORS = {
    reason: HIGH if reason in _HIGH else LOW if reason in _LOW else MEDIUM
    for reason in Reason
}
