"""Reads the Stripe events in ``fixtures/stripe``.

``before`` holds the shape of API versions up to 2024, ``basil`` the one since
2025-03-31.basil. A file is named by its event's type, and by the case after ``-``.
"""

import copy
import functools
import json
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "fixtures" / "stripe"
SHAPES = ("before", "basil")


def names(shape):
    """Return the names of all fixtures of a shape."""
    return sorted(path.stem for path in (FOLDER / shape).glob("*.json"))


def load(shape, name, /, **changes):
    """Return an event; ``changes`` are made to the object it is about."""
    event = copy.deepcopy(_read(shape, name))
    event["data"]["object"].update(changes)
    return event


def object_id(shape, name):
    """Return the id of the object that an event is about."""
    return _read(shape, name)["data"]["object"]["id"]


def every():
    """Yield (shape, name, event) of all fixtures."""
    for shape in SHAPES:
        for name in names(shape):
            yield shape, name, load(shape, name)


@functools.cache
def _read(shape, name):
    return json.loads((FOLDER / shape / f"{name}.json").read_bytes())


def load_later(name, later=0, shape="basil", /, **changes):
    """Return an event as if it had happened some seconds later, and so another one."""
    event = load(shape, name, **changes)
    if later:
        event["id"] += f"x{later}"
        event["created"] += later
    return event
