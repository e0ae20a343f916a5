"""Reads mandates: a customer's authority to collect money.
https://developer.gocardless.com/api-reference/#core-endpoints-mandates
"""

from ....canonical.facts import Mandate

#: What states are here; any other leaves a mandate as it was.
_STATES = {
    "pending_customer_approval": "pending",
    "pending_submission": "pending",
    "submitted": "submitted",
    "active": "active",
    "suspended_by_payer": "suspended",
    "consumed": "consumed",
    "expired": "expired",
    "cancelled": "cancelled",
    "blocked": "cancelled",
    "failed": "failed",
}


def read(event):
    """Return one fact about a mandate, in a list."""
    data = event.data
    return [
        Mandate(
            external_id=data.ref("id"),
            customer=data.ref("links.customer"),
            version=event.version,
            state=_STATES.get(data.text("status", "")),
            scheme=data.text("scheme", ""),
            reference=data.text("reference", ""),
            next_collection_on=data.date("next_possible_charge_date", None),
        )
    ]
