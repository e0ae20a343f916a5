"""How grave a case is, and by when somebody should have settled it."""

import calendar
from datetime import timedelta

from ..kinds import Kind
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

#: On which day of the next month a company closes a month's books, until it says
#: otherwise; 0: it doesn't close months.
CLOSING_DAY = 5
#: For how many days before that day, and after it, what belongs to the month is grave.
DAYS_BEFORE, DAYS_AFTER = 3, 7
#: The kinds of objects that locks of sales and of tax returns keep out, too.
DOCUMENTS = (Kind.INVOICE.value, Kind.CREDIT_NOTE.value)


def find_closing(today, closing_day):
    """Return the first and the last day of the month whose books are about to be
    closed, or should have been a few days ago; None if there is none.

    Whatever is not booked by then needs another day, a correction, or the period opened
    again. Which of it is locked already is for the caller to know.

    :param closing_day: from 1 to 31: on which day of the next month it is closed; in a
        shorter month, on the days that follow it.
    """
    first = today.replace(day=1)
    for _month in range(3):
        _weekday, length = calendar.monthrange(first.year, first.month)
        closes = first + timedelta(days=length + closing_day - 1)
        if -DAYS_BEFORE <= (today - closes).days <= DAYS_AFTER:
            return first, first + timedelta(days=length - 1)
        first = (first - timedelta(days=1)).replace(day=1)
    return None


def list_closings(today):
    """Return the month that is about to be closed by the day on which companies close
    months, where there is one: each as the texts of its first and last day.
    """
    found = {day: find_closing(today, day) for day in range(1, 32)}
    return {
        str(day): [each.isoformat() for each in month]
        for day, month in found.items()
        if month
    }
