"""How fast a drain is while an operation on many events of another source runs beside
it, over how fast it is alone.

The operation is a retry, chunk after chunk without a pause, which is more than the job
runner does; when it ends, the next begins.
"""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dev.console import Trouble

from ..figure import Figure
from ..stage import inbox
from ..stage.people import create_person
from ..stage.shell import transaction

ENTITY, OTHER = "eu", "us"
WARM_UP = 20
_LOGIN = "bench_operation"
#: Events that wait for a person.
FILL = """
    INSERT INTO saas_subscription_event
           (source_id, company_id, external_id, event_type, body, body_hash, state,
            reason, attempts, lane, occurred_at, received_at, create_date, write_date)
    SELECT %(source)s, %(company)s, 'evt_operation_' || n, 'customer.updated', '{}',
           encode(sha256('{}'), 'hex'), 'quarantined', 'posting_failed', 3,
           'realtime', now(), now(), now(), now()
      FROM generate_series(1, %(count)s) n"""
OWN = "evt_operation_%"
_STOP_AGAIN = """UPDATE saas_subscription_event
                    SET state = 'quarantined', reason = 'posting_failed'
                  WHERE external_id LIKE %s"""
_LEAVE = """UPDATE saas_subscription_event SET state = 'done', reason = NULL
             WHERE external_id LIKE %s"""


def measure(stage, shell, other_shell):
    figure = Figure("operation_ratio")
    count, source = stage.sizes.orm_events, stage.sources[OTHER]
    with stage.connect() as cursor:
        cursor.execute(
            FILL,
            {
                "source": source["id"],
                "company": source["company_id"],
                "count": stage.sizes.operation_events,
            },
        )
        _drain(stage, shell, cursor, WARM_UP)
        chunks = 0
        for _round in range(stage.sizes.rounds):
            alone = _drain(stage, shell, cursor, count)
            with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
                flag = Path(folder, "over")
                acting = pool.submit(
                    other_shell.call,
                    "figures.operation.act",
                    company_id=source["company_id"],
                    flag=str(flag),
                )
                beside = _drain(stage, shell, cursor, count)
                flag.touch()
                chunks += acting.result()
            figure.add(alone / beside, alone_ms=alone / count * 1000)
        cursor.execute(_LEAVE, [OWN])
        inbox.check_done(cursor)
    if not chunks:
        raise Trouble("No operation ran beside the drains.")
    figure.detail["chunks"] = chunks
    return [figure]


def _drain(stage, shell, cursor, count):
    """Return how many seconds a backlog of invoices takes."""
    _bills, events = stage.bill(count, ENTITY)
    inbox.fill(cursor, events, stage.sources)
    return shell.call("stage.shell.drain", source_id=stage.sources[ENTITY]["id"])


def act(env, company_id, flag):
    """Act on the events until there is a file ``flag``. Runs inside the shell.

    :return: how many chunks were acted on.
    """
    user_id, chunks = _find_person(env, company_id), 0
    while True:
        operation_id = _start(env, user_id)
        running = True
        while running:
            if Path(flag).exists():
                with transaction(env) as own:
                    mine = own(user=user_id)["saas.operation"].browse(operation_id)
                    mine.action_cancel()
                return chunks
            with transaction(env) as own:
                operation = own["saas.operation"].browse(operation_id)
                operation._job_chunk(operation.step, user_id)
                running = operation.state == "running"
            chunks += 1


def _start(env, user_id):
    """Let a person start a retry of all the events; return its id."""
    with transaction(env) as own:
        own.cr.execute(_STOP_AGAIN, [OWN])
        form = own(user=user_id)["saas.operation.start"].create(
            {
                "kind": "retry",
                "reason": "The cause is mended.",
                "selection": f'[["external_id", "=like", "{OWN}"]]',
            }
        )
        return form.action_apply()["res_id"]


def _find_person(env, company_id):
    """Return the id of an operator of a company."""
    with transaction(env) as own:
        if user := own["res.users"].search([("login", "=", _LOGIN)]):
            return user.id
        company = own["res.company"].browse(company_id)
        return create_person(own, _LOGIN, company, "operator")
