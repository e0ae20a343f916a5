"""The demonstration's client: `python -m dev.demo --url URL --db DB`.

The server runs already, on a database that `setup_db.py` has prepared. Exits with 0
only if every event ended as it was meant to, and every total ties out.
"""

import argparse
import time

from .. import settings
from ..console import Trouble, exit_with, say, step
from ..machine import odoo_command
from . import delivery, files, reconcile
from .api import Api
from .billed.act import Billed
from .billed.check import Check
from .books import report, screens
from .filling import StripeAccounts, connect
from .hub.act import Hub
from .people import resolve
from .progress import Progress
from .send import Sender
from .story import month, us_fates


def main(arguments=None):
    """Send the month, wait, and report; with KEEP=0 have two people resolve what waits
    for them, and report again. Return the exit code.
    """
    options = _read_options(arguments)
    try:
        access = files.read(files.ACCESS)
    except FileNotFoundError:
        raise Trouble(
            "The database was not prepared.", "Run the whole of it: make demo"
        ) from None
    stage = _Stage(options, access)
    ties_out = stage.play()
    keeps = settings.switched_on("KEEP")
    if not keeps:
        ties_out &= stage.resolve()
    ties_out &= stage.tell_of_billed()
    ties_out &= stage.tell_of_hub()
    report.print_verdict(ties_out, options.url, keeps)
    return 0 if ties_out else 1


class _Stage:
    """The month as it is sent, and what is seen of it in Odoo."""

    def __init__(self, options, access):
        self.options = options
        self.api = Api(options.url, access["api_key"])
        self.people = resolve.hire(options.url, options.db, access["api_keys"])
        self.sender = Sender(options.url, access["sources"])
        self.accounts = month.tell(has_api=True)
        self.planned = delivery.plan(self.accounts)
        self.later = delivery.plan_later(self.accounts)
        self.answers = []
        gateways = {"stripe": options.stripe, "gocardless": options.gocardless}
        own = access["billed"]
        self.billed = Billed(
            self.api, self.people.finance, options.url, own, **gateways
        )
        self.hub = Hub(self.api, options.url, access["hub"], options.gocardless)

    def play(self):
        """Send the month, and report; return whether all is as it is meant to be."""
        with step("giving Stripe its objects, and Odoo the keys to read them"):
            keys = StripeAccounts(self.options.stripe).fill(self.accounts)
            self.sources = connect(self.api, self.options.stripe, keys)
        began = time.monotonic()
        left = self._send() + self._read_balance()
        seconds = time.monotonic() - began
        if left:
            say(f"{left} events are still not processed; the report shows them.")
        requests = f"{len(self.answers)} requests in {seconds:.0f} s"
        return self._report(self.accounts, requests)

    def resolve(self):
        """Have two people resolve what waits for them, and report again; return whether
        nothing waits any more, and all is as it is meant to be.
        """
        say("\nTwo people go through the exceptions:")
        resolve.resolve(
            self.people, lambda: self.api.wait_until_processed(lambda _done: None)
        )
        accounts = month.tell(has_api=True, is_resolved=True)
        return self._report(accounts, "and nothing waits any more")

    def tell_of_billed(self):
        """Play the quarter of the company that bills in Odoo, and report; return
        whether all is as it is meant to be.
        """
        steps = self.billed.steps
        with Progress("billing the third company's quarter", steps) as bar:
            self.billed.play(bar.reach)
        return report.print_billed(Check(self.billed))

    def tell_of_hub(self):
        """Send the month of the company with two systems, and report; return whether
        all is as it is meant to be.
        """
        with Progress("sending and booking the fourth company's month", 100) as bar:
            self.hub.play(bar.reach)
        return report.print_hub(self.hub.check())

    def _send(self):
        """Send everything; return how many events are left unprocessed."""
        with Progress("sending the month", len(self.planned)) as bar:
            self.answers += self.sender.send_all(self.planned, bar.advance)
        events = sum(len(account.events) for account in self.accounts)
        with Progress("booking it", events - len(self.later)) as bar:
            self.api.wait_until_processed(bar.reach)
        with step("putting a contact on another account, and sending the rest"):
            resolve.move_receivable(self.people.finance, us_fates.MOVED)
            self.answers += self.sender.send_all(self.later, lambda: None)
            return self.api.wait_until_processed(lambda _done: None)

    def _read_balance(self):
        """Have the balance read; return how many events are left unprocessed."""
        movements = sum(len(account.balance.movements) for account in self.accounts)
        with Progress("reading the balance", movements) as bar:
            return reconcile.read_balance(self.api, self.sources, bar.reach)

    def _report(self, accounts, what):
        """Compare both sides and print the report; return whether all ties out."""
        with Progress("comparing both sides", 100 * len(self.sources)) as bar:
            compared = reconcile.compare(self.api, self.sources, bar.reach)
        with step("reading the books"):
            books = _read_books(self.options.db)
        seen = screens.read(self.people.finance)
        sent = [*self.planned, *self.later]
        return report.print_report(
            accounts, sent, self.answers, books, compared, seen, what
        )


def _read_options(arguments):
    parser = argparse.ArgumentParser(prog="dev.demo", description=__doc__)
    parser.add_argument("--url", required=True, help="the server, on this machine")
    parser.add_argument("--db", required=True, help="its database")
    parser.add_argument("--stripe", required=True, help="what stands for Stripe's API")
    parser.add_argument(
        "--gocardless", required=True, help="what stands for GoCardless' API"
    )
    return parser.parse_args(arguments)


def _read_books(db):
    """Return what the database says, read in an Odoo shell of its own."""
    files.BOOKS.unlink(missing_ok=True)
    odoo_command.run_script(db, files.HERE / "read_db.py", log="demo-books")
    return files.read(files.BOOKS)


if __name__ == "__main__":
    exit_with(main)
