"""The closed list of figures: what each is called, counts, and is read from.

Screens, ``/saas/metrics``, ``docs/metrics.rst``, the dashboard and the alert rules in
``docs/grafana`` take their names from here; tests hold them together. A name is what
other people's dashboards are built on, so it never changes.
"""

from .metric import Board, Metric, Unit

_EVENTS = "``saas.subscription.event``"
_LAST_DAY = f"{_EVENTS} with ``processed_at`` in the last 24 hours"

PROCESSED = Metric(
    "saas_events_processed",
    Board.OPERATIONS,
    Unit.COUNT,
    "Events that were done with in the last hour, or the last day: booked, or ignored "
    "in sight. ``window`` is ``hour`` or ``day``.",
    _LAST_DAY,
    ("lane", "window"),
)
LATENCY = Metric(
    "saas_event_latency_seconds",
    Board.OPERATIONS,
    Unit.SECONDS,
    "How long the events of the last day took from their receipt until they were done "
    "with, waiting for others included. ``quantile`` is 0.5, 0.95 or 0.99. Moments are "
    "kept to the second.",
    _LAST_DAY,
    ("lane", "quantile"),
)
WAITING = Metric(
    "saas_events_waiting",
    Board.OPERATIONS,
    Unit.COUNT,
    "Events that were received and are to be processed, those that are to be tried "
    "again included.",
    f"{_EVENTS} in the state *received*",
    ("lane",),
)
WAITING_OLDEST = Metric(
    "saas_events_waiting_oldest_seconds",
    Board.OPERATIONS,
    Unit.SECONDS,
    "Since when the oldest of these waits.",
    f"{_EVENTS} in the state *received*",
    ("lane",),
)
RETRYING = Metric(
    "saas_events_retrying",
    Board.OPERATIONS,
    Unit.COUNT,
    "Of the events to be processed, those that were tried before and failed for the "
    "moment.",
    f"{_EVENTS} in the state *received* with ``attempts`` above zero",
    ("lane",),
)
OPEN = Metric(
    "saas_events_open",
    Board.OPERATIONS,
    Unit.COUNT,
    "Events that do not go on by themselves, or wait for another one. ``state`` is "
    "``parked``, ``quarantined`` or ``dead``; ``reason`` is empty for what is parked.",
    f"{_EVENTS} in one of these states",
    ("state", "reason"),
)
SILENCE = Metric(
    "saas_source_silence_seconds",
    Board.OPERATIONS,
    Unit.SECONDS,
    "How long ago the last event of a source was received.",
    f"the newest row of {_EVENTS} for each source",
)
USUAL_PAUSE = Metric(
    "saas_source_usual_pause_seconds",
    Board.OPERATIONS,
    Unit.SECONDS,
    "The source's own rhythm: the longest time without an event in the last four weeks "
    "that came to its end, in whole hours. It is left out for a source that was heard "
    "in fewer than 14 hours of them.",
    f"{_EVENTS}: whether there is one, for each of 672 hours",
)
AVAILABILITY = Metric(
    "saas_source_availability_ratio",
    Board.OPERATIONS,
    Unit.RATIO,
    "Of the hours of the last seven days in which the source should have been heard, "
    "the share in which it was. It should in the hours of the week in which it was in "
    "two of the three weeks before. It is left out if there is none.",
    f"{_EVENTS}: whether there is one, for each of 672 hours",
)
ACTIVE = Metric(
    "saas_source_active",
    Board.OPERATIONS,
    Unit.COUNT,
    "1 for a source that is active, 0 for one that is paused.",
    "``saas.source``",
)
STREAMS = Metric(
    "saas_streams",
    Board.OPERATIONS,
    Unit.COUNT,
    "Streams that are read from a source. ``state`` is ``moving``, ``failing`` after a "
    "reading that failed, or ``standing_still`` when nothing was read for five of its "
    "intervals. A paused source's are left out.",
    "``saas.cursor``",
    ("state",),
)
CALLS = Metric(
    "saas_source_call_seconds",
    Board.OPERATIONS,
    Unit.SECONDS,
    "How long a source took to answer when it was called, or until the call failed; "
    "the wait for a call's turn is not in it. A histogram of all calls since the first "
    "one. The page has the median, 95 % and 99 % of a day out of the same steps.",
    "each call that Odoo has made to a source's system, access tokens included",
    is_histogram=True,
)
JOBS = Metric(
    "saas_jobs",
    Board.OPERATIONS,
    Unit.COUNT,
    "Jobs of this app in the queue, done and cancelled ones left out. The queue is the "
    "whole database's, of all companies.",
    "``queue.job`` in the channels below ``root.saas``",
    ("channel", "state"),
    by_source=False,
    of_company=False,
)
JOBS_OLDEST = Metric(
    "saas_jobs_oldest_seconds",
    Board.OPERATIONS,
    Unit.SECONDS,
    "How long ago the oldest of these jobs was made.",
    "``queue.job`` in the channels below ``root.saas``",
    ("channel", "state"),
    by_source=False,
    of_company=False,
)
ALERTS = Metric(
    "saas_alerts_open",
    Board.OPERATIONS,
    Unit.COUNT,
    "Alerts that are open. ``kind`` is that of their rule, such as ``lane_late`` or "
    "``source_silent``.",
    "``saas.alert`` in the state *open*",
    ("kind",),
)

