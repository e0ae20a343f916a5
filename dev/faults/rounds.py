"""What is broken in each round, while events flow.

A fault is a function of the stage, the requests and how often to do it; it returns
what it did, in a few words. Afterwards all is whole again: what was stopped runs.
"""

import os
import signal
import time

from ..console import Trouble
from . import processes
from .locks import hold_locks
from .round import Round
from .stage import KILLER

#: How long something is away.
AWAY = 8
#: The events are sent in so many parts for each worker to kill: it may be quicker.
TRIES = 3


def nothing(_stage, _planned, _times):
    """Break nothing: what the other rounds are compared with."""
    return ""


def kill_workers(stage, planned, times):
    """Kill a worker in mid-drain, with SIGKILL, so many times at random moments."""
    killed = tries = 0
    while killed < times:
        if tries <= TRIES * times:
            stage.sender.tap.let(len(planned) // (TRIES * times))
        tries += 1
        uuid, pid = stage.draw.choice(_wait_for_drains(stage))
        time.sleep(_draw_moment(stage))
        # Unless it was quicker than we.
        if (uuid, pid) in processes.find_drains(stage):
            killed += processes.kill(pid)
    return f"{killed} workers killed"


def stop_postgres(stage, planned, times):
    """Stop PostgreSQL as if its machine had died, in mid-drain, and start it again."""
    for _turn in range(times):
        stage.sender.tap.let(len(planned) // (times + 1))
        _wait_for_drains(stage)
        time.sleep(_draw_moment(stage))
        stage.postgres.stop("immediate")
        time.sleep(stage.draw.uniform(0, 4))
        stage.postgres.start()
        time.sleep(stage.draw.uniform(0, 6))
    return f"stopped {times} times, Odoo ended {stage.restarts} times"


def stop_runner(stage, planned, times):
    """Freeze the job runner for some seconds, and kill it in the end."""
    for _turn in range(times):
        process, _node = _find_runner(stage)
        os.kill(process.pid, signal.SIGSTOP)
        stage.let(1 / (times + 1), planned)
        time.sleep(AWAY)
        os.kill(process.pid, signal.SIGCONT)
        time.sleep(stage.draw.uniform(0, 2))
        processes.kill(process.pid)
    return f"frozen for {AWAY} s and killed, {times} times"


def fail_over(stage, planned, times):
    """Of two nodes, kill the one whose runner runs the jobs; the other takes over."""
    for _turn in range(times):
        process, node = _find_runner(stage)
        stage.sender.tap.let(len(planned) // (times + 1))
        _wait_for_drains(stage)
        time.sleep(_draw_moment(stage))
        stage.kill(node)
        other, _node = _find_runner(stage)
        _check(other.pid != process.pid, "the dead job runner is still the active one")
        stage.start(node)
    return f"the active one killed {times} times"


def deploy(stage, planned, times):
    """Behind nginx, stop one node after the other and start it again."""
    for node in stage.running()[:times]:
        stage.sender.tap.let(len(planned) // (times + 1))
        time.sleep(1)
        stage.stop(node)
        time.sleep(1)
        stage.start(node)
    stage.sender.finish()
    had = stage.nginx.count_requests()
    _check(all(had), f"requests of the nodes: {had}")
    return f"{had[0]} and {had[1]} requests, {times} nodes restarted"


def lock_rows(stage, planned, times):
    """Lock rows that a drain needs, from another session, for some seconds."""
    stage.sender.tap.let(len(planned) // 4)
    held = []
    for _turn in range(times):
        stage.sender.tap.let(len(planned) // times)
        held.append(hold_locks(stage))
    return f"{times} locks on {len(set(held))} tables"


def fill_pool(stage, planned, _times):
    """Send on more connections than Odoo may open to its database."""
    stage.sender.tap.open()
    stage.sender.finish()
    return _count_refusals(stage)


def flood(stage, planned, _times):
    """Send more than may wait, with the job runner frozen."""
    process, _node = _find_runner(stage)
    os.kill(process.pid, signal.SIGSTOP)
    stage.sender.tap.open()
    time.sleep(AWAY)
    waiting = _count_waiting(stage)
    os.kill(process.pid, signal.SIGCONT)
    stage.sender.finish()
    most = 2 * (stage.max_backlog + stage.connections)
    _check(waiting <= most, f"{waiting} events wait, {most} may")
    return _count_refusals(stage)


def poison(stage, planned, times):
    """Send an event that kills its worker each time. It is set aside, the others are
    done; then the cause is fixed, and a person retries it.
    """
    stage.sql("UPDATE saas_source SET max_attempts = %s", times)
    poisonous = stage.draw.choice([r for r in planned if not r.forgery]).event_id
    KILLER.write_text(poisonous)
    stage.sender.tap.open()
    query = (
        "SELECT id, state, attempts FROM saas_subscription_event WHERE external_id = %s"
    )

    def find():
        found = stage.sql(query, poisonous)
        return found if found and found[0][1] == "dead" else None

    [(event_id, _state, deaths)] = stage.wait(find, "to be given up", 300)
    KILLER.unlink()
    stage.call("saas.subscription.event", "action_retry", ids=[event_id])
    return f"{deaths} workers killed by one event, which was then retried"


def _count_refusals(stage):
    refused = {
        answer: count
        for answer, count in stage.sender.answers.items()
        if answer == "no answer" or answer == 429 or answer >= 500
    }
    _check(refused, "nothing was refused: this has shown nothing")
    return ", ".join(f"{count} × {answer}" for answer, count in refused.items())


def _check(is_so, otherwise):
    if not is_so:
        raise Trouble(otherwise)


def _find_runner(stage):
    """Wait for the active job runner; return its process and its node."""
    return stage.wait(lambda: processes.find_runner(stage), "a job runner")


def _wait_for_drains(stage):
    """Wait until something drains; return what does."""
    return stage.wait(lambda: processes.find_drains(stage), "a drain", 90)


def _draw_moment(stage):
    """Return when to break a drain that has just begun: in seconds, not after its end,
    judged by what waits.
    """
    waiting = min(_count_waiting(stage), 200)
    return stage.draw.random() ** 2 * (0.3 + 0.04 * waiting)


def _count_waiting(stage):
    [(count,)] = stage.sql(
        "SELECT COUNT(*) FROM saas_subscription_event WHERE state = 'received'"
    )
    return count


TWO = {"nodes": 2, "workers": 2}
SMALL_POOL = {"workers": 0, "options": ("--db_maxconn=4",), "connections": 24}
ROUNDS = (
    Round("undisturbed", nothing),
    Round("worker killed in mid-drain", kill_workers, 20, 4),
    Round("event that kills its worker", poison, 8, 0, {"with_killer": True}),
    Round("PostgreSQL stopped, immediate", stop_postgres, 3, 1),
    Round("job runner stopped", stop_runner, 2, 0),
    Round("two job runners", fail_over, 2, 0, TWO),
    Round("two nodes behind nginx", deploy, 2, 1, {**TWO, "with_nginx": True}),
    Round("rows locked", lock_rows, 12, 0),
    Round("connection pool full", fill_pool, 1, 0, SMALL_POOL),
    Round("more than may wait", flood, 1, 0, {"max_backlog": 20}),
)
