"""What all wire models have in common: plain JSON, read strictly, open to more fields.

A model is the ``data`` of one type of event in one version. Amounts are integers of
minor units of the currency, as many as ISO 4217 says; other numbers with decimals are
texts, and moments are RFC 3339 with an offset. What a model doesn't know is kept with
the event, and ignored.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
)

from ..reader import storable

_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read_moment(text):
    """Return the aware UTC datetime of a moment in RFC 3339.

    :raises ValueError: if it is none, or none of a business.
    """
    if not isinstance(text, str) or not _RFC_3339.fullmatch(text):
        raise ValueError("It should be a moment such as 2026-11-26T09:30:00Z.")
    try:
        moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("It should be a moment between 2000 and 2100.") from error
    if not 2000 <= moment.year < 2100:
        raise ValueError("It should be a moment between 2000 and 2100.")
    return moment


def _read_day(text):
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise ValueError("It should be a day such as 2026-11-26.")
    return read_moment(f"{text}T00:00:00Z").date()


def _check_storable(value):
    if not storable(value):
        raise ValueError("It should be a text without NUL.")
    return value


def _strip(value):
    return value if storable(value) else "".join(filter(storable, value))


def _text(longest, **constraints):
    return Annotated[
        str,
        StringConstraints(max_length=longest, **constraints),
        AfterValidator(_strip),
    ]


#: An id at the sender: of an object, a rate, a product.
Ref = Annotated[
    str,
    StringConstraints(min_length=1, max_length=255),
    AfterValidator(_check_storable),
]
#: An id that may be left out, and is never changed to make it fit.
MaybeRef = Annotated[
    str, StringConstraints(max_length=255), AfterValidator(_check_storable)
]
#: The id of an event of the sender.
EventId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=1000),
    AfterValidator(_check_storable),
]
#: A reference that may be left out.
Word = _text(255)
Text = _text(1000)
Minor = Annotated[int, Field(strict=True, ge=-(10**15), le=10**15)]
Positive = Annotated[int, Field(strict=True, gt=0, le=10**15)]
NotNegative = Annotated[int, Field(strict=True, ge=0, le=10**15)]
#: An ISO 3166 code, or an empty text.
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
DecimalText = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{1,12}(\.[0-9]{1,9})?$", max_length=22)
]
SignedDecimalText = Annotated[
    str, StringConstraints(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,9})?$", max_length=23)
]
#: What a meter counts: as many digits as a machine may ever count to.
MeteredText = Annotated[
    str, StringConstraints(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,9})?$", max_length=29)
]
Percentage = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,6})?$", max_length=10)
]
#: A moment in RFC 3339, with its offset from UTC.
Moment = Annotated[AwareDatetime, BeforeValidator(read_moment)]
Day = Annotated[date, BeforeValidator(_read_day)]
Flag = StrictBool


class Data(BaseModel):
    """An object on the wire. Fields that are not known are let through, so that a
    sender can be ahead of us; a value never stands in an error's text, for it may be
    personal.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class ElsewhereRef(Data):
    """An object of another system: the system's name, such as ``stripe``, or the name
    of its source in Odoo, and its id of the object.
    """

    system: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    id: Ref


class Postal(Data):
    """A postal address; ``state`` and ``country`` are ISO 3166 codes, the state's
    without its country.
    """

    line1: Text = ""
    line2: Text = ""
    city: Text = ""
    postal_code: Word = ""
    state: Word = ""
    country: Country = ""


class Person(Data):
    """Who paid, or got money back, without being a customer of the sender."""

    name: Text = ""
    email: Text = ""
    phone: Word = ""
    address: Postal = Postal()
