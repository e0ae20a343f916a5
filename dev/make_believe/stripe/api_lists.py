"""What Stripe's API shows of the objects it holds. Knows no Odoo, and no HTTP."""

import copy
import re

#: Where Stripe has the objects of a type. All others are at their plural.
_PATHS = {
    "checkout.session": "/v1/checkout/sessions",
    "customer_balance_transaction": "/v1/customers/{customer}/balance_transactions",
    "dispute": "/v1/disputes",
    "payment_method": "/v1/customers/{customer}/payment_methods",
    "radar.early_fraud_warning": "/v1/radar/early_fraud_warnings",
    "tax_id": "/v1/customers/{customer}/tax_ids",
    "v2.core.event": "/v2/core/events",
}
#: Left out of an object unless it is asked for, by the object's type.
_INCLUDABLE = {
    "charge": {"refunds"},
    "customer": {"sources", "subscriptions", "tax_ids"},
    "invoice": {"payments"},
}
#: How many entries of a list Stripe puts into the object that has it.
_EMBEDDED = 10
_OWN_PARAMS = {"limit", "starting_after", "ending_before", "expand", "status"}
_COMPARE = {
    "gt": lambda value, limit: value > limit,
    "gte": lambda value, limit: value >= limit,
    "lt": lambda value, limit: value < limit,
    "lte": lambda value, limit: value <= limit,
}


class Refusal(Exception):
    """An error as Stripe tells it."""

    def __init__(self, status, message, **error):
        super().__init__(message)
        self.status = status
        self.body = {
            "error": {"type": "invalid_request_error", "message": message, **error}
        }


def is_of_mode(data, key):
    return data.get("livemode") in (None, "_live_" in key)


#: Where single objects of a type are as well as in their list.
_ALSO = {"payment_method": "/v1/payment_methods", "tax_id": "/v1/tax_ids"}


def is_in(data, folder):
    """Return whether an object can be read by its id at a path."""
    return folder in (get_folder(data), _ALSO.get(data["object"]))


def get_folder(data):
    """Return the path of the list that an object is in."""
    kind = data["object"]
    pattern = _PATHS.get(kind, f"/v1/{kind}s")
    return pattern.format_map({**data, "customer": _id_of(data.get("customer"))})


def find_list(path, objects, index):
    """Return the rows of a list, in Stripe's order; None if there is no such list."""
    for data in index.values():
        for value in data.values():
            # The lines of an invoice, in the order they are printed in.
            if isinstance(value, dict) and value.get("url") == path:
                return value["data"]
    names = path.split("/")[2:] if path.startswith("/v1/") else path.split("/")[3:]
    if len(names) % 2 == 0 or (len(names) == 3 and names[1] not in index):
        return None  # an object, or a list of one, that isn't there
    rows = [
        (number, data)
        for number, data in objects
        # What was deleted is shown by its id alone, and listed no more.
        if get_folder(data) == path and not data.get("deleted")
    ]
    # The newest first; of those made in one second, the last.
    rows.sort(key=lambda row: (row[1].get("created") or 0, row[0]), reverse=True)
    return [data for _number, data in rows]


def make_page(call, rows, index, expand):
    """Return a page of a list."""
    params = dict(call.params)
    rows = [row for row in rows if _matches(row, call.params)]
    limit = int(params.get("limit", 10))
    if not 1 <= limit <= 100:
        raise Refusal(400, f"Invalid integer: {limit}", param="limit")
    ids = [row["id"] for row in rows]
    if after := params.get("starting_after"):
        rest = rows[_find_cursor(ids, after, "starting_after") + 1 :]
        page, more = rest[:limit], len(rest) > limit
    elif before := params.get("ending_before"):
        rest = rows[: _find_cursor(ids, before, "ending_before")]
        page, more = rest[-limit:], len(rest) > limit
    else:
        page, more = rows[:limit], len(rows) > limit
    inner = [path.removeprefix("data.") for path in expand]
    return {
        "object": "list",
        "data": [show(row, inner, index) for row in page],
        "has_more": more,
        "url": call.path,
    }


def _find_cursor(ids, wanted, param):
    if wanted not in ids:
        raise Refusal(
            400, f"No such object: '{wanted}'", code="resource_missing", param=param
        )
    return ids.index(wanted)


def _matches(row, params):
    wanted = {}
    for name, value in params:
        match = re.fullmatch(r"(\w+)\[(\w*)\]", name)
        key, operator = match.groups() if match else (name, "")
        if key == "types":
            wanted.setdefault("type", set()).add(value)
        elif operator in _COMPARE:
            if not _COMPARE[operator](row.get(key) or 0, int(value)):
                return False
        elif key not in _OWN_PARAMS:
            wanted.setdefault(key, set()).add(value)
    status = dict(params).get("status")
    if status is None and row["object"] == "subscription":
        # As Stripe: who wants those that are over has to say so.
        if row["status"] in ("canceled", "incomplete_expired"):
            return False
    elif status not in (None, "all"):
        wanted["status"] = {status}
    return all(
        str(_id_of(row.get(key, row.get(f"_{key}")))) in values
        for key, values in wanted.items()
    )


def _id_of(value):
    return value["id"] if isinstance(value, dict) and "id" in value else value


def show(data, expand, index):
    """Return an object as Stripe shows it, with what was asked for expanded."""
    shown = {
        key: value
        for key, value in copy.deepcopy(data).items()
        if not key.startswith("_")
    }
    asked = {path.partition(".")[0] for path in expand}
    for key in _INCLUDABLE.get(data["object"], set()) - asked:
        shown.pop(key, None)
    for path in expand:
        _expand(shown, path.split("."), index)
    for value in shown.values():
        if isinstance(value, dict) and value.get("object") == "list":
            if len(value["data"]) > _EMBEDDED:
                value.update(data=value["data"][:_EMBEDDED], has_more=True)
    return shown


def _expand(node, keys, index):
    if isinstance(node, list):
        for child in node:
            _expand(child, keys, index)
        return
    if not keys or not isinstance(node, dict) or keys[0] not in node:
        return
    value = node[keys[0]]
    if isinstance(value, str) and value in index:
        node[keys[0]] = show(index[value], [], index)
    elif isinstance(value, list):
        node[keys[0]] = [
            show(index[item], [], index)
            if isinstance(item, str) and item in index
            else item
            for item in value
        ]
    _expand(node[keys[0]], keys[1:], index)
