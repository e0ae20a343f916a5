"""A counterpart of Stripe's API on this machine: `python counterpart.py PORT`.

It is the one that the tests use, told which key is whose account's, as Stripe knows.
"""

import importlib.util
import sys
from pathlib import Path

_PATH = Path(__file__).parents[2] / "tests" / "stripe_api.py"
#: Loaded by its path: its package would load all tests.
_spec = importlib.util.spec_from_file_location("saas_stripe_api", _PATH)
stripe_api = importlib.util.module_from_spec(_spec)
# A dataclass asks for its module by name.
sys.modules[_spec.name] = stripe_api
_spec.loader.exec_module(stripe_api)


class Accounts(stripe_api.StripeApi):
    """Several accounts behind one address. A key ends with its account's name."""

    def answer(self, call):
        """Return what a request is answered with, out of its key's account."""
        key = self._check_key(call)
        call.headers.setdefault("stripe-account", key.rpartition("_")[2])
        return super().answer(call)


if __name__ == "__main__":
    Accounts(int(sys.argv[1])).serve_forever()