POSTING_LAG = Metric(
    "saas_posting_lag_seconds",
    Board.FINANCE,
    Unit.SECONDS,
    "How long it took, for what was posted in the last seven days, from the moment at "
    "which it occurred at the source until it was posted here. ``kind`` is "
    "``invoice``, ``credit_note``, ``payment``, ``refund`` or ``payout``; "
    "``quantile`` is 0.5 or 0.95.",
    "``saas.sync.log`` of the postings, with the ``occurred_at`` of their events",
    ("kind", "quantile"),
)
POSTED = Metric(
    "saas_posted",
    Board.FINANCE,
    Unit.COUNT,
    "Documents, payments and payouts that were posted in the last seven days.",
    "``saas.sync.log`` of the postings",
    ("kind",),
)
WITHOUT_PERSON = Metric(
    "saas_posted_without_person_ratio",
    Board.FINANCE,
    Unit.RATIO,
    "The share of these that was booked without a person: its event never was "
    "quarantined or dead, and nobody but the app itself has a row in its log.",
    "``saas.sync.log`` of the postings, with the other rows of their events",
)
UNMATCHED = Metric(
    "saas_unmatched_payments",
    Board.FINANCE,
    Unit.COUNT,
    "Payments of sources that are booked and have not, or not wholly, settled a "
    "document: open credit of customers.",
    "``account.move.line`` on receivable accounts that are posted and not reconciled, "
    "of incoming ``account.payment`` of a source",
    ("currency",),
    by_source=False,
)
UNMATCHED_AMOUNT = Metric(
    "saas_unmatched_payments_amount",
    Board.FINANCE,
    Unit.AMOUNT,
    "What of these payments is open, in their currency.",
    "the same journal items",
    ("currency",),
    by_source=False,
)
EXCEPTIONS = Metric(
    "saas_exceptions_ratio",
    Board.FINANCE,
    Unit.RATIO,
    "Of the events that were received in the last seven days, the share that waits for "
    "a person now, by reason. The page also has it by tenant, which is not told to "
    "machines.",
    f"{_EVENTS} with ``received_at`` in the last seven days",
    ("reason",),
)
UNPROVED = Metric(
    "saas_payouts_unproved",
    Board.FINANCE,
    Unit.COUNT,
    "Payouts that are paid and not proved to the cent: their movements are not known, "
    "do not add up, or are not all booked.",
    "``saas.payout`` in the state *paid* whose proof is *No data* or *Not proved*",
    ("currency",),
)
UNPROVED_AMOUNT = Metric(
    "saas_payouts_unproved_amount",
    Board.FINANCE,
    Unit.AMOUNT,
    "The sum of these payouts, in their currency.",
    "the same payouts",
    ("currency",),
)
UNPROVED_OLDEST = Metric(
    "saas_payouts_unproved_oldest_days",
    Board.FINANCE,
    Unit.DAYS,
    "How many days ago the oldest of these payouts arrived.",
    "the same payouts",
    ("currency",),
)
RECEIVABLES = Metric(
    "saas_receivables",
    Board.FINANCE,
    Unit.COUNT,
    "Open receivables of mirrored and own invoices, by how long they are due: "
    "``age`` is ``not_due``, ``1-30``, ``31-60``, ``61-90`` or ``over_90`` days.",
    "``account.move.line`` on receivable accounts that are posted and not reconciled, "
    "of invoices of a source",
    ("age", "currency"),
    by_source=False,
)
RECEIVABLES_AMOUNT = Metric(
    "saas_receivables_amount",
    Board.FINANCE,
    Unit.AMOUNT,
    "What of these is open, in the company's currency.",
    "the same journal items",
    ("age", "currency"),
    by_source=False,
)
OPEN_PROOFS = Metric(
    "saas_month_open_proofs",
    Board.FINANCE,
    Unit.COUNT,
    "What keeps a month from being proved, for each of the last three whole months. "
    "``proof`` is ``payouts`` (not proved, by the day on which they arrived), "
    "``differences`` (open, by the object's day), ``days`` (not compared, of all "
    "sources together) or ``events`` (that occurred in it and wait). ``month`` is "
    "written as 2026-10.",
    "``saas.payout``, ``saas.difference``, ``saas.reconciliation`` and "
    "``saas.subscription.event``",
    ("month", "proof"),
    by_source=False,
)
PROVED_AFTER = Metric(
    "saas_month_proved_after_days",
    Board.FINANCE,
    Unit.DAYS,
    "On which day after a month's end all of its proofs were zero: when the last "
    "payout was proved, the last difference closed and the last of its days compared, "
    "whichever came last. It is left out while one is open.",
    "the same rows: ``proved_at``, ``settled_at`` and ``ended_at``",
    ("month",),
    by_source=False,
)

METRICS = (
    *(PROCESSED, LATENCY, WAITING, WAITING_OLDEST, RETRYING, OPEN),
    *(SILENCE, USUAL_PAUSE, AVAILABILITY, ACTIVE, STREAMS, CALLS),
    *(JOBS, JOBS_OLDEST, ALERTS),
    *(POSTING_LAG, POSTED, WITHOUT_PERSON, UNMATCHED, UNMATCHED_AMOUNT, EXCEPTIONS),
    *(UNPROVED, UNPROVED_AMOUNT, UNPROVED_OLDEST, RECEIVABLES, RECEIVABLES_AMOUNT),
    *(OPEN_PROOFS, PROVED_AFTER),
)
