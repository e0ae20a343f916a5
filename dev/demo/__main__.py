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
from .books import report
from .filling import StripeAccounts, connect
from .progress import Progress
from .send import Sender
from .story import month


def main(arguments=None):
    """Send the month, wait, and report; return the exit code."""
    options = _read_options(arguments)
    try:
        access = files.read(files.ACCESS)
    except FileNotFoundError:
        raise Trouble(
            "The database was not prepared.", "Run the whole of it: make demo"
        ) from None
    accounts = month.tell(has_api=True)
    planned = delivery.plan(accounts)
    api = Api(options.url, access["api_key"])
    with step("giving Stripe its objects, and Odoo the keys to read them"):
        sources = connect(
            api, options.stripe, StripeAccounts(options.stripe).fill(accounts)
        )
    began = time.monotonic()
    sender = Sender(options.url, access["sources"])
    with Progress("sending the month", len(planned)) as bar:
        answers = sender.send_all(planned, bar.advance)
    events = sum(len(account.events) for account in accounts)
    with Progress("booking it", events) as bar:
        left = api.wait_until_processed(bar.reach)
    movements = sum(len(account.balance.movements) for account in accounts)
    with Progress("reading the balance", movements) as bar:
        left += reconcile.read_balance(api, sources, bar.reach)
    seconds = time.monotonic() - began
    with Progress("comparing both sides", 100 * len(sources)) as bar:
        compared = reconcile.compare(api, sources, bar.reach)
    if left:
        say(f"{left} events are still not processed; the report shows them.")
    with step("reading the books"):
        books = _read_books(options.db)
    ties_out = report.print_report(accounts, planned, answers, books, compared, seconds)
    report.print_verdict(ties_out, options.url, settings.switched_on("KEEP"))
    return 0 if ties_out else 1


def _read_options(arguments):
    parser = argparse.ArgumentParser(prog="dev.demo", description=__doc__)
    parser.add_argument("--url", required=True, help="the server, on this machine")
    parser.add_argument("--db", required=True, help="its database")
    parser.add_argument("--stripe", required=True, help="what stands for Stripe's API")
    return parser.parse_args(arguments)


def _read_books(db):
    """Return what the database says, read in an Odoo shell of its own."""
    files.BOOKS.unlink(missing_ok=True)
    odoo_command.run_script(db, files.HERE / "read_db.py", log="demo-books")
    return files.read(files.BOOKS)


if __name__ == "__main__":
    exit_with(main)
