"""Shows how far something has come: a bar on a terminal, a few lines elsewhere."""

import sys
import threading
import time

WIDTH = 30
STEPS = 4


class Progress:
    """Counts towards a total. `with Progress("sending", 400) as bar: bar.advance()`."""

    def __init__(self, what, total):
        self.what = what
        self.total = max(total, 1)
        self.done = 0
        self.seconds = 0.0
        self._shown = 0
        self._lock = threading.Lock()
        self._is_terminal = sys.stderr.isatty()

    def __enter__(self):
        self._began = time.monotonic()
        self._show()
        return self

    def __exit__(self, *exception):
        self.seconds = time.monotonic() - self._began
        if self._is_terminal:
            self._write(f"\r{self._line()}  {self.seconds:.0f} s\n")
        else:
            self._write(f"{self._line()}  {self.seconds:.0f} s\n")

    def advance(self):
        """Count one more."""
        with self._lock:
            self.done += 1
            self._show()

    def reach(self, done):
        """Say how many there are."""
        with self._lock:
            self.done = min(done, self.total)
            self._show()

    def _show(self):
        if self._is_terminal:
            self._write(f"\r{self._line()}")
            return
        step = self.done * STEPS // self.total
        if self._shown < step < STEPS:
            self._shown = step
            self._write(f"{self._line()}\n")

    def _line(self):
        if not self._is_terminal:
            return f"- {self.what}: {self.done} of {self.total}"
        filled = WIDTH * self.done // self.total
        bar = "█" * filled + "·" * (WIDTH - filled)
        return f"- {self.what:<22} {bar} {self.done}/{self.total}"

    def _write(self, text):
        sys.stderr.write(text)
        sys.stderr.flush()
