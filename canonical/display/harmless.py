"""Which values of a payload are known to be harmless: by their key and their shape.

Both have to fit: a status is a word, so a name that somebody wrote there is no status.
What a vendor calls its own is in its adapter; these words are the same everywhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..reader import is_moment

_WORD = re.compile(r"[a-z][a-z0-9_.\[\]]{0,79}")
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,12})?")
_ISO_MOMENT = re.compile(
    r"2[01]\d\d-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?"
)
#: Has a letter, or it could be a phone number.
_DOCUMENT_NUMBER = re.compile(r"(?=[^a-z]*[A-Z])[A-Z0-9]{1,20}(-[A-Z0-9]{1,12}){1,3}")
_VERSION = re.compile(r"\d{4}-\d\d-\d\d(\.[a-z]{1,30})?")
_TAX_WORDS = frozenset(
    """
    BTW City County District GST HST IGIC IVA JCT MOMS MVA MwSt PST QST RST Sales ST
    State TVA Tax USt VAT
    """.split()
)


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def _matches(pattern):
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def _is_integer(value, most):
    return _is_number(value) and isinstance(value, int) and abs(value) <= most


def is_minor(value):
    """Return whether this is an amount in minor units, of the size a fact may have."""
    return _is_integer(value, 10**15)


def is_count(value):
    """Return whether this says how many there are of something."""
    return _is_integer(value, 10**6)


def is_percentage(value):
    """Return whether this is a rate in percent."""
    return _is_number(value) and 0 <= value <= 100


def is_decimal(value):
    """Return whether this is a number with decimals, or the text of one."""
    if _is_number(value):
        return abs(value) < 10**15
    return isinstance(value, str) and bool(_DECIMAL.fullmatch(value))


def is_time(value):
    """Return whether this is a Unix timestamp of our times, or an ISO 8601 moment."""
    if isinstance(value, str):
        return bool(_ISO_MOMENT.fullmatch(value))
    return _is_number(value) and is_moment(value)


def is_flag(value):
    """Return whether this is true or false."""
    return isinstance(value, bool)


def is_tax_name(value):
    """Return whether this is what taxes are called, such as ``City Sales Tax``."""
    return isinstance(value, str) and _TAX_WORDS.issuperset(value.split())


is_word = _matches(_WORD)
is_currency = _matches(re.compile(r"[a-z]{3}|[A-Z]{3}"))
is_place = _matches(re.compile(r"[A-Z]{2,3}"))
is_document_number = _matches(_DOCUMENT_NUMBER)
is_version = _matches(_VERSION)


def by_shape(groups):
    """Return shapes by key, of pairs of a shape and the keys it is for, as a text."""
    return {key: shape for shape, keys in groups for key in keys.split()}


#: Words that have one meaning, whoever sends them.
_COMMON = by_shape(
    (
        (is_word, "object type status reason"),
        (is_currency, "currency"),
        (is_minor, "amount subtotal tax total"),
        (is_decimal, "quantity"),
        (is_percentage, "percentage"),
        (is_time, "created updated"),
        (is_flag, "livemode"),
        (is_place, "country"),
    )
)


@dataclass(frozen=True)
class Harmless:
    """What one vendor's payloads may show.

    ``shapes``: by key, a function that tells whether a value is what that key has.
    ``references``: keys that hold an id or the object itself; an id begins with one of
    ``prefixes`` and ``separator``. ``objects``: keys whose value is an object or a
    list, with keys that the vendor gave it. Below all others nothing is shown, such as
    where customers choose the keys themselves.
    """

    shapes: Mapping = field(default_factory=dict)
    references: frozenset = frozenset()
    prefixes: tuple = ()
    objects: frozenset = frozenset()
    separator: str = "_"

    def opens(self, key):
        """Return whether what is below ``key`` may be looked at one by one."""
        return key == "data" or key in self.objects or key in self.references

    def shows(self, key, value):
        """Return whether a text, number or truth value is harmless below ``key``. What
        is an id in one object may be an amount in another.
        """
        if key in self.references and self._is_id(value):
            return True
        shape = self.shapes.get(key) or _COMMON.get(key)
        return shape is not None and shape(value)

    def _is_id(self, value):
        return (
            isinstance(value, str)
            and value.isascii()
            and value.replace("_", "").isalnum()
            and value.startswith(
                tuple(f"{prefix}{self.separator}" for prefix in self.prefixes)
            )
        )
