"""What is killed in each round, while tenants are billed."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg2

from ...console import Trouble
from .. import processes
from ..round import Round

#: A kill is tried for so many seconds: a dead job is found after ten.
PATIENCE = 150


def nothing(stage, _times):
    """Break nothing, and begin once: what the other round is compared with."""
    stage.begin(by_hand=1)
    _wait_for_begin(stage)
    return ""


def kill_anything(stage, times):
    """Begin three times at once; then kill, with SIGKILL and at random moments, workers
    that bill, nodes on which they do, and what works for them in PostgreSQL. Each time
    everybody begins once more, and what is done is done again.
    """
    stage.begin()
    _wait_for_begin(stage)
    kinds = [name for _turn in range(times) for name in KILLS][:times]
    stage.draw.shuffle(kinds)
    with ThreadPoolExecutor(1) as people:
        for number, kind in enumerate(kinds):
            _kill(stage, KILLS[kind], times - number)
            # Meanwhile it goes on.
            people.submit(stage.begin)
            people.submit(stage.push)
    stage.settle()
    stage.begin()
    counts = ", ".join(f"{kinds.count(name)} {name}" for name in KILLS)
    return (
        f"{counts} killed, Odoo ended {stage.restarts} times; "
        f"asked for {stage.begun + stage.refused} times, {stage.refused} refused"
    )


def _wait_for_begin(stage):
    query = "SELECT COUNT(*) FROM saas_billing_item"
    stage.wait(lambda: stage.sql(query)[0][0], "a billing run")


def _kill(stage, kill, left):
    """Kill something that bills, at a random moment of a chunk that is some chunks on.
    One that was quicker than we is done; where no more may be, what has just begun is
    killed at once.

    :param left: how many kills are still to come, this one among them.
    """
    chunks = stage.count_chunks_left()
    # So that the last one has some to kill, too, also if it misses.
    goal = chunks - stage.draw.randint(0, 2 * max(chunks - left, 0) // (left + 2))
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        stage.hurry()
        jobs = processes.find_jobs(stage, "_job_chunk")
        chunks = stage.count_chunks_left()
        if not jobs or chunks > goal:
            time.sleep(0.02)
            continue
        job = stage.draw.choice(jobs)
        if chunks > left:
            time.sleep(stage.draw.uniform(0, stage.get_time()))
        if job in processes.find_jobs(stage, "_job_chunk") and kill(stage, job[1]):
            return
    raise Trouble(f"nothing bills any more, and {left} kills were still to come")


def _kill_worker(_stage, pid):
    return processes.kill(pid)


def _kill_node(stage, pid):
    node = processes.find_node(stage, pid)
    if not node:
        return False
    stage.kill(node)
    stage.start(node)
    return True


def _kill_backend(stage, pid):
    """Kill what works for a job in PostgreSQL, which ends all others then, and recovers
    as after a crash.
    """
    backends = processes.find_backends(stage, pid)
    if not backends:
        return False
    os.kill(backends[0], signal.SIGKILL)
    give_up = time.monotonic() + PATIENCE
    while True:
        # It notices a moment later.
        time.sleep(0.3)
        try:
            stage.sql("SELECT 1")
            return True
        except psycopg2.OperationalError:
            if time.monotonic() > give_up:
                raise


KILLS = {
    "workers": _kill_worker,
    "nodes": _kill_node,
    "backends": _kill_backend,
}
ROUNDS = (
    Round("billing, undisturbed", nothing),
    Round("billing, killed at random", kill_anything, 20, 3, {"pause": 0.7}),
)
