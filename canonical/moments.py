"""Converts moments of facts into those of records."""

from datetime import UTC


def naive(moment):
    """Return an aware moment as Odoo stores it: in UTC, without saying so."""
    return moment and moment.astimezone(UTC).replace(tzinfo=None)


def aware(moment):
    """Return a moment as Odoo stores it as an aware one; nothing for none."""
    return moment.replace(tzinfo=UTC) if moment else None
