"""Reads untrusted JSON: each value is what it should be, or a clear error.

Whoever reads a payload through this can't trip over a wrong type, a missing key
or an id the database can't hold: all end as ``invalid_payload`` with the path. What it
can't hold of another text is left out.
"""

from datetime import UTC, datetime
from decimal import Decimal

from .errors import Quarantine
from .reasons import Reason

_MISSING = object()
#: 2000-01-01 and 2100-01-01: a moment outside is no moment of a business.
_EARLIEST, _LATEST = 946684800, 4102444800


def is_moment(seconds):
    """Return whether a Unix timestamp in seconds is a moment of a business."""
    return _EARLIEST <= seconds < _LATEST


def storable(text):
    """Return whether PostgreSQL can hold ``text`` (no NUL, no lone surrogate)."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


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
        """Return the text at ``path``, without what PostgreSQL can't hold of it."""
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
