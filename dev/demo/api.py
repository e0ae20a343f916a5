"""Odoo's external API (JSON-2), as any other system would use it."""

import time

import requests

from ..console import Trouble

EVENT = "saas.subscription.event"
#: How often in a row nothing is to be left: events and jobs are counted one after the
#: other, and what one of them hands on to the other meanwhile is seen in neither.
LOOKS = 3
#: Jobs that read from gateways and have them collect, and so bring new events.
READING = [
    *("_job_fetch", "_job_fetch_list", "_job_pull_payout", "_job_pull_balance"),
    # What had differed is read again, and compared again.
    *("_job_reimport", "_job_recheck"),
    *("_job_decide", "_job_send", "_job_tell"),
]


class Api:
    """Calls public methods of models with an API key."""

    def __init__(self, url, key):
        self.url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = f"bearer {key}"

    def call(self, model, method, **arguments):
        """Return what a method returns; a refusal raises `Trouble`."""
        address = f"{self.url}/json/2/{model}/{method}"
        answer = self._session.post(address, json=arguments, timeout=60)
        if answer.status_code != 200:
            raise Trouble(
                f"Odoo's API refused {model}.{method}: "
                f"{answer.status_code} {answer.text[:200]}"
            )
        return answer.json()

    def count_events(self, *domain):
        return self.call(EVENT, "search_count", domain=list(domain))

    def _count_jobs(self):
        """Return how many jobs are to ask a gateway for something now."""
        domain = [
            ["state", "in", ["pending", "enqueued", "started"]],
            ["method_name", "in", READING],
        ]
        return self.call("queue.job", "search_count", domain=domain)

    def wait_until_processed(self, progress, *counted, patience=120, pause=0.5):
        """Wait until no event is left that the pipeline could go on with.

        In: a function that is told how many are through, a domain of the events that
        it counts, how many seconds to go on waiting while that number stays the same,
        and how many to pause between two looks. Out: how many are left.
        """
        last, since, looks = None, time.monotonic(), 0
        while True:
            left = self.count_events(("state", "=", "received")) + self._count_jobs()
            if left != last:
                last, since = left, time.monotonic()
            looks = 0 if left else looks + 1
            progress(self.count_events(*counted) - left)
            if looks == LOOKS or time.monotonic() - since > patience:
                return left
            time.sleep(pause)
