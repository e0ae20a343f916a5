"""``usage.recorded``."""

from decimal import Decimal

from ...canonical.facts import Usage


def read_recorded(event, data):
    """Return one fact about what was metered, in a list. The event's source and id are
    the record's: it counts once, in whatever request it comes.
    """
    return [
        Usage(
            external_id=event.identity,
            customer=data.customer,
            meter=data.meter,
            quantity=Decimal(data.quantity),
            occurred_at=data.occurred_at or event.time,
            subscription=data.subscription,
        )
    ]
