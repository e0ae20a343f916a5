"""``subscription.*`` and ``contract.won``."""

from decimal import Decimal

from ...canonical.facts import (
    Contract,
    ContractLine,
    Subscription,
    SubscriptionItem,
)
from .cloud_event import join
from .currency import read_money


def read_changed(event, data):
    """Return one fact about a subscription, in a list."""
    return [
        Subscription(
            external_id=data.id,
            customer=data.customer,
            version=event.order,
            state=data.state,
            currency=data.currency,
            started_at=data.started_at,
            period_start=data.period_start,
            period_end=data.period_end,
            trial_end=data.trial_end,
            canceled_at=data.canceled_at,
            cancel_at_period_end=data.cancel_at_period_end,
            items=tuple(
                SubscriptionItem(
                    external_id=item.id,
                    product=item.product,
                    price=item.price,
                    quantity=Decimal(item.quantity),
                    unit_amount=item.unit_amount,
                    **read_money(data),
                )
                for item in data.items
            ),
        )
    ]


def read_contract(event, data):
    """Return one fact about a deal that was won, in a list."""
    return [
        Contract(
            external_id=data.id,
            customer=data.customer,
            version=event.order,
            state="won",
            number=data.number,
            currency=data.currency,
            won_at=data.won_at,
            starts_on=data.starts_on,
            ends_on=data.ends_on,
            term_months=data.term_months,
            period_months=data.period_months,
            purchase_order=data.purchase_order,
            lines=tuple(
                ContractLine(
                    external_id=join(data.id, str(number)),
                    product=line.product,
                    price=line.price,
                    description=line.description,
                    quantity=Decimal(line.quantity) or Decimal(1),
                    unit_amount=line.unit_amount,
                    **read_money(data),
                )
                for number, line in enumerate(data.lines, 1)
            ),
        )
    ]
