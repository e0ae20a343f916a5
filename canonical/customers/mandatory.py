"""What an invoice has to say about its buyer, by the countries of both: rules of a data
file that has a version and names its sources.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parents[2] / "data" / "customers" / "mandatory.json"


@cache
def read_rules():
    """Return the data file: its version, its groups of countries and its rules."""
    return json.loads(_FILE.read_text(encoding="utf-8"))


def has_rules(seller):
    """Return whether anything is wanted of the buyers of a seller's country.

    :param seller: ISO 3166 code.
    """
    return any(_fits(rule["seller"], seller) for rule in read_rules()["rules"])


def find_wanted(seller, buyer, day, situations):
    """Return what has to be known of a buyer, by field, and the law that says so.

    :param seller: ISO 3166 code of the seller's country; ``buyer`` is the buyer's,
        empty where it is not known.
    :param day: of the document.
    :param situations: a set of ``business``, ``reverse_charge`` and ``exempt``.
    """
    wanted = {}
    for rule in read_rules()["rules"]:
        if (
            _fits(rule["seller"], seller)
            and _fits(rule["buyer"], buyer)
            and (not rule.get("when") or rule["when"] in situations)
            and date.fromisoformat(rule.get("from", "0001-01-01")) <= day
        ):
            for field in rule["fields"]:
                wanted.setdefault(field, rule["source"])
    return wanted


def _fits(place, country):
    groups = read_rules()["groups"]
    return place == "*" or country in groups.get(place, (place,))
