"""Pulls whole objects, one by one or in pages, and puts them into envelopes."""

import json
import time

from odoo import models

from ...canonical.errors import Quarantine
from ...canonical.reasons import Reason
from .const import API_VERSION
from .pulled import wrap
from .resources import RESOURCES, SCOPES, get_list_path, locate, locate_owner

#: The most that Stripe gives in one page.
PAGE = 100


class SaasAdapterStripe(models.AbstractModel):
    _inherit = "saas.adapter.stripe"

    _scopes = SCOPES

    def _can_fetch(self, kind, external_id):
        return bool(locate_owner(kind) or locate(kind, external_id))

    def _fetch(self, source, kind, external_id):
        if owner := locate_owner(kind):
            return [self._fetch_inside(source, *owner, external_id)]
        place = locate(kind, external_id)
        if not place:
            raise Quarantine(Reason.UNSUPPORTED_TYPE, f"{kind} {external_id}")
        found, filters = place
        if filters is None:
            resource = RESOURCES[found]
            data = self._retrieve(
                source, f"{resource.path}/{external_id}", **_expand(resource.expand)
            )
            return [self._complete(source, resource, data)]
        objects, after = [], None
        while True:
            page, after = self._fetch_page(source, found, filters, after)
            objects += page
            if not after:
                return objects

    def _fetch_inside(self, source, resource, key, external_id):
        """Return the object that another one is of."""
        data = self._retrieve(source, f"{resource.path}/{external_id}", expand=[key])
        if not isinstance(data.get(key), dict):
            raise Quarantine(
                Reason.INCOMPLETE_PAYLOAD, f"{external_id} does not hold its {key}"
            )
        return data[key]

    def _fetch_page(self, source, kind, filters, after=None):
        resource = RESOURCES[kind]
        path, params = get_list_path(resource, filters)
        params |= _expand(f"data.{name}" for name in resource.expand)
        if after:
            params["starting_after"] = after
        page = self._retrieve(source, path, limit=PAGE, **params)
        objects = [self._complete(source, resource, data) for data in page["data"]]
        more = page.get("has_more") and objects
        return objects, objects[-1]["id"] if more else None

    def _wrap_pulled(self, source, objects):
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

    def _complete(self, source, resource, data):
        """Return an object with all entries of its long list, not the first few."""
        inner = data.get(resource.paged) if resource.paged else None
        if not inner or not inner.get("has_more"):
            return data
        pages = self._list(source, f"{resource.path}/{data['id']}/{resource.paged}")
        entries = [entry for page in pages for entry in page]
        whole = {**inner, "data": entries, "has_more": False}
        return {**data, resource.paged: whole}


def _expand(names):
    names = list(names)
    return {"expand": names} if names else {}
