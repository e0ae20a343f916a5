"""The time an event takes in a large database, over the time it takes in a small one.

The same events are processed in both, in turn: new customers, changes of old ones and
of their subscriptions, invoices and payments. Each round is rolled back, so that the
small database stays as small as it is said to be.
"""

from ..database import connect
from ..figure import Figure
from ..stage import inbox
from ..stage.world import PAID, Subscriber

ENTITY = "eu"


def measure(stage, small, large):
    """In: shells on the two databases."""
    figure = Figure("growth")
    events = _make_events(stage)
    for shell in (small, large):
        with connect(shell.database) as cursor:
            inbox.fill(cursor, events, stage.sources)
    source_id = stage.sources[ENTITY]["id"]
    for number in range(stage.sizes.rounds + 1):
        took = [
            shell.call("stage.shell.drain_and_forget", source_id=source_id)
            for shell in (small, large)
        ]
        in_small, in_large = (seconds / len(events) * 1000 for seconds in took)
        if number:  # the first was to warm up
            figure.add(in_large / in_small, small_ms=in_small, large_ms=in_large)
    figure.detail["events"] = len(events)
    return [figure]


def _make_events(stage):
    """Return the events, a fifth of each kind."""
    share = stage.sizes.growth_events // 5
    # Those that are in the small database too.
    known = stage.world.tenants[ENTITY][: stage.sizes.tenants // 2]
    tenants = [known[number % len(known)] for number in range(share)]
    account = stage.world.accounts[ENTITY]
    with stage.record(
        "customer.created",
        "customer.updated",
        "customer.subscription.updated",
        "invoice.finalized",
        PAID[ENTITY],
    ) as events:
        bills = [(tenant, tenant.bill()) for tenant in tenants]
        for tenant, bill in bills:
            tenant.pay(account.now(), bill)
        for number in range(1, share + 1):
            stranger = Subscriber(account, number, copy=stage.sizes.large)
            data = stranger.shape.customer(stranger)
            account.emit("customer.created", account.now(), data)
        for number, tenant in enumerate(tenants):
            tenant.move(number)
        for tenant in tenants:
            tenant.renew()
    return events
