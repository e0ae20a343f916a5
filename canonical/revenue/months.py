"""Months of a time zone. A month is named by its first day."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from ..moments import get_begin_of_day


def get_month(moment, zone):
    """Return the month that an aware instant is in, as its first day."""
    return moment.astimezone(ZoneInfo(zone)).date().replace(day=1)


def add_months(month, number):
    """Return the month so many months later."""
    years, rest = divmod(month.month - 1 + number, 12)
    return month.replace(year=month.year + years, month=rest + 1)


def get_last_day(month):
    """Return the last day of a month."""
    return add_months(month, 1) - timedelta(days=1)


def get_begin(day, zone):
    """Return the instant at which a day begins in a zone, or a month by its first."""
    return get_begin_of_day(day, ZoneInfo(zone))


def count_months(first, last):
    """Return how many months lie between two: 0 for one and the same."""
    return (last.year - first.year) * 12 + last.month - first.month
