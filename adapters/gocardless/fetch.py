"""Fetches whole objects, one reference at a time, and puts what was fetched or read
into the form of events.
"""

import json
from datetime import UTC, datetime

from odoo import models

from ...canonical.errors import Quarantine
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from .event import write_moment
from .pulled import wrap

#: What GoCardless calls objects, by what they are here.
NAMES = {
    Kind.CUSTOMER: "customers",
    Kind.MANDATE: "mandates",
    Kind.PAYMENT: "payments",
    Kind.PAYOUT: "payouts",
    Kind.REFUND: "refunds",
}
#: Objects whose events are read with them, and the filter of the list of events.
_WITH_EVENTS = {"payments": "payment", "refunds": "refund"}
_PREFIXES = {
    Kind.CUSTOMER: "CU",
    Kind.MANDATE: "MD",
    Kind.PAYMENT: "PM",
    Kind.PAYOUT: "PO",
    Kind.REFUND: "RF",
    Kind.REFUND_OF: "PM",
    # A movement is told by the object that moved, whose id its own begins with.
    Kind.MOVEMENT: ("PM", "RF"),
}
_NEVER = ()


class SaasAdapterGoCardless(models.AbstractModel):
    """Fetches what a reference is about, and wraps objects for the inbox.

    A payment's own state says little of how it came to it, and neither it nor its
    mandate names the customer. So all three are fetched together, and all its events.
    """

    _inherit = "saas.adapter.gocardless"

    def _can_fetch(self, kind, external_id):
        return external_id.startswith(_PREFIXES.get(kind, _NEVER))

    def _fetch(self, source, kind, external_id):
        if not self._can_fetch(kind, external_id):
            raise Quarantine(
                Reason.UNSUPPORTED_TYPE,
                f"GoCardless can't be asked for {kind} {external_id}.",
            )
        if kind == Kind.REFUND_OF:
            refunds = self._get_all(source, "refunds", payment=external_id)
            return self._complete_all(source, "refunds", refunds)
        # An attempt to collect a payment has the payment's id before its own number.
        ref = external_id.partition("/")[0]
        name = NAMES.get(kind) or ("refunds" if ref.startswith("RF") else "payments")
        data = self._get_one(source, name, ref)
        if data is None:
            raise self._refuse_missing(ref)
        return self._complete_all(source, name, [data])

    def _fetch_listed(self, source, kind, external_id):
        data = self._get_one(source, NAMES[kind], external_id)
        if data is None:
            return None
        return self._complete_all(source, NAMES[kind], [data])[-1]

    def _complete_all(self, source, name, objects):
        """Return objects with all that they are incomplete without: the mandates and
        customers first that they are of, each once.
        """
        if name not in ("mandates", "payments", "refunds"):
            return [{"resource": name, "data": data} for data in objects]
        mandates, customers = {}, {}
        if name == "mandates":
            mandates = {data["id"]: data for data in objects}
        for ref in filter(None, (_get_mandate(name, data) for data in objects)):
            if ref not in mandates:
                mandates[ref] = self._get_one(source, "mandates", ref)
        owners = {ref: _get_customer(data) for ref, data in mandates.items()}
        for ref in filter(None, owners.values()):
            if ref not in customers:
                customers[ref] = self._get_one(source, "customers", ref)
        own = [
            {
                **data,
                "customer": owners.get(_get_mandate(name, data)),
                "events": self._get_events(source, name, data["id"]),
            }
            for data in objects
            if name != "mandates"
        ]
        return [
            *_mark("customers", filter(None, customers.values())),
            *_mark("mandates", filter(None, mandates.values())),
            *_mark(name, own),
        ]

    def _get_events(self, source, name, ref):
        """Return all events of an object, with what matters of each."""
        events = self._get_all(source, "events", **{_WITH_EVENTS[name]: ref})
        return [
            {key: event.get(key) for key in ("id", "created_at", "action", "details")}
            for event in events
            if event["resource_type"] == name
        ]

    def _refuse_missing(self, ref):
        return Quarantine(
            Reason.SOURCE_REFUSED,
            self.env._("GoCardless shows no object %s to this access token.", ref),
        )

    def _wrap(self, source, objects):
        now = write_moment(datetime.now(UTC))
        payloads = [
            wrap(data["resource"], data["data"], now) if "resource" in data else data
            for data in objects
        ]
        return [
            (self._identify(payload), json.dumps(payload).encode())
            for payload in payloads
        ]


def _mark(name, objects):
    return [{"resource": name, "data": data} for data in objects]


def _get_mandate(name, data):
    if name == "mandates":
        return data["id"]
    return (data.get("links") or {}).get("mandate")


def _get_customer(mandate):
    return ((mandate or {}).get("links") or {}).get("customer")
