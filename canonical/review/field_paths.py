"""The fields that an event has, as paths such as ``data.object.customer``: to notice
that one which was always there is missing. No value is kept of them.
"""

import re

#: So deep paths go, in names.
DEPTH = 4
#: An event with more paths than this is not looked at.
MOST = 500
#: How a field is named in an interface. An id, an e-mail or a name of a person, which
#: is a key in a map, is none: it has digits or signs, or begins with a capital letter.
_NAME = re.compile(r"(?:[a-z][a-z_]*|[a-z][A-Za-z]*)\d?", re.ASCII)
_LONGEST_NAME = 40
#: What is below these is whatever somebody has put there: it says nothing of the
#: system, and may be personal. Written without their underscores.
_OPEN = frozenset(
    (
        *("metadata", "meta", "custom", "customfields", "customattributes"),
        *("properties", "attributes", "annotations", "labels", "tags", "extra"),
        *("extras", "extensions", "translations", "links", "params", "parameters"),
        *("variables", "values", "previousattributes"),
    )
)


def find_paths(payload):
    """Return the paths of a parsed body that hold something other than null, as a set;
    None if there are too many.

    Lists are not entered: what one has, another need not have.
    """
    found, level = set(), [("", payload)]
    for _depth in range(DEPTH):
        below = []
        for prefix, value in level:
            for name, part in value.items():
                if part is None or not _is_field(name):
                    continue
                path = f"{prefix}{name}"
                found.add(path)
                if isinstance(part, dict) and not _is_open(name):
                    below.append((f"{path}.", part))
        if len(found) > MOST:
            return None
        level = below
    return found


def find_topmost(paths):
    """Return those of some paths that are below none of the others, sorted: who misses
    an object misses all that is in it.
    """
    topmost = []
    for path in sorted(paths):
        parents = path.split(".")[:-1]
        above = (".".join(parents[:count]) for count in range(1, len(parents) + 1))
        if not any(parent in paths for parent in above):
            topmost.append(path)
    return topmost


def _is_field(name):
    return len(name) <= _LONGEST_NAME and bool(_NAME.fullmatch(name))


def _is_open(name):
    return name.replace("_", "").lower() in _OPEN
