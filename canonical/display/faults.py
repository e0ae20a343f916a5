"""Says what is wrong with a value, without the value: it may be personal."""

import re

#: A field's name, or a place in a list. What a sender chose as a key is none.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}|[0-9]{1,6}", re.ASCII)


def describe_faults(error):
    """Return a sentence for each fault in a pydantic ``ValidationError``: where, and
    what it should be.
    """
    return "; ".join(
        f"{_write_place(fault['loc'])}: {fault['msg']}"
        for fault in error.errors(include_input=False, include_url=False)
    )


def find_place(error):
    """Return where the first fault of a pydantic ``ValidationError`` is, whatever the
    place in a list: what all events with the same fault have in common.
    """
    first = error.errors(include_input=False, include_url=False)[0]
    return re.sub(r"\b[0-9]+\b", "*", _write_place(first["loc"]))


def _write_place(place):
    names = [str(part) for part in place]
    return ".".join(n if _NAME.fullmatch(n) else "?" for n in names) or "The fact"
