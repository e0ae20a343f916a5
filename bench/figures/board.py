"""The time of one look at the pages *Operations*, *Finance* and *Home* together, over
the time that hand-written SQL takes for the same figures.

Whoever looks is a person with every role, in all companies, and each page is a
transaction of its own, as a call of the web client is.
"""

import time
from decimal import Decimal
from itertools import chain
from statistics import median

from dev.console import Trouble

from ..figure import Figure
from ..stage.people import create_person
from ..stage.shell import transaction
from .board_by_hand import QUERIES

ROLES = ("manager", "reviewer")
LOOKS = 5


def measure(stage, shell):
    figure = Figure("board_ratio")
    user_id, differing = shell.call("figures.board.prepare")
    if differing:
        raise Trouble(f"The pages and the SQL by hand differ: {differing[:5]}")
    for _round in range(stage.sizes.rounds):
        looks = [
            shell.call("figures.board.look", user_id=user_id) for _look in range(LOOKS)
        ]
        pages = median(sum(look["pages"].values()) for look in looks)
        by_hand = median(look["by_hand"] for look in looks)
        each = {
            f"{page.removeprefix('get_')}_ms": median(
                look["pages"][page] * 1000 for look in looks
            )
            for page in QUERIES
        }
        figure.add(
            pages / by_hand,
            pages_ms=pages * 1000,
            by_hand_ms=by_hand * 1000,
            queries=looks[-1]["queries"],
            **each,
        )
    figure.detail["events"] = stage.sizes.board_events
    return [figure]


def prepare(env):
    """Create who looks. Runs inside the shell.

    :return: the person's id, and which figures the pages and the SQL tell otherwise.
    """
    companies = env["saas.source"].search([]).company_id
    user_id = create_person(env, "bench_board", companies, *ROLES)
    env.cr.commit()
    return user_id, _find_differing(env, user_id)


def look(env, user_id):
    """Look at each page, and read the same by hand. Runs inside the shell.

    :return: the seconds of each page, those of the SQL, and the pages' queries.
    """
    took, queries = {}, 0
    for page in QUERIES:
        with transaction(env) as page_env:
            board = _get_board(page_env, user_id)
            page_env.cr.execute("SELECT 1")
            before = page_env.cr.sql_log_count
            began = time.perf_counter()
            getattr(board, page)()
            took[page] = time.perf_counter() - began
            queries += page_env.cr.sql_log_count - before
    with transaction(env) as hand_env:
        began = time.perf_counter()
        _read_by_hand(hand_env)
        by_hand = time.perf_counter() - began
    return {"pages": took, "by_hand": by_hand, "queries": queries}


def _get_board(env, user_id):
    companies = env["res.users"].browse(user_id).company_ids.ids
    context = {"lang": "en_US", "tz": "UTC", "allowed_company_ids": companies}
    return env(user=user_id, context=context)["saas.metrics.board"]


def _read_by_hand(env):
    rows = []
    for query in chain.from_iterable(QUERIES.values()):
        env.cr.execute(query)
        rows += env.cr.fetchall()
    return rows


def _find_differing(env, user_id):
    """Return the keys of the figures that are not the same, or only on one side. What
    is zero may be left out.
    """
    with transaction(env) as both:
        ours = _read_pages(_get_board(both, user_id))
        by_hand = {_make_key(*key): value for *key, value in _read_by_hand(both)}
    # The page has a table of the reasons, and their sum.
    waits = sum(by_hand.pop(key) for key in [*by_hand] if key[0] == "waits")
    by_hand[_make_key("home", None, None, "waits_for_me")] = waits
    differing = []
    for key in sorted(ours.keys() | by_hand.keys()):
        told, unit = ours.get(key, (0, None))
        # A second or two go by between the two.
        slack = {"seconds": 5, "count": 2}.get(unit, Decimal("0.005"))
        if abs(Decimal(told) - Decimal(by_hand.get(key) or 0)) > slack:
            differing.append(key)
    return differing


def _make_key(*parts):
    return tuple(str(part or "") for part in parts)


def _read_pages(board):
    """Return each figure's value and unit, by the key that the SQL gives it."""
    env, found = board.env, {}
    for sample in env["saas.metrics.figures"]._read("Operations", "Finance"):
        labels = " ".join(str(sample.get(name)) for name in sample.metric.labels)
        place = sample.company_id, sample.source_id
        key = _make_key(sample.metric.name, *place, labels)
        found[key] = sample.value, sample.metric.unit
    for hour, count, slow in env["saas.metrics.events"]._read_hours():
        found[_make_key("hours", None, None, hour)] = count, "count"
        found[_make_key("hours_p95", None, None, hour)] = slow, "seconds"
    tenants = env["saas.metrics.exceptions"]._read_by_tenant()
    for place, (_tenant, count, _total) in enumerate(tenants, 1):
        found[_make_key("tenants", None, None, place)] = count, "count"
    for section in board.get_home()["sections"]:
        for tile in section["tiles"]:
            key = _make_key("home", None, None, tile["name"])
            if tile["name"] != "stalled":
                before, _unit = found.get(key, (0, None))
                found[key] = before + Decimal(tile["value"]), "amount"
    return found
