"""Requests to the counterpart of Stripe's API, and what goes wrong with them."""

import re
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from .api_lists import Refusal


@dataclass
class Fault:
    """What goes wrong with the next requests whose path matches ``path``.

    ``method``: of these requests only, such as POST; ``status``: such as 429, 500 or
    503; ``cut``: the connection ends after so many bytes of the answer's body;
    ``delay``: the answer comes after so many seconds. The first ``skip`` requests that
    match pass.

    ``is_done``: a request that writes has done its work before all that: else nothing
    was done by one that gets a ``status``.
    """

    path: str = ""
    times: int = 1
    skip: int = 0
    method: str = ""
    status: int = 0
    headers: dict = field(default_factory=dict)
    cut: int | None = None
    delay: float = 0
    is_done: bool = False

    def fits(self, method, path):
        """Return whether a request is one of those that go wrong."""
        return self.method in ("", method) and re.search(self.path, path)

    def refuse(self):
        """Wait, and refuse if that was ordered.

        :raises Refusal: with the status.
        """
        time.sleep(self.delay)
        if self.status:
            raise Refusal(self.status, "Ordered.", type="api_error")


@dataclass
class Call:
    """A request as it arrived; header names in lower case."""

    path: str
    params: list
    headers: dict
    status: int = 0
    method: str = "GET"

    def get(self, name):
        """Return a parameter's value, or None."""
        return dict(self.params).get(name)

    def read_tree(self):
        """Return the parameters as Stripe nests them: ``metadata[order]=7`` is a dict,
        and ``line_items[0][quantity]=1`` is a dict by the places in a list.
        """
        tree = {}
        for name, value in self.params:
            *path, last = re.findall(r"\w+", name)
            inner = tree
            for key in path:
                inner = inner.setdefault(key, {})
            inner[last] = value
        return tree


def read_call(method, path, text, headers):
    """Return a request as a :class:`Call`; ``text`` has its parameters."""
    names = {name.lower(): value for name, value in headers.items()}
    values = parse_qsl(text, keep_blank_values=True)
    return Call(path, values, names, method=method)
