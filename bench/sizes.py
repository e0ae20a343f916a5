"""How much of everything is measured: in a whole run, and in a quick one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """The numbers of one kind of run.

    ``tenants`` are in the books before anything is measured, with two and a half
    invoices each; the main database has ``copies`` of them, and the large one of
    ``growth`` has ``large``.
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
    growth_events: int
    memory_few: int
    memory_many: int
    latency_posts: int
    rounds: int = 3


FULL = Sizes(
    name="full",
    tenants=200,
    copies=10,
    large=100,
    ingest_requests=2000,
    rpc_backlog=2000,
    rpc_singles=60,
    orm_events=1000,
    pay_backlog=400,
    pay_singles=30,
    growth_events=400,
    memory_few=2000,
    memory_many=20000,
    latency_posts=100,
)
QUICK = Sizes(
    name="quick",
    tenants=40,
    copies=10,
    large=50,
    ingest_requests=400,
    rpc_backlog=300,
    rpc_singles=12,
    orm_events=200,
    pay_backlog=60,
    pay_singles=8,
    growth_events=80,
    memory_few=400,
    memory_many=2000,
    latency_posts=20,
)
