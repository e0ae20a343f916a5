"""A counterpart of Stripe's API on this machine: `python counterpart.py PORT`.

It is the one that the tests use, told which key is whose account's, as Stripe knows.
"""

import sys
from pathlib import Path

# As a program it is in no package.
sys.path.insert(0, str(Path(__file__).parents[2]))

from dev.make_believe.stripe.api import StripeApi


class Accounts(StripeApi):
    """Several accounts behind one address. A key ends with its account's name."""

    def answer(self, call):
        """Return what a request is answered with, out of its key's account."""
        self._enter(call)
        return super().answer(call)

    def answer_post(self, call, fault=None):
        """Do what a request asks for, in its key's account."""
        self._enter(call)
        return super().answer_post(call, fault)

    def _enter(self, call):
        key = self._check_key(call)
        call.headers.setdefault("stripe-account", key.rpartition("_")[2])


if __name__ == "__main__":
    Accounts(int(sys.argv[1])).serve_forever()
