"""A running Odoo with its job runner. Tests that need a real one use this too:
`with OdooServer(database_name) as odoo: urlopen(odoo.url + "/web/health")`.
"""

import os
import signal
import subprocess
import time

from .. import settings
from ..console import Trouble
from . import odoo_command, ports
from .process import tail


class OdooServer:
    """One Odoo on one database, on loopback, with its job runner.

    `database` must exist. Ports are free ones unless given. `workers` is Odoo's: 0 is
    one process with threads, 2 or more are processes. `channels` is the job runner's
    capacity; `root:0` runs no jobs. `options` are more arguments for Odoo, and
    `environment` more variables. `console` shows the log instead of writing it to
    `self.log`.
    """

    def __init__(
        self,
        database,
        *,
        http_port=None,
        gevent_port=None,
        workers=0,
        channels=odoo_command.CHANNELS,
        options=(),
        environment=None,
        console=False,
    ):
        self.database = database
        self.http_port = http_port or ports.free()
        self.gevent_port = gevent_port or ports.free()
        self.workers = workers
        self.channels = channels
        self.options = tuple(options)
        self.environment = environment or {}
        self.url = f"http://{ports.LOOPBACK}:{self.http_port}"
        self.log = settings.LOG / f"odoo-{database}-{self.http_port}.log"
        self._console = console
        self._process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *exception):
        self.stop()

    def start(self, timeout=90):
        """Start Odoo and wait until it answers; return self."""
        command = odoo_command.command(
            self.database,
            f"--db-filter=^{self.database}$",
            f"--http-port={self.http_port}",
            f"--gevent-port={self.gevent_port}",
            f"--workers={self.workers}",
            *self.options,
        )
        output = None if self._console else self.log.open("wb")
        self._process = subprocess.Popen(
            command,
            cwd=settings.LOCAL,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            # A Ctrl-C is ours to handle: Odoo gets one signal, from stop().
            start_new_session=True,
        )
        if output:
            output.close()
        self._pid_file.write_text(str(self._process.pid))
        try:
            self._wait(
                lambda: ports.answers(self.http_port, "/web/health"), timeout, "answer"
            )
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self, timeout=20):
        """Stop Odoo and its workers; does nothing when it is not running."""
        if self._process is None:
            return
        stop_group(self._process.pid, self._process, timeout)
        self._process = None
        self._pid_file.unlink(missing_ok=True)

    def kill(self):
        """End Odoo and its workers at once, as when the machine dies."""
        os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    @property
    def pid(self):
        """The id of Odoo's main process, which leads its group."""
        return self._process.pid

    def is_running(self):
        """Return whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def wait_for_job_runner(self, timeout=60):
        """Wait until the job runner takes jobs: it starts 5 s after Odoo."""
        ready = f"queue job runner ready for db {self.database}"
        self._wait(
            lambda: ready in self.log.read_text(), timeout, "start its job runner"
        )

    def _environment(self):
        job_runner = {
            "ODOO_QUEUE_JOB_SCHEME": "http",
            "ODOO_QUEUE_JOB_HOST": ports.LOOPBACK,
            "ODOO_QUEUE_JOB_PORT": str(self.http_port),
        }
        return odoo_command.environment(
            self.channels, **{**job_runner, **self.environment}
        )

    @property
    def _pid_file(self):
        return settings.RUN / f"odoo-{self.http_port}.pid"

    def _wait(self, condition, timeout, what):
        """Wait for a condition, giving up early when the process ends."""
        give_up = time.monotonic() + timeout
        while not condition():
            if not self.is_running():
                raise Trouble(f"Odoo ended by itself:{self._log_end()}")
            if time.monotonic() > give_up:
                raise Trouble(f"Odoo did not {what} in {timeout} s:{self._log_end()}")
            time.sleep(0.2)

    def _log_end(self):
        if self._console:
            return " see above."
        return f"\n{tail(self.log, 25)}\n    (from {self.log})"


def stop_group(pid, process=None, timeout=20):
    """Stop a server and its workers: politely first, then for good.

    In: the pid of the server, which leads its own session, and its `Popen` when it is
    our child, so that it is waited for.
    """
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        pass
    give_up = time.monotonic() + timeout
    while _is_alive(pid, process) and time.monotonic() < give_up:
        time.sleep(0.1)
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    if process is not None:
        process.wait()


def _is_alive(pid, process):
    if process is not None:
        return process.poll() is None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
