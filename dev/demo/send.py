"""Sends the requests as Stripe does: signed, on several connections at once, and again
if the server asks for it. To this machine only.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import requests
from stripe import WebhookSignature

from ..console import Trouble

CONNECTIONS = 4
TRIES = 6
TIMEOUT = 30
LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: What a sender that means well tries again.
COME_BACK = (429, 500, 502, 503, 504)


def post(url, source, requests_made):
    """Send requests that are signed already, one after the other.

    In: the server's address, what the set-up says of a source, and pairs of a body and
    its headers.

    :raises Trouble: if one is not taken.
    """
    address = f"{url}/saas/webhook/{source['token']}"
    for body, headers in requests_made:
        answer = requests.post(address, body, headers=headers, timeout=TIMEOUT)
        if not answer.ok:
            raise Trouble(f"A request was answered with {answer.status_code}.")


class Sender:
    """Signs and sends requests to the webhooks of a server.

    In: the server's address, and for each entity the address' token and the secrets,
    as the set-up has left them.
    """

    def __init__(self, url, sources):
        if urlsplit(url).hostname not in LOOPBACK:
            raise Trouble(
                f"{url} is not this machine.", "The demonstration sends nowhere else."
            )
        self.url = url
        self.sources = sources
        self._local = threading.local()

    def send_all(self, planned, progress):
        """Send requests about in the order given; return the answers' status codes.

        In: the requests, and a function that is told each time one is answered.
        """

        def send(request):
            status = self._send(request)
            progress()
            return status

        pool = ThreadPoolExecutor(CONNECTIONS)
        try:
            return list(pool.map(send, planned))
        finally:
            # Interrupted, it does not send the rest first.
            pool.shutdown(cancel_futures=True)

    def _send(self, request):
        """Send a request until it is answered for good; return the status code, or 0
        if there was no answer.
        """
        status = 0
        for attempt in range(TRIES):
            if attempt:
                time.sleep(0.2 * 2**attempt)
            if answered := self._try(request):
                status = answered
                if status not in COME_BACK:
                    break
        return status

    def _try(self, request):
        """Send a request once; return the status code, or 0 if there was no answer."""
        try:
            # Signed anew each time, as by Stripe: its time must be recent.
            answer = self._get_session().post(
                self._get_address(request),
                data=request.body,
                headers=self._sign(request),
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException:
            return 0
        return answer.status_code

    def _get_session(self):
        """Return this thread's own connection."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            # No proxy and no .netrc of the user's: this stays on the machine.
            self._local.session.trust_env = False
        return self._local.session

    def _get_address(self, request):
        source = self.sources.get(request.entity)
        token = source["token"] if source else "no-such-token"
        return f"{self.url}/saas/webhook/{token}"

    def _sign(self, request):
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if request.secret == "none":
            return headers
        signed = request.signed_body or request.body
        headers["Stripe-Signature"] = WebhookSignature.generate_signature_header(
            signed.decode(), self._get_secret(request), int(time.time()) + request.skew
        )
        return headers

    def _get_secret(self, request):
        if request.secret in self.sources:
            return self.sources[request.secret]["current"]
        known = self.sources.get(request.entity, {})
        return known.get(request.secret, "whsec_of_a_stranger")
