"""Reads untrusted JSON: each value is what it should be, or a clear error.

Whoever reads a payload through this can't trip over a wrong type, a missing key
or an id the database can't hold: all end as ``invalid_payload`` with the path. What it
can't hold of another text is left out.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from .errors import Quarantine
from .reasons import Reason

_MISSING = object()
#: The longest id, in characters, as the database holds one.
_LONGEST_ID = 255
#: How many bytes of a text are read: twice that fits into an index of PostgreSQL, which
#: holds 2,704, where Odoo puts a contact's name after its company's.
_MOST_BYTES = 1250
#: 2000-01-01 and 2100-01-01: a moment outside is no moment of a business.
_EARLIEST, _LATEST = 946684800, 4102444800
#: 30 digits are more than any amount or quantity of a business.
_DECIMAL = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


def is_moment(seconds):
    """Return whether a Unix timestamp in seconds is a moment of a business."""
    return _EARLIEST <= seconds < _LATEST


def storable(text):
    """Return whether PostgreSQL can hold ``text`` (no NUL, no lone surrogate)."""
    # What is printable has neither, and most texts are.
    return text.isprintable() or not _NOT_STORABLE.search(text)


class Reader:
    """A JSON object and the path that led to it.

    Paths are dotted (``a.b``). A key that is missing or null gives ``default``
    where one was passed, and an error where none was.
    """

    def __init__(self, value, path=""):
        self._path = path
        if not isinstance(value, dict):
            raise self.error("", "an object", value)
        self.value = value

    def error(self, path, expected, found):
        """Return the error for what stands at ``path`` instead of ``expected``."""
        place = ".".join(filter(None, (self._path, path)))
        where = f"The value at {place}" if place else "The body"
        return Quarantine(
            Reason.INVALID_PAYLOAD,
            f"{where} should be {expected}, but is {_kind(found)}.",
            about=place or "body",
        )

    def _get(self, path, default, expected):
        value = self.value
        for key in path.split("."):
            if value is None:
                break
            if not isinstance(value, dict):
                raise self.error(path, expected, value)
            value = value.get(key)
        if value is None:
            if default is _MISSING:
                raise self.error(path, expected, None)
            return default
        return value

    def has(self, path):
        """Return whether something other than null stands at ``path``."""
        return self._get(path, None, "an object on the way") is not None

    def text(self, path, default=_MISSING):
        """Return the text at ``path``, without what PostgreSQL can't hold of it, or
        can't find it by: no name and no word is that long.
        """
        value = self.long_text(path, default)
        if value is default or len(value) <= _LONGEST_ID:
            return value
        return value.encode()[:_MOST_BYTES].decode(errors="ignore")

    def long_text(self, path, default=_MISSING):
        """Return the text at ``path`` that nothing is found by, such as a description,
        without what PostgreSQL can't hold of it.
        """
        value = self._get(path, default, "a text")
        if value is default:
            return value
        if not isinstance(value, str):
            raise self.error(path, "a text", value)
        return value if storable(value) else "".join(filter(storable, value))

    def ref(self, path, default=_MISSING):
        """Return an id, whether the object stands there or only its id."""
        value = self._get(path, default, "an id or an object with one")
        if value is default:
            return value
        if isinstance(value, dict):
            value = value.get("id")
        if not isinstance(value, str) or not value or not storable(value):
            raise self.error(path, "an id or an object with one", value)
        return value

    def integer(self, path, default=_MISSING):
        """Return the whole number at ``path``."""
        value = self._get(path, default, "a whole number")
        if value is default:
            return value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(path, "a whole number", value)
        return value

    def decimal(self, path, default=_MISSING):
        """Return a number as the exact Decimal it is written as."""
        value = self._get(path, default, "a number")
        if value is default:
            return value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(path, "a number", value)
        # JSON's reader turns a number that is too big into infinity.
        if not abs(value) < 10**15:
            raise self.error(path, "a number below 10^15", value)
        return Decimal(repr(value))

    def flag(self, path, default=False):
        """Return the truth value at ``path``."""
        value = self._get(path, default, "true or false")
        if not isinstance(value, bool):
            raise self.error(path, "true or false", value)
        return value

    def moment(self, path, default=_MISSING):
        """Return the aware UTC datetime of a Unix timestamp in seconds."""
        value = self.integer(path, default)
        if value is default:
            return value
        if not is_moment(value):
            raise self.error(path, "a moment between 2000 and 2100", value)
        return datetime.fromtimestamp(value, UTC)

    def iso_moment(self, path, default=_MISSING):
        """Return the aware UTC datetime of an ISO 8601 text, such as
        ``2026-11-05T10:00:00.000Z``. It has to name its offset from UTC.
        """
        expected = "a moment with its offset from UTC"
        text = self.text(path, default)
        if text is default:
            return text
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise self.error(path, expected, text) from None
        if moment.tzinfo is None:
            raise self.error(path, expected, text)
        if not is_moment(moment.timestamp()):
            raise self.error(path, "a moment between 2000 and 2100", text)
        return moment.astimezone(UTC)

    def date(self, path, default=_MISSING):
        """Return the day of an ISO 8601 text, such as ``2026-11-05``."""
        text = self.text(path, default)
        if text is default:
            return text
        try:
            # Python knows more forms of a day than senders should.
            return date.fromisoformat(text if _DATE.fullmatch(text) else "")
        except ValueError:
            raise self.error(path, "a day such as 2026-11-05", text) from None

    def labels(self, path):
        """Return the texts that somebody attached to an object, by keys of their own,
        as pairs. Others than short ones can be no ids, and are left out; so is what
        stands there if it is no object.
        """
        value = self.value.get(path)
        if not isinstance(value, dict):
            return ()
        return tuple(
            (key, text)
            for key, text in value.items()
            if isinstance(text, str)
            and 0 < len(key) <= _LONGEST_ID
            and 0 < len(text) <= _LONGEST_ID
            and storable(key + text)
        )

    def decimal_text(self, path, default=_MISSING):
        """Return the exact Decimal that a text such as ``12.50`` stands for."""
        text = self.text(path, default)
        if text is default:
            return text
        if not _DECIMAL.fullmatch(text):
            raise self.error(path, "a decimal number as a text", text)
        return Decimal(text)

    def object(self, path):
        """Return a reader of the object at ``path``; of an empty one if absent."""
        value = self._get(path, {}, "an object")
        return Reader(value, ".".join(filter(None, (self._path, path))))

    def objects(self, path):
        """Return readers of the objects listed at ``path``; none if absent."""
        value = self._get(path, [], "a list")
        if not isinstance(value, list):
            raise self.error(path, "a list", value)
        prefix = ".".join(filter(None, (self._path, path)))
        return [Reader(item, f"{prefix}[{i}]") for i, item in enumerate(value)]


def _kind(value):
    names = {dict: "an object", list: "a list", str: "a text", bool: "a truth value"}
    if value is None:
        return "missing"
    return names.get(type(value), "a number")
