"""Texts that others wrote, made fit for a column, a screen, an export or a log."""

import json
import re

#: The longest detail that is kept of anything, in characters.
LONGEST_DETAIL = 2000
LONGEST_TRACE = 20000

#: What PostgreSQL (NUL), UTF-8 (lone surrogates) or XML, and so a spreadsheet, can't
#: hold (https://www.w3.org/TR/xml/#charsets), what steers a terminal, and what turns
#: the direction of a text around, so that it reads as another one.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069]"
)


def showable(text):
    """Return ``text`` with each character that can't be shown as JSON writes it:
    ``\\ud800``.
    """
    return _UNSHOWABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def fit(text, limit=LONGEST_DETAIL):
    """Return ``text`` fit to be shown, cut to about ``limit`` characters; it says how
    many were cut. What is empty, or None, comes back as it is.
    """
    if not text:
        return text
    cut = len(text) - limit
    if cut <= 0:
        return showable(text)
    return f"{showable(text[:limit])}… ({cut} more characters)"


def format_json(value, limit):
    """Return plain JSON as an indented text fit to be shown, of at most about
    ``limit`` characters, and whether that is all of it. It stops at the limit:
    indented, a body can be a hundred times its size.
    """
    parts, length = [], 0
    for part in json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(value):
        parts.append(part)
        length += len(part)
        if length > limit:
            break
    text = "".join(parts)
    return showable(text[:limit]), length <= limit
