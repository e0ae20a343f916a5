"""What a measurement came to, and what it aims at."""

from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Goal:
    """``at_least`` says which way is better. ``own`` names the part of a round that is
    our own work alone: more of it is better by the second, less in other units.
    """

    limit: float
    at_least: bool
    what: str
    own: str

    def is_met(self, value):
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self):
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


_DRAINED = "drained_per_s"
#: In the order in which they are shown.
GOALS = {
    "ingest_ratio": Goal(
        0.8,
        True,
        "webhooks stored (sources paused), over health checks",
        "webhooks_per_s",
    ),
    "batch_ratio": Goal(
        20,
        True,
        "events accepted in requests of 100, over requests of one",
        "batched_per_s",
    ),
    "post_vs_rpc": Goal(
        15, True, "invoices posted, over a client of the API", "backlog_per_s"
    ),
    "post_vs_orm": Goal(
        0.9, True, "posted as Odoo does, over hand-written ORM code", "drain_ms"
    ),
    "post_vs_orm_prepared": Goal(
        1.5, True, "posted with prepared journal items, too", "drain_ms"
    ),
    "pay_vs_single": Goal(
        5, True, "payments reconciled, over one by one", "backlog_per_s"
    ),
    "pay_vs_orm": Goal(
        1.5, True, "payments reconciled, over hand-written bulk code", "backlog_per_s"
    ),
    "usage_vs_orm_same_work": Goal(
        30, True, "usage drained, over one-by-one ORM code that does as much", _DRAINED
    ),
    "usage_vs_orm": Goal(
        10, True, "usage drained and counted, over bare one-by-one create()", _DRAINED
    ),
    "usage_vs_bulk": Goal(
        2.5, True, "usage drained and counted, over create() of a thousand", _DRAINED
    ),
    "usage_vs_sql": Goal(
        0.5, True, "usage drained and counted, over a bare INSERT from arrays", _DRAINED
    ),
    "usage_http": Goal(
        0.35, True, "usage accepted by thousands, over health checks", "records_per_s"
    ),
    "usage_growth": Goal(
        1.5, False, "time per record of usage, many there over few", "large_us"
    ),
    "usage_growth_ordered": Goal(
        1.25, False, "the same, with ids that rise with time", "large_us"
    ),
    "rate_vs_raw": Goal(
        25, True, "usage rated from its days, over a GROUP BY on records", "rated_ms"
    ),
    "bill_vs_orm": Goal(
        1.1, True, "billed as Odoo does, over bulk ORM code for the invoices", "run_ms"
    ),
    "bill_vs_orm_prepared": Goal(
        2, True, "billed with prepared journal items, over the same", "run_ms"
    ),
    "bill_vs_contract": Goal(
        3.5, True, "billed and posted, over OCA's contract", "run_ms"
    ),
    "bill_growth": Goal(
        1.15, False, "time per invoice, a run of very many over some", "large_ms"
    ),
    "bill_memory": Goal(
        1.1, False, "a worker's peak, after a run of many over few", "many_mb"
    ),
    "bill_isolation": Goal(
        1.3, False, "a run with tenants that lack something, over one without", "bad_ms"
    ),
    "bill_isolation_late": Goal(
        4, False, "a run with tenants that Odoo refuses, over one without", "bad_ms"
    ),
    "preview_vs_run": Goal(
        0.15, False, "a look at what would be billed, over the run", "look_ms"
    ),
    "post_deferred_ratio": Goal(
        1.25,
        False,
        "invoices posted with a schedule for each line, over without",
        "deferred_ms",
    ),
    "recognise_vs_moves": Goal(
        100,
        True,
        "a month of schedules recognised, over one entry each by bulk ORM code",
        "recognised_per_s",
    ),
    "growth": Goal(
        1.15, False, "time per event, large database over small", "large_ms"
    ),
    "board_ratio": Goal(
        3,
        False,
        "a look at three pages of figures, over SQL by hand for the same",
        "pages_ms",
    ),
    "mrr_report_s": Goal(
        0.5, False, "seconds for what recurs by month, of many movements", "report_ms"
    ),
    "mrr_report_vs_sql": Goal(
        3, False, "the same, over a GROUP BY by hand", "report_ms"
    ),
    "preview_p95_s": Goal(0.4, False, "seconds for a preview of one event", "median_s"),
    "preview_many_s": Goal(3, False, "seconds for a preview of 200 events", "each_ms"),
    "operation_ratio": Goal(
        0.9, True, "a drain beside an operation on many events, over alone", "alone_ms"
    ),
    "queue_p95_s": Goal(
        0.3, False, "seconds for the slowest look at the queue of cases", "median_s"
    ),
    "memory": Goal(
        1.1, False, "a worker's peak, after many events over few", "many_mb"
    ),
    "latency_p95_s": Goal(
        1.0, False, "seconds from the POST to the posted invoice", "median_s"
    ),
    "amend_latency_p95_s": Goal(
        1.0, False, "seconds from a product's event to the prorated invoice", "median_s"
    ),
}
#: What comes with another figure and is no key of its own: the second goals of others,
#: by their places among the details of those; and `preview_many_s`.
SECOND = {
    "post_vs_orm_prepared": ("post_vs_orm", "prepared"),
    "usage_growth_ordered": ("usage_growth", "ordered"),
    "bill_vs_orm_prepared": ("bill_vs_orm", "prepared"),
    "bill_memory": ("memory", "billing_run"),
    "bill_isolation_late": ("bill_isolation", "late"),
    "mrr_report_vs_sql": ("mrr_report_s", "vs_sql"),
}
_BESIDE = (*SECOND, "preview_many_s")
#: The keys of the results.
KEYS = [key for key in GOALS if key not in _BESIDE]


@dataclass
class Figure:
    """A key of the results: one value for each round, and what they were made of."""

    key: str
    rounds: list = field(default_factory=list)
    detail: dict = field(default_factory=dict)

    @property
    def goal(self):
        return GOALS[self.key]

    @property
    def value(self):
        return median(self.rounds)

    @property
    def is_met(self):
        return self.goal.is_met(self.value)

    def add(self, value, **parts):
        """Note a round's value, and the two measurements behind it."""
        self.rounds.append(value)
        for name, part in parts.items():
            self.detail.setdefault(name, []).append(round(part, 4))

    def as_json(self):
        return {
            "what": self.goal.what,
            "value": round(self.value, 4),
            "goal": str(self.goal),
            "met": self.is_met,
            "rounds": [round(value, 4) for value in self.rounds],
            **self.detail,
        }
