"""The door by which Odoo calls other systems over HTTP."""

import time
from urllib.parse import urljoin, urlsplit

import requests

from ...canonical.errors import read_retry_after

#: The time-out of a single request, in seconds: to connect, and between two bytes.
TIMEOUT = 30
#: What a system answers that wants fewer calls.
_TOO_MANY = (429, 503)


class Session(requests.Session):
    """A session of ``requests`` that calls one system with one credential.

    Each request, however a library makes it, takes its place in the credential's
    budget. What lets us in goes to the credential's own address alone, and redirects
    are not followed. A token that is refused is renewed once, and the request is made
    once more. When a system asks for fewer calls, all workers heed it. How long each
    took is counted.

    :param address: what relative addresses are relative to.
    :param take: a function that waits for a place in the budget and returns it.
    :param give_back: a function that gives it back.
    :param hold: a function that is told for how many seconds nobody may call.
    :param note: a function that is told how many seconds a call took, without the wait
        for its turn.
    :param authorise: a function that returns headers that let us in, or None. It takes
        the headers that were refused, or None.
    """

    def __init__(self, address, take, give_back, hold, note, authorise=None):
        super().__init__()
        self.headers["User-Agent"] = "saas_billing_sync"
        self.address = address
        self._take, self._give_back, self._hold = take, give_back, hold
        self._note = note
        self._authorise = authorise
        # Else a file of the server's user, ~/.netrc, could let somebody else in.
        self.auth = _leave

    def request(self, method, url, **kwargs):
        """Make a request as ``requests`` does, to an address or a path below it."""
        kwargs.setdefault("timeout", TIMEOUT)
        kwargs["allow_redirects"] = False
        if self.address and not urlsplit(url).scheme:
            url = urljoin(f"{self.address}/", url.lstrip("/"))
        return super().request(method, url, **kwargs)

    def send(self, request, **kwargs):
        """Send a prepared request, when it is its turn."""
        if not self._authorise or not self._is_ours(request.url):
            return self._send_once(request, **kwargs)
        headers = self._authorise(None)
        request.headers.update(headers)
        response = self._send_once(request, **kwargs)
        if response.status_code == 401:
            renewed = self._authorise(headers)
            if renewed != headers:
                response.close()
                request.headers.update(renewed)
                response = self._send_once(request, **kwargs)
        return response

    def _send_once(self, request, **kwargs):
        place = self._take()
        began = time.monotonic()
        try:
            response = requests.Session.send(self, request, **kwargs)
        finally:
            seconds = time.monotonic() - began
            self._give_back(place)
            self._note(seconds)
        if response.status_code in _TOO_MANY:
            seconds = read_retry_after(response.headers)
            if seconds:
                self._hold(seconds)
        return response

    def _is_ours(self, url):
        own, asked = urlsplit(self.address), urlsplit(url)
        return (own.scheme, own.netloc) == (asked.scheme, asked.netloc)


def _leave(request):
    return request
