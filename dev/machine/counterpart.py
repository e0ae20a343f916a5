"""Runs the counterpart of a system's API beside Odoo, as long as Odoo runs."""

import subprocess
import time

from .. import settings
from ..console import Trouble
from . import ports
from .process import tail

_DEMO = settings.ROOT / "dev" / "demo"
#: The program that stands for a system, and a path that it answers.
STRIPE = ("stripe", _DEMO / "counterpart.py", "/_calls")
GOCARDLESS = ("gocardless", _DEMO / "hub" / "counterpart.py", "/_alive")


class Counterpart:
    """One process on loopback: `with Counterpart(STRIPE) as api: use(api.url)`."""

    def __init__(self, system):
        self._system, self._script, self._path = system
        self.port = ports.free()
        self.url = f"http://{ports.LOOPBACK}:{self.port}"
        self._log = settings.LOG / f"{self._system}-api-{self.port}.log"
        self._process = None

    def __enter__(self):
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                [str(settings.PYTHON), str(self._script), str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A Ctrl-C is ours to handle.
                start_new_session=True,
            )
        self._pid_file.write_text(str(self._process.pid))
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exception):
        self._process.terminate()
        self._process.wait()
        self._pid_file.unlink(missing_ok=True)

    @property
    def _pid_file(self):
        return settings.RUN / f"{self._system}-api-{self.port}.pid"

    def _wait(self, timeout=20):
        give_up = time.monotonic() + timeout
        while not ports.answers(self.port, self._path):
            if self._process.poll() is not None or time.monotonic() > give_up:
                raise Trouble(f"{self._system} did not start:\n{tail(self._log)}")
            time.sleep(0.1)
