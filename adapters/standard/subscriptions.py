"""``subscription.*`` and ``contract.won``."""

from decimal import Decimal

from ...canonical.facts import (
    Contract,
    ContractLine,
    HeldQuantity,
    Holding,
    Subscription,
    SubscriptionChange,
    SubscriptionItem,
    TermTold,
)
from ...canonical.subscriptions.lifecycle import WITHDRAWN
from .cloud_event import join
from .currency import read_money

#: What is told as it is kept, where a type of change has it.
_PLAIN = (
    *("trial_end", "timezone", "anchor", "purchase_order", "at_period_end"),
    *("contract",),
)
#: What a contract says of the subscription that follows.
_OF_PLAN = ("subscription", "timezone", "auto_renew", "notice_days")


def read_change(event, data):
    """Return one fact about a change of a subscription, in a list."""
    values = {name: getattr(data, name) for name in _PLAIN if hasattr(data, name)}
    term = getattr(data, "term", None)
    return [
        SubscriptionChange(
            **_read_head(event, data),
            **values,
            change=event.type.partition(".")[2],
            effective_at=data.effective_at or event.time,
            holding=_read_holding(getattr(data, "terms", data)),
            term=TermTold(**term.model_dump()) if term else None,
            continues=getattr(data, "replaces", ""),
        )
    ]


def read_withdrawn(event, data):
    """Return one fact about a change that never happened, in a list. Only the sender of
    an event withdraws it.
    """
    return [
        SubscriptionChange(
            **_read_head(event, data),
            change=WITHDRAWN,
            effective_at=event.time,
            withdraws=join(event.source, data.event, " "),
        )
    ]


def _read_head(event, data):
    return {
        "external_id": event.identity,
        "customer": data.customer,
        "subscription": data.id,
        "known_at": event.time,
        "sequence": event.sequence or 0,
    }


def _read_holding(data):
    """Return what is held by terms of a plan; None where none are told."""
    if not getattr(data, "plan", ""):
        return None
    return Holding(
        plan=data.plan,
        plan_version=data.plan_version,
        currency=data.currency,
        quantities=tuple(
            HeldQuantity(component=item.component, quantity=Decimal(item.quantity))
            for item in data.items
        ),
    )


def read_snapshot(event, data):
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
            holding=_read_holding(data),
            **{name: getattr(data, name) for name in _OF_PLAN if hasattr(data, name)},
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
