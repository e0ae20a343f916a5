"""Values as people read them on a page."""

from odoo.tools import formatLang

#: From how many seconds on a time is told in the next larger unit.
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def duration(env, seconds):
    """Return a number of seconds as people say it: in its two largest units at most."""
    seconds = int(seconds)
    if seconds < _MINUTE:
        return env._("%s s", seconds)
    if seconds < _HOUR:
        return env._("%s min", seconds // _MINUTE)
    if seconds < _DAY:
        hours, minutes = divmod(seconds // _MINUTE, 60)
        return env._("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    days, hours = divmod(seconds // _HOUR, 24)
    return env._("%(days)s d %(hours)s h", days=days, hours=hours)


def split_seconds(env, seconds):
    """Return how long something short took, a Decimal of seconds, to the thousandth."""
    if seconds < 1:
        return env._("%s ms", round(1000 * seconds))
    return env._("%s s", formatLang(env, float(seconds), digits=1))


def time_or_dash(env, seconds):
    """Return a number of seconds as people say it; a dash for None."""
    return "–" if seconds is None else duration(env, seconds)


def amount(env, value, currency):
    """Return an amount with the symbol of its currency, as the user's language has it.

    :param value: a Decimal.
    """
    return formatLang(env, float(value), currency_obj=currency)


def percent(env, ratio):
    """Return a share of 1 as a percentage with one decimal."""
    return env._("%s %%", formatLang(env, float(100 * ratio), digits=1))


def number(env, value):
    """Return a whole number with the marks between thousands of the user's language."""
    return formatLang(env, int(value), digits=0)


def moment(env, value):
    """Return a moment in the user's time zone and language; a dash if there is none."""
    if not value:
        return "–"
    return env["ir.qweb.field.datetime"].value_to_html(value, {"hide_seconds": True})
