"""One history told of many customers at once, and their books told apart again.

Odoo books a hundred customers' facts in little more time than one's. So a test of many
orders plays them side by side: each order is the history of a customer of its own, with
ids, names and numbers of their own, and all of them go through the same drains.
"""

import re
from collections import Counter

from odoo import Command

#: Prefixes of ids, and what else must not be the same at two customers.
_IDS = re.compile(
    r"(?<![A-Za-z0-9])(?:cbtxn|ccsbtxn|ch|cn|cnli|cpd|cpo|cptxn|cus|di|dp|evt|fee|fr|ii"
    r"|il|in|inpay|issfr|pi|po|pr|price|prod|prv|pulled|py|re|reshold|shr|si|sub|tr|trr"
    r"|tu|txi|txn|txr)_(?=\w*[A-Z0-9])\w+"
)
_NAMES = re.compile(r"Nordlicht [\w ]+|[\w.]+(?=@nordlicht\.example)|^nordlicht$")
_OWN_KEYS = ("number", "value", "customer_phone", "phone")
_MARK = re.compile(r"copy(\d+)z", re.IGNORECASE)


def mark(value, copy):
    """Return an event, or a part of one, as it is at the customer numbered ``copy``."""
    if isinstance(value, dict):
        return {
            key: f"{item}copy{copy}z"
            if key in _OWN_KEYS and isinstance(item, str)
            else mark(item, copy)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [mark(item, copy) for item in value]
    if isinstance(value, str):
        for pattern in (_IDS, _NAMES):
            value = pattern.sub(rf"\g<0>copy{copy}z", value)
    return value


def shuffle(history, chance, copy):
    """Return the events of a customer in any order, a quarter of them twice."""
    arrivals = history + chance.choices(history, k=len(history) // 4)
    chance.shuffle(arrivals)
    return [mark(event, copy) for event in arrivals]


def map_taxes(source, numbers):
    """Map the tax rates of each copy as those of the history are."""
    source.tax_mapping_ids = [
        Command.create(
            {
                "external_id": mark(mapping.external_id, number),
                "tax_id": mapping.tax_id.id,
            }
        )
        for number in numbers
        for mapping in source.tax_mapping_ids
    ]


def number(text):
    """Return which copy a marked text is of."""
    return int(_MARK.search(text)[1])


def split(books):
    """Return what each copy's books say, as they would if it were the only one.

    :param books: a dictionary of sequences, counters and dictionaries of plain values.
    :return: by copy, a dictionary of the same form, without marks.
    :raises AssertionError: if an entry belongs to no copy, or to two.
    """
    found = {}
    for part, entries in books.items():
        for entry in entries.items() if isinstance(entries, dict) else entries:
            copies = {int(number) for number in _MARK.findall(repr(entry))}
            if len(copies) != 1:
                raise AssertionError(f"{part}: {entry} is of the copies {copies}")
            own = found.setdefault(copies.pop(), {part: [] for part in books})
            own[part].append(_unmark(entry))
    return {
        copy: {part: _collect(type(books[part]), own[part]) for part in books}
        for copy, own in found.items()
    }


def _collect(kind, entries):
    """Return entries as a sequence, a dictionary or a counter."""
    return Counter(dict(entries)) if kind is Counter else kind(entries)


def _unmark(value):
    """Return a plain value without the marks of its copy."""
    if isinstance(value, tuple):
        return tuple(_unmark(item) for item in value)
    return _MARK.sub("", value) if isinstance(value, str) else value
