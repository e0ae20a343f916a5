"""Converts moments of facts into those of records."""

from datetime import UTC


def naive(moment):
    """Return an aware moment as Odoo stores it: in UTC, without saying so."""
    return moment and moment.astimezone(UTC).replace(tzinfo=None)
