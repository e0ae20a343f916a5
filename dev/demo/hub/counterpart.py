"""GoCardless' API on this machine, with the month in it: `counterpart.py PORT`."""

import sys
from pathlib import Path

# As a program it is in no package.
sys.path.insert(0, str(Path(__file__).parents[3]))

from dev.demo.hub import story
from dev.make_believe.gocardless.api import GoCardlessApi

#: Whoever starts this asks here whether it has started.
ALIVE = "/_alive"


class Counterpart(GoCardlessApi):
    """The API of one account that also says, without a token, that it is there."""

    def answer(self, call):
        """Return what a request is answered with: status and body."""
        return (200, {}) if call.path == ALIVE else super().answer(call)


if __name__ == "__main__":
    Counterpart(story.tell().account, port=int(sys.argv[1])).serve_forever()
