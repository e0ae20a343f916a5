"""What is created and canceled through GoCardless' API.

https://developer.gocardless.com/api-reference/#making-requests-idempotency-keys
"""

import copy
import json
import re
from datetime import date, timedelta

from .refusal import Refusal, refuse_field, refuse_state

#: In which of its states a mandate may be debited.
#: https://developer.gocardless.com/api-reference/#payments-create-a-payment
_USABLE = ("active", "pending_customer_approval", "pending_submission", "submitted")
#: The currencies that GoCardless collects in, and by which scheme.
SCHEMES = {
    "AUD": "becs",
    "CAD": "pad",
    "DKK": "betalingsservice",
    "EUR": "sepa_core",
    "GBP": "bacs",
    "NZD": "becs_nz",
    "SEK": "autogiro",
    "USD": "ach",
}
_MOST_LABELS, _LONGEST_KEY, _LONGEST_VALUE = 3, 50, 500
#: A flow's link is good for a week.
FLOW_LIFE = timedelta(days=7)


def create(account, call):
    """Create what a request asks for, once for an idempotency key; return the status
    and the body.

    :raises Refusal: for what GoCardless would not create.
    """
    name = call.path.strip("/")
    if name not in _CREATES:
        raise Refusal(404, "Resource not found", reason="resource_not_found")
    key = (name, call.headers.get("idempotency-key", ""))
    if ref := account.keys.get(key):
        raise refuse_state(
            "A resource has already been created with this idempotency key",
            "idempotent_creation_conflict",
            status=409,
            conflicting_resource_id=ref,
        )
    values = json.loads(call.body)[name]
    _check_labels(values.get("metadata") or {})
    ref = _CREATES[name](account, values)
    account.keys[key] = ref
    return 201, {name: copy.deepcopy(account.get(name, ref))}


def cancel(account, call):
    """Cancel the billing request or the payment that a request names.

    :raises Refusal: if it is too late for that, or was canceled.
    """
    name, ref = call.path.strip("/").split("/")[:2]
    found = account.objects.get(name, {}).get(ref)
    if found is None:
        raise Refusal(404, "Resource not found", reason="resource_not_found")
    allowed = ("pending", "ready_to_fulfil", "pending_submission")
    if found["status"] not in allowed:
        raise refuse_state(f"It is {found['status']}.", "cancellation_failed")
    account.set(name, ref, "cancelled", "cancelled")
    return 200, {name: copy.deepcopy(found)}


def _create_payment(account, values):
    mandate = account.objects["mandates"].get(values["links"].get("mandate"))
    if mandate is None or account.is_hidden(mandate):
        raise Refusal(404, "Resource not found", reason="resource_not_found")
    if new := mandate["links"].get("new_mandate"):
        raise refuse_state(
            "The mandate has been replaced", "mandate_replaced", new_mandate=new
        )
    if mandate["status"] not in _USABLE:
        raise refuse_state(
            "Mandate is failed, cancelled or expired", "mandate_is_inactive"
        )
    amount, currency = values.get("amount"), values.get("currency")
    if not re.fullmatch(r"[1-9]\d*", str(amount)):
        raise refuse_field("payments", "amount", "must be greater than 0")
    if SCHEMES.get(currency) != mandate["scheme"]:
        raise refuse_field("payments", "currency", "is not collected by the mandate")
    charged = values.get("charge_date")
    if charged and date.fromisoformat(charged) < account.at.date():
        raise refuse_field("payments", "charge_date", "must be in the future")
    kept = ("description", "metadata", "reference", "retry_if_possible")
    return account.add_payment(
        mandate["id"],
        int(amount),
        currency,
        scheme=mandate["scheme"],
        **{key: values[key] for key in kept if key in values},
    )


def _create_billing_request(account, values):
    asked = dict(values.get("mandate_request") or {})
    if not asked:
        raise refuse_field("billing_requests", "mandate_request", "is required")
    currency = asked.setdefault("currency", "GBP")
    if currency not in SCHEMES:
        raise refuse_field("billing_requests", "currency", "is not supported")
    asked.setdefault("scheme", SCHEMES[currency])
    customer = (values.get("links") or {}).get("customer")
    if customer and customer not in account.objects["customers"]:
        raise Refusal(404, "Resource not found", reason="resource_not_found")
    return account.add_billing_request(
        asked, customer, metadata=values.get("metadata") or {}
    )


def _create_flow(account, values):
    ref = values["links"].get("billing_request")
    request = account.objects["billing_requests"].get(ref)
    if request is None:
        raise Refusal(404, "Resource not found", reason="resource_not_found")
    if request["status"] in ("fulfilled", "cancelled"):
        raise refuse_state(f"It is {request['status']}.", "billing_request_not_pending")
    uris = {key: values.get(key) for key in ("redirect_uri", "exit_uri")}
    return account.add_flow(ref, FLOW_LIFE, **uris)


def _check_labels(labels):
    """Check metadata. https://developer.gocardless.com/api-reference/#overview-metadata

    :raises Refusal: if it is too much.
    """
    if len(labels) > _MOST_LABELS:
        raise refuse_field("metadata", "metadata", "can't have more than 3 keys")
    for key, value in labels.items():
        if not isinstance(value, str):
            raise refuse_field("metadata", key, "must be a string")
        if len(key) > _LONGEST_KEY or len(value) > _LONGEST_VALUE:
            raise refuse_field("metadata", key, "is too long")


_CREATES = {
    "payments": _create_payment,
    "billing_requests": _create_billing_request,
    "billing_request_flows": _create_flow,
}
