"""Records of usage stored by short code written by hand: what the drain is held
against. All that the code has to know of a record is looked up before its time counts,
unless it says that it looks it up itself. Each function runs inside the shell and
returns how many records a second it stored.
"""

import time

from ...stage.metering import write_record
from ...stage.shell import transaction

_IN_A_BATCH = 1000
_COLUMNS = {
    "external_id": "text",
    "customer_ref": "text",
    "subscription_ref": "text",
    "subscription_id": "int",
    "meter_ref": "text",
    "meter_id": "int",
    "occurred_at": "timestamp",
    "day": "date",
    "quantity": "numeric",
    "stated_quantity": "text",
    "content_hash": "text",
    "dimensions": "jsonb",
}


def create_each(env, known, numbers):
    """Create records one by one, and nothing else."""
    vals_list = _prepare(known, numbers)
    with transaction(env) as own:
        records = _get_records(own)
        began = time.perf_counter()
        for vals in vals_list:
            records.create(vals)
            own.flush_all()
        own.cr.commit()
        return len(vals_list) / (time.perf_counter() - began)


def create_and_count_each(env, known, numbers):
    """Do one by one what the drain does: look whether a record is known, whose it is
    and by which meter, create it, and count it into the bucket of its day.
    """
    vals_list = _prepare(known, numbers)
    with transaction(env) as own:
        records, buckets = _get_records(own), own["saas.usage.bucket"]
        began = time.perf_counter()
        for vals in vals_list:
            if _is_known(records, vals):
                continue
            vals = {**vals, **_look_up(own, vals)}
            records.create(vals)
            _count(buckets, vals)
            own.flush_all()
        own.cr.commit()
        return len(vals_list) / (time.perf_counter() - began)


def _is_known(records, vals):
    domain = [(key, "=", vals[key]) for key in ("source_id", "external_id")]
    # Without it, no index serves.
    domain += [("is_rival", "=", False)]
    return records.search_count(domain, limit=1)


def _look_up(env, vals):
    """Return what a record is linked to."""
    bindings = env["saas.binding"]
    found = {}
    for kind in ("customer", "subscription"):
        domain = [("source_id", "=", vals["source_id"]), ("kind", "=", kind)]
        domain += [("external_id", "=", vals[f"{kind}_ref"])]
        found[kind] = bindings.search(domain, limit=1).res_id
    domain = [("company_id", "=", vals["company_id"])]
    domain += [("code", "=", vals["meter_ref"])]
    return {
        "tenant_id": found["customer"],
        "subscription_id": found["subscription"],
        "meter_id": env["saas.meter"].search(domain, limit=1).id,
    }


def _count(buckets, vals):
    """Count a record into the bucket of its day."""
    keys = ("subscription_id", "meter_id", "day")
    bucket = buckets.search([(key, "=", vals[key]) for key in keys], limit=1)
    moment, quantity = vals["occurred_at"], vals["quantity"]
    if not bucket:
        own = (*keys, "source_id", "company_id", "tenant_id")
        buckets.create(
            {
                **{key: vals[key] for key in own},
                **{"sum": quantity, "max": quantity, "last": quantity, "count": 1},
                **{"first_at": moment, "last_at": moment},
            }
        )
        return
    bucket.write(
        {
            "sum": bucket.sum + quantity,
            "count": bucket.count + 1,
            "max": max(bucket.max, quantity),
            "last_at": max(str(bucket.last_at), moment),
        }
    )


def create_many(env, known, numbers):
    """Create a thousand records at once."""
    vals_list = _prepare(known, numbers)
    began = time.perf_counter()
    for start in range(0, len(vals_list), _IN_A_BATCH):
        with transaction(env) as own:
            _get_records(own).create(vals_list[start : start + _IN_A_BATCH])
    return len(vals_list) / (time.perf_counter() - began)


def insert(env, known, numbers):
    """Insert a thousand records at once by SQL, from arrays."""
    vals_list = _prepare(known, numbers)
    batches = []
    for start in range(0, len(vals_list), _IN_A_BATCH):
        own = vals_list[start : start + _IN_A_BATCH]
        batches.append([[vals[column] for vals in own] for column in _COLUMNS])
    names = ", ".join(_COLUMNS)
    arrays = ", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())
    query = f"""
        INSERT INTO saas_usage_record (source_id, company_id, tenant_id, state, {names})
        SELECT {known["source_id"]}, {known["company_id"]}, {known["tenant_id"]},
               'counted', * FROM unnest({arrays})"""
    began = time.perf_counter()
    for batch in batches:
        with transaction(env) as own:
            own.cr.execute(query, [_as_text(column) for column in batch])
    return len(vals_list) / (time.perf_counter() - began)


def _as_text(column):
    return ['{"region": "eu"}' if isinstance(each, dict) else each for each in column]


def _get_records(env):
    return env["saas.usage.record"].with_context(tracking_disable=True)


def _prepare(known, numbers):
    """Return the values of records, with all that they are linked to."""
    ids, meter_ids = known["subscription_ids"], known["meter_ids"]
    vals_list = []
    for number in numbers:
        event = write_record(number, len(ids))
        data = event["data"]
        day, _t, hour = event["time"].removesuffix("Z").partition("T")
        meter = int(data["meter"].rpartition("-")[2])
        subscription = int(data["subscription"].rpartition("-")[2])
        vals_list.append(
            {
                "source_id": known["source_id"],
                "company_id": known["company_id"],
                "external_id": f"{event['source']} {event['id']}",
                "customer_ref": data["customer"],
                "tenant_id": known["tenant_id"],
                "meter_ref": data["meter"],
                "meter_id": meter_ids[meter],
                "subscription_ref": data["subscription"],
                "subscription_id": ids[subscription],
                "occurred_at": f"{day} {hour}",
                "day": day,
                "quantity": float(data["quantity"]),
                "stated_quantity": data["quantity"],
                "content_hash": event["id"].replace("-", ""),
                "dimensions": data["dimensions"],
                "state": "counted",
            }
        )
    return vals_list
