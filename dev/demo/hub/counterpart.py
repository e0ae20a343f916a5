"""GoCardless' API on this machine, with the accounts of two companies in it:
`counterpart.py PORT`. Each has a token of its own. Of the one whose story is played
while Odoo runs, things are ordered to happen.
"""

import json
import sys
from pathlib import Path

# As a program it is in no package.
sys.path.insert(0, str(Path(__file__).parents[3]))

from dev.demo.billed import gocardless_side
from dev.demo.hub import story
from dev.make_believe.gocardless.api import GoCardlessApi

#: Whoever starts this asks here whether it has started.
ALIVE = "/_alive"
#: What happens at the second account: a moment, and orders.
PLAY = "/_play"


class Counterpart(GoCardlessApi):
    """The API of two accounts that also says, without a token, that it is there."""

    def __init__(self, port):
        super().__init__(story.tell().account, port)
        self.own = self.account
        self.played, _ids = gocardless_side.open_account()
        self.tokens.add(gocardless_side.TOKEN)

    def answer(self, call):
        """Return what a request is answered with: status and body."""
        if call.path == ALIVE:
            return 200, {}
        with self._lock:
            if call.path == PLAY:
                moment, orders = json.loads(call.body)
                gocardless_side.play(self.played, moment, orders)
                return 200, {}
            token = call.headers.get("authorization", "")
            is_played = token.endswith(gocardless_side.TOKEN)
            self.account = self.played if is_played else self.own
            return super().answer(call)


if __name__ == "__main__":
    Counterpart(int(sys.argv[1])).serve_forever()
