"""Makes a payload fit to be shown: what is known to be harmless stays, nothing else.

A list of what is personal would be behind with each field that a vendor adds.
"""

import re

MASK = "•••"

#: What vendors name their fields like; a key that is something else may be personal.
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
_EMAIL = re.compile(r"[^\s<>'\"]+@[^\s<>'\"]+")
#: PostgreSQL shows the row that breaks a constraint.
_ROW = re.compile(r"^(DETAIL|CONTEXT|LINE \d+): .*$", re.MULTILINE)


def mask(value, harmless, key=""):
    """Return a copy of parsed JSON in which all is masked that isn't harmless.

    Null, an empty list and an empty object say nothing, so they stay: what is absent
    is seen to be absent.

    :param harmless: the sender's :class:`~.harmless.Harmless`.
    :param key: under which ``value`` stands; the whole body stands under none.
    """
    if value is None or value == [] or value == {}:
        return value
    if isinstance(value, dict):
        if key and not harmless.opens(key):
            return MASK
        return {_mask_key(k): mask(item, harmless, k) for k, item in value.items()}
    if isinstance(value, list):
        return [mask(item, harmless, key) for item in value]
    return value if harmless.shows(key, value) else MASK


def find_masked(value, harmless, key=""):
    """Yield the texts of parsed JSON that :func:`mask` takes out, with the same
    arguments.
    """
    if isinstance(value, dict):
        inner = harmless if not key or harmless.opens(key) else None
        for name, item in value.items():
            yield from find_masked(item, inner, name) if inner else _find_texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from find_masked(item, harmless, key)
    elif isinstance(value, str) and not harmless.shows(key, value):
        yield value


def _find_texts(value):
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _find_texts(item)
    elif isinstance(value, str):
        yield value


def _mask_key(key):
    return key if _FIELD_NAME.fullmatch(key) else MASK


def scrub(text, personal):
    """Return ``text`` without the texts in ``personal``, e-mail addresses and rows."""
    for value in sorted(personal, key=len, reverse=True):
        text = re.sub(re.escape(value), MASK, text, flags=re.IGNORECASE)
    return _ROW.sub(rf"\1: {MASK}", _EMAIL.sub(MASK, text))
