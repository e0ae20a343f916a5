"""Writes down all that the database says of the events. For an Odoo shell."""

import importlib.util
from collections import Counter
from decimal import Decimal

from odoo.addons.saas_billing_sync.dev.demo import files
from odoo.addons.saas_billing_sync.dev.demo.books import reader

#: Loaded by its path: its package would load all tests. Its name says what its own
#: imports are relative to.
_PATH = files.settings.ROOT / "tests" / "support" / "books.py"
_NAME = "odoo.addons.saas_billing_sync.tests.support.books"
_spec = importlib.util.spec_from_file_location(_NAME, _PATH)
lines = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(lines)

#: What events have booked: more than one row for a key, and it is booked twice.
POSTINGS = """
    SELECT saas_source_id || ' ' || move_type || ' ' || saas_external_id, COUNT(*)
      FROM account_move WHERE state = 'posted' AND saas_external_id IS NOT NULL
  GROUP BY 1
 UNION ALL
    SELECT saas_source_id || ' ' || payment_type || ' ' || saas_external_id, COUNT(*)
      FROM account_payment WHERE saas_external_id IS NOT NULL GROUP BY 1"""

STATES = """
    SELECT external_id, COUNT(*), MIN(state) FROM saas_subscription_event
     WHERE replay_of_id IS NULL GROUP BY source_id, external_id"""


def count_rows(source):
    """Yield each row of a source's books as text, and how often it is there."""
    states = lines.read_event_states(source)
    told = lines.read_books(source) | {"events": states.items()}
    told["partials"] = sum_partials(told["partials"])
    for what, rows in told.items():
        for row, count in Counter(rows).items():
            yield f"{source.name} {what}: {row!r}", count


def sum_partials(partials):
    """Return how much of each two entries is reconciled with each other, in whatever
    number of steps: what was paid before a credit note was voided is matched twice.
    """
    sums = Counter()
    for (*pair, amount), count in partials.items():
        sums[tuple(pair)] += count * Decimal(amount)
    return Counter((*pair, f"{total:.2f}") for pair, total in sums.items())


def read(env):
    env.cr.execute(POSTINGS)
    postings = dict(env.cr.fetchall())
    env.cr.execute(STATES)
    events = {event_id: rest for event_id, *rest in env.cr.fetchall()}
    rows = Counter()
    for source in env["saas.source"].search([]):
        inside = env(
            context={**env.context, "allowed_company_ids": source.company_id.ids}
        )
        rows.update(dict(count_rows(source.with_env(inside))))
    return {
        "books": reader.read(env),
        "rows": rows,
        "postings": postings,
        "events": events,
    }


files.write(files.BOOKS, read(env))  # noqa: F821
