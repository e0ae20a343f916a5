"""What changes tell of a subscription's terms, as it is kept: plain JSON by name.

===================
==================================================================== ``version``
what names the version of the plan ``currency``         ISO 4217 ``quantities``
decimal texts by the codes of components: all that are held ``zone``             the
IANA name of the time zone whose days count ``anchor``           the moment that periods
are counted from ``purchase_order``   the customer's number, or an empty text ``term``
``months``, ``ends_at``, ``auto_renew``, ``notice_days`` and ``start``
===================
====================================================================

The first three are told together. What a change leaves out stays as it was. Moments are
ISO 8601 texts in UTC.
"""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from .lifecycle import NEVER, Event, State
from .terms import Terms

#: What two terms have to have in common to be one and the same.
_OF_TERM = ("months", "ends_at", "auto_renew", "notice_days")
_RUNNING = (State.TRIALING, State.ACTIVE, State.PAUSED)


def write_moment(moment):
    """Return an aware moment as it is kept."""
    return moment.astimezone(UTC).isoformat()


def read_moment(text):
    """Return the moment of a text as it is kept; None for an empty one."""
    return datetime.fromisoformat(text) if text else None


def get_zone(terms):
    """Return the name of the time zone whose days count."""
    return (terms or {}).get("zone") or "UTC"


def read_terms(terms):
    """Return what is kept as the :class:`~.terms.Terms` that are held."""
    terms = terms or {}
    return Terms(
        terms.get("version"),
        terms.get("currency", ""),
        tuple((code, Fraction(n)) for code, n in terms.get("quantities", {}).items()),
        get_zone(terms),
        read_moment(terms.get("anchor")),
    )


def complete(state, before, change):
    """Return a change as it counts: with what it leaves out, and with the end of its
    term where that is not renewed by itself. As :func:`~.lifecycle.fold` takes it.
    """
    terms = {**(before or {}), **(change.terms or {})}
    term = _find_term(state, before or {}, change)
    if term is None:
        return replace(change, terms=terms) if terms else change
    terms["term"] = term
    return replace(change, terms=terms, ends_at=_find_last_day(term, get_zone(terms)))


def _find_term(state, before, change):
    """Return the term that is so from a change on, with when it began; None if there is
    none. One that is told once more as it is goes on. One that is renewed begins anew.
    """
    told, known = (change.terms or {}).get("term"), before.get("term")
    begins = change.kind == Event.ACTIVATED or state in _RUNNING
    start = write_moment(change.effective_at) if begins else None
    if change.kind == Event.RENEWED:
        term = told or (known and {**known, "ends_at": None, "start": None})
    elif told is None or (known and _is_same(told, known)):
        term = known
    else:
        term = told
    return term and {**term, "start": term.get("start") or start}


def _is_same(told, known):
    return not told.get("start") and all(
        told.get(name) == known.get(name) for name in _OF_TERM
    )


def _find_last_day(term, zone):
    """Return when a subscription ends with its term; NEVER where it does not."""
    end = None if term.get("auto_renew") else find_term_end(term, zone)
    return end or NEVER


def find_term_end(term, zone, number=1):
    """Return the end of a term, or of the one that follows it by itself ``number - 1``
    terms later; None where it has no end, or has not begun.

    Each is counted from the first one, so that a short month drags none along.
    """
    start, end = read_moment(term.get("start")), read_moment(term.get("ends_at"))
    months = term.get("months") or 0
    if number == 1 and end:
        return end
    first = end or start
    if not months or not first:
        return None
    periods = number - 1 if end else number
    clock = first.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    local = clock + relativedelta(months=months * periods)
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
