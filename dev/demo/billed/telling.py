"""What the product tells, as events of the published interface. Standard library
only.
"""

from datetime import UTC

from .customers import CUSTOMERS, DEAL, RUNS, at
from .plans import ZONE, find

SENDER = "https://app.halyard.example"
#: When the customers signed up.
_SIGNED_UP = at(7, 31)


def tell(gateway_ids):
    """Return the events of what happens, with when each is told, in that order.

    :param gateway_ids: what a customer is called at its gateway, by reference.
    """
    told = [(_SIGNED_UP, *_write_customer(c, gateway_ids[c.ref])) for c in CUSTOMERS]
    told.append((DEAL["won"], "contract.won", _write_deal(), "deal"))
    for customer in CUSTOMERS:
        for number, deed in enumerate(customer.deeds, 1):
            key = f"{customer.key}-{number}"
            data = {**_write_head(customer, deed.moment), **_write(customer, deed)}
            told.append((deed.told_at, f"subscription.{deed.kind}", data, key))
            if deed.withdrawn:
                told.append((deed.withdrawn, *_withdraw(customer, key)))
    told.sort(key=lambda row: row[0])
    return [
        (moment, _wrap(key, event_type, moment, data, str(number)))
        for number, (moment, event_type, data, key) in enumerate(told, 1)
    ]


def tell_usage(records):
    """Return the events of records of usage, with when each is told, in their order."""
    return [(record.told_at, _write_record(record)) for record in records]


def split(told):
    """Return what is told in parts: what is known when each run begins.

    :param told: pairs of a moment and anything.
    """
    parts = [[] for _run in RUNS]
    for moment, thing in told:
        number = next(n for n, run in enumerate(RUNS) if moment < run)
        parts[number].append(thing)
    return parts


def _wrap(key, event_type, moment, data, sequence=""):
    return {
        "specversion": "1.0",
        "id": key,
        "source": SENDER,
        "type": event_type,
        "time": _stamp(moment),
        "dataschema": f"{SENDER}/saas/schema/{event_type}/1",
        **({"sequence": sequence} if sequence else {}),
        "data": data,
    }


def _write_customer(customer, gateway_id):
    """Return the type, the data and the id of the event of a customer."""
    data = {
        "id": customer.ref,
        "name": customer.name,
        "email": f"billing@{customer.key}.example",
        "address": {"country": customer.country},
        "currency": customer.currency,
        "also_known_as": [{"system": customer.gateway, "id": gateway_id}],
    }
    return "customer.upserted", data, customer.key


def _write_deal():
    [customer] = [c for c in CUSTOMERS if c.ref == DEAL["customer"]]
    return {
        "id": DEAL["id"],
        "customer": customer.ref,
        "won_at": _stamp(DEAL["won"]),
        "currency": customer.currency,
        "starts_on": str(DEAL["starts"]),
        "term_months": 12,
        "auto_renew": True,
        "notice_days": 60,
        "purchase_order": customer.order,
        "plan": customer.deeds[0].plan.code,
        "subscription": customer.subscription,
        "timezone": ZONE,
    }


def _write_head(customer, moment):
    return {
        "id": customer.subscription,
        "customer": customer.ref,
        "effective_at": _stamp(moment),
    }


def _write(customer, deed):
    """Return what a deed says beside whose it is and when."""
    if not deed.plan:
        return {}
    data = {"plan": deed.plan.code, "currency": customer.currency}
    if find(deed.plan.code, deed.moment.date()) is not deed.plan:
        # Else it is the version that is sold on that day.
        data["plan_version"] = deed.plan.number
    if deed.seats:
        data["items"] = [{"component": "seats", "quantity": str(deed.seats)}]
    if deed.kind == "activated":
        data["timezone"] = ZONE
        if customer.ref == DEAL["customer"]:
            data["contract"] = DEAL["id"]
        if deed.trial_end:
            data["trial_end"] = _stamp(deed.trial_end)
    return data


def _withdraw(customer, key):
    data = {"id": customer.subscription, "customer": customer.ref, "event": key}
    return "subscription.change_withdrawn", data, f"{key}-withdrawn"


def _write_record(record):
    data = {
        "customer": record.customer,
        "meter": record.meter,
        "quantity": f"{record.quantity:f}",
        "occurred_at": _stamp(record.moment),
    }
    if not record.corrects:
        return _wrap(record.id, "usage.recorded", record.told_at, data)
    data["corrects"] = record.corrects
    return _wrap(record.id, "usage.corrected", record.told_at, data)


def _stamp(moment):
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
