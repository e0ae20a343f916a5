"""Which processes do what: found by what they themselves say in the database."""

import os
import signal

import psutil

#: What queue_job's runner holds while it is the one that runs the jobs.
RUNNER_LOCK = 2293787760715711918

_WORKING = """
    SELECT uuid, worker_pid FROM queue_job
     WHERE state = 'started' AND method_name = %s AND worker_pid IS NOT NULL
  ORDER BY date_started DESC"""

_BACKENDS = """
    SELECT pid, client_port FROM pg_stat_activity
     WHERE datname = current_database() AND xact_start IS NOT NULL
  ORDER BY xact_start"""

_RUNNER = """
    SELECT client_port FROM pg_stat_activity JOIN pg_locks USING (pid)
     WHERE locktype = 'advisory' AND granted AND objsubid = 1
       AND (classid::bigint << 32) | objid::bigint = %s
       AND datname = current_database()"""


def find_drains(stage):
    """Return (uuid, process id) of jobs that drain now, in workers that are alive."""
    return find_jobs(stage, "_job_drain")


def find_jobs(stage, method):
    """Return (uuid, process id) of jobs that run a method now, in workers that are
    alive.
    """
    alive = {child.pid for node in stage.running() for child in _workers(node)}
    return [(uuid, pid) for uuid, pid in stage.sql(_WORKING, method) if pid in alive]


def find_node(stage, pid):
    """Return the node that a worker belongs to; None if it is gone."""
    for node in stage.running():
        if pid in {child.pid for child in _workers(node)}:
            return node
    return None


def find_backends(stage, pid):
    """Return the processes of PostgreSQL that work in a transaction of a worker."""
    try:
        ports = _local_ports(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return []
    return [backend for backend, port in stage.sql(_BACKENDS) if port in ports]


def find_runner(stage):
    """Return the process of the active job runner, and its node; None if there is
    none.
    """
    for (port,) in stage.sql(_RUNNER, RUNNER_LOCK):
        for node in stage.running():
            for process in [psutil.Process(node.pid), *_workers(node)]:
                if port in _local_ports(process):
                    return process, node
    return None


def kill(pid):
    """End a process as the kernel does when memory is short; return whether there was
    one.
    """
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _workers(node):
    """Return a node's processes, less those that are dead and not yet buried."""
    try:
        return [
            process
            for process in psutil.Process(node.pid).children(recursive=True)
            if process.status() != psutil.STATUS_ZOMBIE
        ]
    except psutil.NoSuchProcess:
        return []


def _local_ports(process):
    try:
        return {link.laddr.port for link in process.connections("tcp") if link.laddr}
    except psutil.Error:
        return set()
