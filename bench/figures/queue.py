"""How long the queue of cases takes to open, to group, to unfold, and to open its
largest case, with much waiting beside many events.

Each step is a transaction of its own, as a call of the web client is, by a reviewer.
"""

import time
from statistics import median, quantiles

from lxml import etree

from ..database import connect
from ..figure import Figure
from ..stage.people import create_person
from ..stage.shell import transaction
from .operation import FILL, OWN

ENTITY = "eu"
CASES = 300
LOOKS = 20
PAGE = 80
_REASON = "unmapped_product"
_OPEN = [("state", "=", "open")]
_STEPS = ("open", "group", "unfold", "case")


def measure(stage, shell):
    figure = Figure("queue_p95_s")
    source, events = stage.sources[ENTITY], stage.sizes.queue_events
    with connect(shell.database) as cursor:
        cursor.execute(
            FILL,
            {
                "source": source["id"],
                "company": source["company_id"],
                # As many once more wait in the first case.
                "count": 2 * events,
            },
        )
    user_id = shell.call("figures.queue.open_cases", source_id=source["id"])
    for _round in range(stage.sizes.rounds):
        looks = [
            shell.call("figures.queue.look", user_id=user_id) for _look in range(LOOKS)
        ]
        late = {
            name: quantiles((look[name] for look in looks), n=20, method="inclusive")
            for name in _STEPS
        }
        figure.add(
            max(times[-1] for times in late.values()),
            median_s=median(look["open"] for look in looks),
            **{f"{name}_ms": times[-1] * 1000 for name, times in late.items()},
        )
    figure.detail.update(events=events, cases=CASES)
    return [figure]


def open_cases(env, source_id):
    """Let the events wait in their cases: the first half in all of them, the second
    half in the first. Runs inside the shell.

    :return: the id of who looks.
    """
    events = env["saas.subscription.event"].search(
        [("source_id", "=", source_id), ("external_id", "=like", OWN)],
        order="id",
    )
    company = env["saas.source"].browse(source_id).company_id
    half = len(events) // 2
    rows = [
        (event_id, source_id, company.id, _REASON, f"price_{number}", "", 0, "2")
        for place, event_id in enumerate(events.ids)
        for number in [place % CASES if place < half else 0]
    ]
    cases = env["saas.exception"]
    cases._open(rows)
    cases._link(rows)
    cases.search(_OPEN)._refresh()
    user_id = create_person(env, "bench_queue", company, "reviewer")
    env.cr.commit()
    return user_id


def look(env, user_id):
    """Take each step. Runs inside the shell.

    :return: the seconds of each.
    """
    took = {}
    for name, step in zip(_STEPS, (_open, _group, _unfold, _open_largest), strict=True):
        with transaction(env) as own:
            cases = own(user=user_id, context={"lang": "en_US"})["saas.exception"]
            began = time.perf_counter()
            step(cases)
            took[name] = time.perf_counter() - began
    return took


def _open(cases):
    found = cases.web_search_read(_OPEN, _prepare_spec(cases, "list"), limit=PAGE)
    assert found["length"] >= CASES, found["length"]


def _group(cases):
    groups = cases.web_read_group(_OPEN, ["reason"], ["__count"])["groups"]
    assert sum(group["__count"] for group in groups) >= CASES, groups


def _unfold(cases):
    domain = [*_OPEN, ("reason", "=", _REASON)]
    cases.web_search_read(domain, _prepare_spec(cases, "list"), limit=PAGE)


def _open_largest(cases):
    case = cases.search([*_OPEN, ("cause_key", "=", "price_0")])
    [found] = case.web_read(_prepare_spec(cases, "form"))
    assert found["event_count"] > CASES, found["event_count"]


def _prepare_spec(cases, kind):
    """Return what the web client asks for to show a view."""
    spec = {}
    arch = etree.fromstring(cases.get_view(view_type=kind)["arch"])
    for node in arch.xpath("//field[not(ancestor::field)]"):
        field = cases._fields[node.get("name")]
        spec[field.name] = {"fields": {"display_name": {}}} if field.relational else {}
    return spec
