"""How much of everything is measured: in a whole run, in a comparison of two commits,
and in a quick one of either.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Sizes:
    """The numbers of one kind of run.

    ``tenants`` are in the books before anything is measured, with two and a half
    invoices each; the main database has ``copies`` of them, and the large one of
    ``growth`` has ``large``. Of usage there are ``usage_few`` records in one database
    and ``usage_many`` in the other. A run bills ``bill_copies`` of ``bill_seeds``
    tenants, and a large one ``bill_large`` of them. A run recognises a month of
    ``revenue_schedules``.
    """

    name: str
    tenants: int
    copies: int
    large: int
    ingest_requests: int
    rpc_backlog: int
    rpc_singles: int
    orm_events: int
    pay_backlog: int
    pay_singles: int
    pay_bulk: int
    growth_events: int
    board_events: int
    previews: int
    operation_events: int
    queue_events: int
    memory_few: int
    memory_many: int
    latency_posts: int
    usage_subscriptions: int
    usage_records: int
    usage_singles: int
    usage_bulk: int
    usage_few: int
    usage_many: int
    usage_growth: int
    usage_requests: int
    bill_seeds: int
    bill_copies: int
    bill_large: int
    bill_by_hand: int
    revenue_schedules: int
    deferred_events: int
    mrr_tenants: int
    mrr_movements: int
    rounds: int = 3

    @property
    def bill_tenants(self):
        """Return how many tenants are billed by a run."""
        return self.bill_seeds * self.bill_copies


FULL = Sizes(
    name="full",
    tenants=200,
    copies=25,
    large=100,
    ingest_requests=2000,
    rpc_backlog=2000,
    rpc_singles=60,
    orm_events=1000,
    pay_backlog=400,
    pay_singles=30,
    pay_bulk=300,
    growth_events=400,
    board_events=200_000,
    previews=40,
    operation_events=10_000,
    queue_events=10_000,
    memory_few=2000,
    memory_many=20000,
    latency_posts=100,
    usage_subscriptions=5000,
    usage_records=50_000,
    usage_singles=500,
    usage_bulk=5000,
    usage_few=100_000,
    usage_many=5_000_000,
    usage_growth=20_000,
    usage_requests=200,
    bill_seeds=25,
    bill_copies=20,
    bill_large=800,
    bill_by_hand=200,
    revenue_schedules=20_000,
    deferred_events=500,
    mrr_tenants=20_000,
    mrr_movements=200_000,
)
QUICK = Sizes(
    name="quick",
    tenants=40,
    copies=25,
    large=50,
    ingest_requests=400,
    rpc_backlog=300,
    rpc_singles=12,
    orm_events=200,
    pay_backlog=60,
    pay_singles=8,
    pay_bulk=60,
    growth_events=80,
    board_events=20_000,
    previews=10,
    operation_events=2_000,
    queue_events=2_000,
    memory_few=400,
    memory_many=2000,
    latency_posts=20,
    usage_subscriptions=200,
    usage_records=10_000,
    usage_singles=100,
    usage_bulk=2000,
    usage_few=10_000,
    usage_many=200_000,
    usage_growth=5000,
    usage_requests=20,
    bill_seeds=25,
    bill_copies=4,
    bill_large=24,
    bill_by_hand=40,
    revenue_schedules=4000,
    deferred_events=80,
    mrr_tenants=20_000,
    mrr_movements=200_000,
    rounds=2,
)
#: Two sides in turn, so less of each; but five rounds, as their medians are compared.
COMPARISON = Sizes(
    name="comparison",
    tenants=200,
    copies=25,
    large=50,
    ingest_requests=1000,
    rpc_backlog=1500,
    rpc_singles=80,
    orm_events=400,
    pay_backlog=200,
    pay_singles=60,
    pay_bulk=200,
    growth_events=300,
    board_events=100_000,
    previews=20,
    operation_events=10_000,
    queue_events=10_000,
    memory_few=1000,
    memory_many=5000,
    latency_posts=60,
    usage_subscriptions=1000,
    usage_records=20_000,
    usage_singles=300,
    usage_bulk=5000,
    usage_few=50_000,
    usage_many=1_000_000,
    usage_growth=10_000,
    usage_requests=100,
    bill_seeds=25,
    bill_copies=20,
    bill_large=200,
    bill_by_hand=200,
    revenue_schedules=20_000,
    deferred_events=300,
    mrr_tenants=20_000,
    mrr_movements=200_000,
    rounds=5,
)
QUICK_COMPARISON = replace(QUICK, name="quick comparison", rounds=2)
