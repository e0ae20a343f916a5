"""Sends events as Stripe does: whatever is not answered for good, it sends again."""

import itertools
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from ..demo.send import COME_BACK, Sender

#: Stripe goes on for three days; here a day is a minute.
PATIENCE = 240
LONGEST_PAUSE = 2
#: An answer that takes longer counts as none, and the event is sent again.
TIMEOUT = 20


class Tap:
    """Lets requests flow: some, all, or none for the moment."""

    def __init__(self):
        self._drops = threading.Semaphore(0)
        self._is_open = threading.Event()

    def let(self, count):
        """Let so many more through."""
        self._drops.release(count)

    def open(self):
        """Let all through that are still to come."""
        self._is_open.set()

    def wait(self):
        """Wait until one more may pass."""
        while not self._is_open.is_set():
            if self._drops.acquire(timeout=0.1):
                return


class PersistentSender(Sender):
    """Sends to several addresses in turn, until each request is answered for good.

    In: the nodes' addresses, what the set-up has left of the sources, how many
    connections it opens at once.
    """

    def __init__(self, urls, sources, connections=4):
        super().__init__(urls[0], sources)
        self.tap = Tap()
        #: How often each answer came, `no answer` for none.
        self.answers = Counter()
        self._urls = itertools.cycle(urls)
        self._connections = connections
        self._is_over = threading.Event()
        self._lock = threading.Lock()
        self._pool = self._sent = None

    def begin(self, planned):
        """Begin to send requests, as far as the tap lets them through."""
        self._pool = ThreadPoolExecutor(self._connections)
        self._sent = [self._pool.submit(self._send, request) for request in planned]

    def finish(self):
        """Send what is left; return the answers' status codes, 0 for none."""
        self.tap.open()
        return [sent.result() for sent in self._sent]

    def stop(self):
        """Give up."""
        self._is_over.set()
        self.tap.open()
        self._pool.shutdown(cancel_futures=True)

    def count_answered(self):
        """Return how many requests are answered for good."""
        return sum(sent.done() for sent in self._sent)

    def _send(self, request):
        self.tap.wait()
        give_up = time.monotonic() + PATIENCE
        pause = 0.1
        while not self._is_over.is_set():
            status = self._try(request)
            # Stripe takes nothing but a 2xx for good. An Odoo that has just lost its
            # database, say, answers 404.
            if status == 200 or (request.forgery and status not in (0, *COME_BACK)):
                return status
            if time.monotonic() > give_up:
                return status
            self._is_over.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        return 0

    def _try(self, request):
        status = super()._try(request)
        with self._lock:
            self.answers[status or "no answer"] += 1
        return status

    def _get_address(self, request):
        with self._lock:
            self.url = next(self._urls)
            return super()._get_address(request)
