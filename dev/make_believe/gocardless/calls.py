"""Requests to the counterpart of GoCardless' API, and what goes wrong with them."""

import re
from dataclasses import dataclass, field

from .refusal import Broken, Refusal


@dataclass
class Fault:
    """What goes wrong with the next requests whose path matches ``path``: ``status``,
    such as 429 or 500, with ``body`` as it is, or else an error in GoCardless' form.

    ``method``: of these requests only, such as POST; ``headers``: the answer has them,
    too; ``delay``: the answer comes after so many seconds; ``is_done``: the work was
    done before all that; ``status`` 0: the answer is then as it should be.
    """

    path: str = ""
    times: int = 1
    status: int = 500
    body: str = ""
    method: str = ""
    headers: dict = field(default_factory=dict)
    delay: float = 0
    is_done: bool = False

    def fits(self, call):
        """Return whether a request is one of those that go wrong."""
        is_meant = self.method in ("", call.method)
        return is_meant and re.search(self.path, call.path)

    def refuse(self):
        """Refuse, if that was ordered."""
        if self.body:
            raise Broken(self.status, self.body)
        if self.status:
            raise Refusal(self.status, "Ordered.", "gocardless")


@dataclass
class Call:
    """A request as it arrived; header names in lower case."""

    method: str
    path: str
    params: dict
    headers: dict = field(default_factory=dict)
    body: bytes = b""
    fault: Fault | None = None
