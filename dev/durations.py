"""How long each class of tests took: what the tests are shared out by, and chosen by.

A class is named by its module and itself, `test_golden.TestGolden`, whatever folder it
lies in.
"""

import json

from . import settings
from .machine.process import write_if_changed

FILE = settings.ROOT / "tests" / "durations.json"
#: Seconds that a class without a record is taken to need, and a test of one.
UNKNOWN, UNKNOWN_TEST = 20, 2
#: What QUICK=1 gives to all classes, to one besides its set-up, and to a single test at
#: most; and what a set-up is taken to need.
QUICK_TOTAL, QUICK_CLASS, QUICK_TEST, SET_UP = 190, 1, 4, 1


def class_of(nodeid):
    """Return the class of a test by pytest's name of it."""
    path, *rest = nodeid.split("::")
    module = path.rpartition("/")[2].removesuffix(".py")
    return ".".join([module, *rest[:-1]])


def read():
    """Return by class its seconds and the number of its tests."""
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def write(seconds, counts, complete):
    """Record what was measured.

    In: seconds and numbers of tests by class, and whether these are all classes there
    are; otherwise what is known of the others stays.
    """
    known = {} if complete else read()
    known |= {name: [round(seconds[name], 1), counts[name]] for name in seconds}
    lines = (f'"{name}": {json.dumps(known[name])}' for name in sorted(known))
    write_if_changed(FILE, "{\n" + ",\n".join(lines) + "\n}\n")


def longest_first(nodeids):
    """Return the classes of tests, the one that takes longest first: whoever takes
    the next of the queue then ends at about the same time as the others.
    """
    known = read()
    names = {class_of(nodeid) for nodeid in nodeids}
    return sorted(names, key=lambda name: (-known.get(name, [UNKNOWN])[0], name))


def choose_quick(nodeids):
    """Return a sample of tests that has something of everything, as far as two minutes
    of two processes allow: of each class as many as fit into a second, evenly spread;
    first the cheapest class of each folder, then the next of each.
    """
    known, classes, folders = read(), {}, {}
    for nodeid in nodeids:
        classes.setdefault((_folder_of(nodeid), class_of(nodeid)), []).append(nodeid)
    for (folder, name), tests in classes.items():
        seconds, count = known.get(name, [UNKNOWN_TEST * len(tests), len(tests)])
        each = seconds / count
        if each <= QUICK_TEST:
            wanted = min(len(tests), max(1, int(QUICK_CLASS / max(each, 0.01))))
            sample = [tests[i * len(tests) // wanted] for i in range(wanted)]
            cost = SET_UP + wanted * each
            folders.setdefault(folder, []).append((cost, name, sample))
    turns = [
        (turn, *row)
        for rows in folders.values()
        for turn, row in enumerate(sorted(rows))
    ]
    chosen, total = set(), 0
    for _turn, cost, _name, sample in sorted(turns):
        total += cost
        if total > QUICK_TOTAL:
            break
        chosen.update(sample)
    return chosen


def _folder_of(nodeid):
    return nodeid.partition("::")[0].rpartition("/")[0]
