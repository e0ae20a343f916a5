"""Fetches whole objects, one reference at a time, and puts what was fetched or read
into envelopes.
"""

import json
import time

from odoo import models

from ...canonical.border.credential import CredentialKind
from ...canonical.errors import Quarantine
from ...canonical.kinds import Kind
from ...canonical.reader import Reader
from ...canonical.reasons import Reason
from .clearing.movement import keep_ids
from .const import API_VERSION
from .event import StripeEvent
from .resources import RESOURCES, SCOPES, expand, locate, locate_owner
from .subscriptions.price import is_partial
from .wrapped import wrap

#: What a discount takes off. https://docs.stripe.com/api/discounts/object
_COUPON = "discounts.source.coupon"


class SaasAdapterStripe(models.AbstractModel):
    """Fetches what a reference is about, and wraps objects for the inbox."""

    _inherit = "saas.adapter.stripe"

    _scopes = SCOPES
    _credential_kinds = (CredentialKind.API_KEY,)

    def _can_fetch(self, kind, external_id):
        if kind == Kind.OPENING_INVOICE:
            return True
        return bool(locate_owner(kind) or locate(kind, external_id))

    def _fetch(self, source, kind, external_id):
        if kind == Kind.OPENING_INVOICE:
            return [self._fetch_opening(source, external_id)]
        if owner := locate_owner(kind):
            return [self._fetch_inside(source, *owner, external_id)]
        place = locate(kind, external_id)
        if not place:
            raise Quarantine(
                Reason.UNSUPPORTED_TYPE,
                f"Stripe can't be asked for {kind} {external_id}.",
            )
        found, filters = place
        if filters is not None:
            return self._read_whole(source, found, filters)
        resource = RESOURCES[found]
        data = self._request(
            source, f"{resource.path}/{external_id}", **expand(resource.expand)
        )
        data = self._complete(source, resource, data)
        return [self._complete_prices(source, data)]

    def _fetch_inside(self, source, resource, key, external_id):
        """Return the object that stands inside another one."""
        data = self._request(source, f"{resource.path}/{external_id}", expand=[key])
        if not isinstance(data.get(key), dict):
            raise Quarantine(
                Reason.INCOMPLETE_PAYLOAD, f"{external_id} does not hold its {key}."
            )
        return data[key]

    def _fetch_listed(self, source, kind, external_id):
        if kind == Kind.PAYMENT and external_id.startswith("pi_"):
            # A payment is known by its intent's id, but its charge tells the rest.
            page = self._read_page(source, "charge", {"payment_intent": external_id})
            paid = (data for data in page.objects if data.get("status") == "succeeded")
            return next(paid, None)
        try:
            [data] = self._fetch(source, kind, external_id)
        except Quarantine as error:
            if getattr(error.__cause__, "http_status", None) == 404:
                return None
            raise
        # For a deleted customer Stripe tells the id, and that it is deleted.
        return None if data.get("deleted") else data

    def _complete(self, source, resource, data):
        """Return an object with all entries of its long list, not the first few."""
        if data["object"] == Kind.MOVEMENT:
            return keep_ids(data)
        inner = data.get(resource.paged) if resource.paged else None
        if not inner or not inner.get("has_more"):
            return data
        path = f"{resource.path}/{data['id']}/{resource.paged}"
        pages = self._read_pages(source, path)
        entries = [entry for page in pages for entry in page]
        whole = {**inner, "data": entries, "has_more": False}
        return {**data, resource.paged: whole}

    def _wrap(self, source, objects):
        now = int(time.time())
        payloads = [
            data
            if data["object"] == "event"
            else wrap(data, API_VERSION, source.livemode, now)
            for data in objects
        ]
        return [
            (self._identify(payload), json.dumps(payload).encode())
            for payload in payloads
        ]

    def _complete_prices(self, source, data):
        """Return an object; a subscription with all that its prices and discounts are,
        which Stripe tells only to whoever asks for it, and not so deep inside.
        """
        if data["object"] != Kind.SUBSCRIPTION or not is_partial(Reader(data)):
            return data
        pages = self._read_pages(
            source,
            "/v1/subscription_items",
            subscription=data["id"],
            **expand(("data.price.tiers", f"data.{_COUPON}")),
        )
        items = [item for page in pages for item in page]
        path = f"{RESOURCES['subscription'].path}/{data['id']}"
        whole = self._request(source, path, **expand((_COUPON,)))
        listed = {**whole["items"], "data": items, "has_more": False}
        return {**whole, "items": listed}

    def _get_object_id(self, payload):
        return StripeEvent(payload).data.ref("id")
