"""A list, as CSV, of what is still to be recognised of documents that old books have:
one row for each line of a document. The first row names the columns.
"""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO

#: What a row may tell, as the list's first row names it.
COLUMNS = (
    "document",
    "line",
    "income_account",
    "deferred_account",
    "start",
    "end",
    "currency",
    "amount",
    "booked",
    "company_amount",
    "company_booked",
)
#: What may be left out: the line, where a document has one, and the company's amounts,
#: where the document's currency is the company's.
_OPTIONAL = ("line", "company_amount", "company_booked")


class OldBooksError(ValueError):
    """A row that can't be read. ``number`` is the row's, counted as a spreadsheet does,
    and ``column`` the one that is wrong; ``value`` is what it has.
    """

    def __init__(self, number, column, value=""):
        super().__init__(f"row {number}, {column}: {value}")
        self.number, self.column, self.value = number, column, value


@dataclass(frozen=True)
class OldLine:
    """A line of a document of the old books: what it came to, without tax, and what of
    it the old books have recognised; both as Decimals in the document's currency, and
    in the company's (None where that is the same). ``start`` is the first day of its
    service, and ``end`` the last one.
    """

    number: int
    document: str
    line: str
    income_account: str
    deferred_account: str
    start: date
    end: date
    currency: str
    amount: Decimal
    booked: Decimal
    company_amount: Decimal | None
    company_booked: Decimal | None

    @property
    def key(self):
        """What names it: a second list with it tells nothing new."""
        return self.document, self.line

    @property
    def left(self):
        """What is still to be recognised, in the document's currency."""
        return self.amount - self.booked

    @property
    def company_left(self):
        """What is still to be recognised, in the company's currency; None where that is
        the same.
        """
        if self.company_amount is None:
            return None
        return self.company_amount - (self.company_booked or Decimal(0))


def read(text):
    """Return the lines that a list tells, in order.

    :param text: separated by commas or by semicolons.
    :raises OldBooksError: for the first row that can't be read.
    """
    head = text.lstrip("\ufeff").partition("\n")[0]
    separator = ";" if head.count(";") > head.count(",") else ","
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff")), delimiter=separator)
    names = {name.strip().lower() for name in reader.fieldnames or ()}
    for column in COLUMNS:
        if column not in names and column not in _OPTIONAL:
            raise OldBooksError(1, column)
    lines, keys = [], set()
    for number, row in enumerate(reader, 2):
        told = {
            name.strip().lower(): (value or "").strip()
            for name, value in row.items()
            if name is not None and not isinstance(value, list)
        }
        if not any(told.values()):
            continue
        line = _read_line(number, told)
        if line.key in keys:
            raise OldBooksError(number, "document", line.document)
        keys.add(line.key)
        lines.append(line)
    return lines


def _read_line(number, told):
    for column in COLUMNS:
        if not told.get(column) and column not in _OPTIONAL:
            raise OldBooksError(number, column)
    start, end = (_read_day(number, told, column) for column in ("start", "end"))
    if end < start:
        raise OldBooksError(number, "end", told["end"])
    return OldLine(
        number,
        told["document"],
        told.get("line", ""),
        told["income_account"],
        told["deferred_account"],
        start,
        end,
        told["currency"].upper(),
        _read_amount(number, told, "amount"),
        _read_amount(number, told, "booked"),
        _read_amount(number, told, "company_amount"),
        _read_amount(number, told, "company_booked"),
    )


def _read_day(number, told, column):
    try:
        return date.fromisoformat(told[column])
    except ValueError:
        raise OldBooksError(number, column, told[column]) from None


def _read_amount(number, told, column):
    if not (value := told.get(column)):
        return None
    try:
        amount = Decimal(value)
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite():
        raise OldBooksError(number, column, value)
    return amount
