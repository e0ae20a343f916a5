"""Work inside an Odoo of its own: functions of this package, called in `odoo shell`."""

import importlib
import os
import subprocess
import time
from contextlib import contextmanager
from itertools import count
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from dev import settings
from dev.console import Trouble
from dev.machine import odoo_command
from dev.machine.process import tail

from . import inbox

_VARIABLE = "SAAS_BENCH_PIPE"
_numbers = count(1)
_SCRIPT = b"from bench.stage import shell; shell.serve(env)"


class Shell:
    """A process with an Odoo on one database; `call` runs a function in it.

    with Shell("bench_main") as shell:
        seconds = shell.call("stage.shell.drain", source_id=1)
    """

    def __init__(self, database, *folders):
        """In: the database, and folders with further addons."""
        self.database = database
        self._paths = [settings.ROOT, *folders]
        number = next(_numbers)
        self.log = settings.LOG / f"bench-shell-{number}-{database}.log"
        self._pipe = self._process = None

    def __enter__(self):
        self._pipe, theirs = Pipe()
        environment = odoo_command.environment(
            PYTHONPATH=os.pathsep.join(map(str, self._paths)),
            **{_VARIABLE: str(theirs.fileno())},
        )
        with self.log.open("wb") as output:
            self._process = subprocess.Popen(
                odoo_command.command(self.database, "--no-http", subcommand="shell"),
                cwd=settings.LOCAL,
                env=environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        theirs.close()
        self._process.stdin.write(_SCRIPT)
        self._process.stdin.close()
        return self

    def __exit__(self, *_exception):
        # It ends when nobody can call it any more.
        self._pipe.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def call(self, function, **arguments):
        """Return what ``function`` ("module.name" of this package) returns; it gets
        the shell's `env` first.
        """
        try:
            self._pipe.send((function, arguments))
            return self._pipe.recv()
        except (EOFError, OSError):
            raise Trouble(
                f"{function} failed:\n{tail(self.log, 25)}", f"See {self.log}."
            ) from None


def serve(env):
    """Do what is called for until nobody can call. Runs inside the shell."""
    pipe = Connection(int(os.environ[_VARIABLE]))
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        module, _dot, name = function.rpartition(".")
        called = getattr(importlib.import_module(f"bench.{module}"), name)
        pipe.send(called(env, **arguments))
        env.cr.rollback()


@contextmanager
def transaction(env):
    """Yield an environment on a new cursor, as each job gets one; it commits."""
    with env.registry.cursor() as cr:
        yield env(cr=cr)


def drain(env, source_id, limit=None):
    """Process what waits in a source's inbox batch by batch, each in a transaction of
    its own, as a worker does.

    :param limit: stop after so many events, rounded up to whole batches.
    :return: how many seconds it took.
    """
    left = float("inf") if limit is None else limit
    began = time.perf_counter()
    while left > 0 and _has_due_events(env, source_id):
        with transaction(env) as job_env:
            job_env["saas.source"].browse(source_id)._job_drain()
        left -= env["saas.drain"]._batch_size
    return time.perf_counter() - began


def drain_and_forget(env, source_id):
    """Process all that waits, and roll it back. Runs inside the shell.

    :return: how many seconds the processing took.
    """
    with env.registry.cursor() as cr:
        try:
            source = env(cr=cr)["saas.source"].browse(source_id)
            began = time.perf_counter()
            while source._has_due_events():
                source._job_drain()
                source.env.flush_all()
                source.env.invalidate_all()
            took = time.perf_counter() - began
            inbox.check_done(cr)
            return took
        finally:
            cr.rollback()


def _has_due_events(env, source_id):
    with transaction(env) as job_env:
        return job_env["saas.source"].browse(source_id)._has_due_events()
