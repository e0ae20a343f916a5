"""How long a person waits for a preview: of one event, and of as many as one may show.

What is previewed is kept out of the books by a rollback, so the same events are drained
in the end, and all of them have to be done.
"""

import time
from statistics import median, quantiles

from ..database import fetch
from ..figure import Figure
from ..stage import inbox
from ..stage.shell import transaction

ENTITY = "eu"
WARM_UP = 5
#: As many as ``saas.preview`` shows at once.
MANY = 200
_STOP = """UPDATE saas_subscription_event
              SET state = 'quarantined', reason = 'posting_failed'
            WHERE state = 'received' RETURNING id"""
_SEND_BACK = """UPDATE saas_subscription_event SET state = 'received', reason = NULL
                 WHERE id = ANY(%s)"""


def measure(stage, shell):
    one, many = Figure("preview_p95_s"), Figure("preview_many_s")
    _bills, events = stage.bill(MANY, ENTITY)
    with stage.connect() as cursor:
        inbox.fill(cursor, events, stage.sources)
        ids = sorted(row[0] for row in fetch(cursor, _STOP))
        shell.call("figures.preview.preview_each", ids=ids[:WARM_UP])
        for _round in range(stage.sizes.rounds):
            took = shell.call(
                "figures.preview.preview_each", ids=ids[: stage.sizes.previews]
            )
            one.add(
                quantiles(took, n=20, method="inclusive")[-1],
                median_s=median(took),
                max_s=max(took),
            )
            [all_of_them] = shell.call("figures.preview.preview_each", ids=[ids])
            many.add(all_of_them, each_ms=all_of_them / MANY * 1000)
        cursor.execute(_SEND_BACK, [ids])
        shell.call("stage.shell.drain", source_id=stage.sources[ENTITY]["id"])
        inbox.check_done(cursor)
    many.detail["events"] = MANY
    return [one, many]


def preview_each(env, ids):
    """Preview events, or lists of them, one after the other, each as a call of the web
    client does. Runs inside the shell.

    :return: how many seconds each took.
    """
    took = []
    for chosen in ids:
        with transaction(env) as own:
            events = own["saas.subscription.event"].browse(chosen)
            began = time.perf_counter()
            result = own["saas.preview"]._preview(events)
            own["saas.preview.page"]._render(result)
            took.append(time.perf_counter() - began)
    return took
