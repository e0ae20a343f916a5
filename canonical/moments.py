"""Converts moments of facts into those of records, and days into moments."""

from datetime import UTC, datetime, time


def naive(moment):
    """Return an aware moment as Odoo stores it: in UTC, without saying so."""
    return moment and moment.astimezone(UTC).replace(tzinfo=None)


def aware(moment):
    """Return a moment as Odoo stores it as an aware one; nothing for none."""
    return moment.replace(tzinfo=UTC) if moment else None


def get_begin_of_day(day, zone):
    """Return the aware instant at which a day begins in a zone, a tzinfo; nothing for
    no day.
    """
    return datetime.combine(day, time(), zone).astimezone(UTC) if day else None
