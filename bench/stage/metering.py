"""What is metered: a source of the published interface, subscriptions that are used,
and the requests that tell of it, as a sender writes them.
"""

import hashlib
import importlib
import json

from werkzeug.datastructures import Headers

from .shell import transaction

BATCH = "application/cloudevents-batch+json"
METERS = 4
IN_A_REQUEST = 1000
_SPREAD = 7919
_DAYS = 28


def set_up(env, company_id, subscriptions):
    """Make a source, and subscriptions of a tenant that are metered. Runs inside the
    shell.

    :return: what the figures have to know: the ids of the source, the tenant, the
        meters and the subscriptions.
    """
    env = env(context={**env.context, "tracking_disable": True})
    source = env["saas.source"].create(
        {
            "name": "Metering",
            "adapter": "standard",
            "company_id": company_id,
            "tz": "Europe/Berlin",
        }
    )
    tenant = env["saas.tenant"].search([("company_id", "=", company_id)], limit=1)
    held = env["saas.subscription"].create(
        [
            {
                "source_id": source.id,
                "external_id": name_subscription(number),
                "tenant_id": tenant.id,
                "state": "active",
            }
            for number in range(subscriptions)
        ]
    )
    bindings = env["saas.binding"]
    bindings.create(
        [
            bindings._prepare_vals(source, kind, each.external_id, record)
            for each in held
            for kind, record in (("customer", tenant), ("subscription", each))
        ]
    )
    meters = env["saas.meter"].create(
        [
            {"name": name_meter(n), "code": name_meter(n), "company_id": company_id}
            for n in range(METERS)
        ]
    )
    env.cr.commit()
    return {
        "source_id": source.id,
        "company_id": company_id,
        "tenant_id": tenant.id,
        "meter_ids": meters.ids,
        "subscription_ids": held.ids,
    }


def name_subscription(number):
    """Return the id of a subscription, and of its customer, at the sender."""
    return f"used-{number}"


def name_meter(number):
    """Return the code of a meter."""
    return f"meter-{number % METERS}"


def write_record(number, subscriptions, ordered=False):
    """Return the event of one metered fact.

    :param number: tells it from all others.
    :param subscriptions: how many there are to be used.
    :param ordered: let ids rise with time, as those of UUID version 7 do; else they are
        random, as those of version 4.
    """
    digits = f"{number:032x}" if ordered else _scatter(number)
    name = name_subscription(number * _SPREAD % subscriptions)
    key = "-".join(
        (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    )
    return {
        "specversion": "1.0",
        "id": key,
        "source": "https://app.example/metering",
        "type": "usage.recorded",
        "time": f"2026-06-{number % _DAYS + 1:02}T{number % 24:02}:15:00Z",
        "dataschema": "https://odoo.example/saas/schema/usage.recorded/1",
        "data": {
            "customer": name,
            "subscription": name,
            "meter": name_meter(number),
            "quantity": f"{number % 1000}.25",
            "dimensions": {"region": "eu"},
        },
    }


def _scatter(number):
    return hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()


def store(env, source_id, numbers, subscriptions, ordered=False):
    """Store requests of a thousand records each, as the controller does. Runs inside
    the shell.
    """
    inbox = "odoo.addons.saas_billing_sync.canonical.border.inbound"
    inbound_of = importlib.import_module(inbox).Inbound
    for start in range(0, len(numbers), IN_A_REQUEST):
        told = [
            write_record(number, subscriptions, ordered)
            for number in numbers[start : start + IN_A_REQUEST]
        ]
        body = json.dumps(told).encode()
        inbound = inbound_of("POST", "/", Headers({"Content-Type": BATCH}), body)
        with transaction(env) as own:
            source = own["saas.source"].browse(source_id)
            source._store_events(source._get_adapter()._split(inbound), inbound)
