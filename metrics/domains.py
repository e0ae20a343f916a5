"""What each figure counts, as domains: the list that a tile opens shows the very rows
that the tile has counted.
"""

from datetime import timedelta

from odoo.tools import SQL

from ..canonical.reasons import OPEN_STATES, STOPPED_STATES, Reason, State

#: How far back what is measured over a week goes.
WEEK = timedelta(days=7)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

#: Ages of what is open, each with how many days it is due: at least, and at most.
AGES = {
    "not_due": (None, 0),
    "1-30": (1, 30),
    "31-60": (31, 60),
    "61-90": (61, 90),
    "over_90": (91, None),
}

#: Since when an event that waits is due: since it was received, since somebody sent it
#: back to the inbox, or since its next try. What waited for a person for a week is not
#: late because it is processed today.
DUE_SINCE = SQL("GREATEST(event.received_at, event.write_date, event.retry_at)")
WAITING = [("state", "=", State.RECEIVED.value)]
RETRYING = [*WAITING, ("attempts", ">", 0)]
OPEN = [
    ("state", "in", [state.value for state in OPEN_STATES]),
    # What is only observed waits for nobody.
    ("reason", "!=", Reason.OBSERVED.value),
]
FAILING = [("state", "in", [state.value for state in STOPPED_STATES])]
UNPROVED = [("state", "=", "paid"), ("proof_state", "in", ["no_data", "not_proved"])]
_OPEN_RECEIVABLE = [
    ("parent_state", "=", "posted"),
    ("account_id.account_type", "=", "asset_receivable"),
    ("reconciled", "=", False),
]
UNMATCHED = [
    *_OPEN_RECEIVABLE,
    ("payment_id.saas_source_id", "!=", False),
    ("payment_id.payment_type", "=", "inbound"),
]
RECEIVABLES = [
    *_OPEN_RECEIVABLE,
    ("move_id.saas_source_id", "!=", False),
    ("move_id.move_type", "=", "out_invoice"),
]
JOBS = [
    ("channel", "=like", "root.saas%"),
    ("state", "not in", ["done", "cancelled"]),
]


def by_age(age, today):
    """Return the domain of open receivables of one age, as seen on a day."""
    least, most = AGES[age]
    terms = list(RECEIVABLES)
    if least is not None:
        terms.append(("date_maturity", "<=", today - timedelta(days=least)))
    if most is not None:
        terms.append(("date_maturity", ">=", today - timedelta(days=most)))
    return terms


def by_lane(lane):
    """Return the terms for events of a lane: what has none is in the fast one."""
    operator = "=" if lane == "batch" else "!="
    return [("lane", operator, "batch")]
