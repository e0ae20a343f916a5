"""Checks keys and secrets, and creates the endpoint that Stripe sends events to.
https://docs.stripe.com/api/webhook_endpoints
"""

import json
import re

import stripe

from odoo import models

from ...canonical.errors import Quarantine
from ...canonical.reasons import Reason
from .api import PASSING, UNREACHED
from .const import API_VERSION
from .events import EVENT_TYPES
from .resources import RESOURCES

_PATH = "/v1/webhook_endpoints"
_SECRET = re.compile(r"whsec_[\w+/=-]{8,}", re.ASCII)
_KEY = re.compile(r"(?:sk|rk)_(?:test|live)_[A-Za-z0-9_]{8,}")
#: Stands for all types of events.
_ANY = "*"
_NONCE = "saas_request"


class SaasAdapterStripe(models.AbstractModel):
    """Helps to set a source up: forms, a test of the key, and the endpoint."""

    _inherit = "saas.adapter.stripe"

    _can_create_endpoint = True

    def _explain_secret(self, secret):
        if _SECRET.fullmatch(secret):
            return None
        if secret.startswith(("sk_", "rk_", "pk_")):
            return self.env._(
                "This is an API key. The signing secret begins with whsec_: in "
                "Stripe's dashboard open Developers, Webhooks, then the endpoint, and "
                "reveal its signing secret."
            )
        return self.env._(
            "A signing secret of Stripe begins with whsec_. You find it in Stripe's "
            "dashboard under Developers, Webhooks: open the endpoint, and reveal its "
            "signing secret."
        )

    def _explain_key(self, key):
        if _KEY.fullmatch(key):
            return None
        if key.startswith("pk_"):
            return self.env._(
                "This is a publishable key, which can read nothing. Create a "
                "restricted key, which begins with rk_: in Stripe's dashboard open "
                "Developers, API keys."
            )
        if key.startswith("whsec_"):
            return self.env._(
                "This is a signing secret. An API key begins with rk_ or sk_: in "
                "Stripe's dashboard open Developers, API keys."
            )
        return self.env._(
            "An API key of Stripe begins with rk_live_, rk_test_, sk_live_ or "
            "sk_test_. You find it in Stripe's dashboard under Developers, API keys."
        )

    def _test_key(self, source):
        client, missing = self._get_client(source), []
        lists = {
            resource.path: resource.scope
            for resource in RESOURCES.values()
            if "{" not in resource.path and resource.path.startswith("/v1/")
        }
        for path, scope in lists.items():
            try:
                client.raw_request("get", path, limit=1)
            except stripe.PermissionError:
                missing.append(scope)
            except PASSING as error:
                raise source._make_passing(error, UNREACHED) from error
            except stripe.AuthenticationError as error:
                raise Quarantine(Reason.SOURCE_REFUSED, str(error)) from error
            except stripe.StripeError:
                # The account doesn't have what this list is of; the key may read it.
                continue
        return [
            self.env._("The key may not read %s.", scope)
            for scope in dict.fromkeys(missing)
        ]

    def _test_endpoint(self, source, url):
        try:
            found = self._find_endpoint(source, url)
        except Quarantine:
            return None
        if not found:
            return [
                self.env._(
                    "Stripe has no endpoint that sends to this source's address. Press "
                    "Create the Endpoint, or create it by hand."
                )
            ]
        problems = []
        if found.get("status") != "enabled":
            problems.append(
                self.env._("The endpoint is disabled. Enable it in Stripe's dashboard.")
            )
        enabled = set(found.get("enabled_events") or ())
        missing = [] if _ANY in enabled else sorted(set(EVENT_TYPES) - enabled)
        if missing:
            problems.append(
                self.env._(
                    "The endpoint does not send these events: %s. Add them in "
                    "Stripe's dashboard.",
                    ", ".join(missing),
                )
            )
        return problems

    def _create_endpoint(self, source, url, nonce):
        found = self._find_endpoint(source, url)
        # Odoo repeats a request that lost a race. Then Stripe has the endpoint of the
        # first one, and tells its secret again to the same idempotency key.
        if found and (found.get("metadata") or {}).get(_NONCE) != nonce:
            raise Quarantine(
                Reason.SOURCE_REFUSED,
                self.env._(
                    "Stripe has an endpoint for this address already. Reveal its "
                    "signing secret in Stripe's dashboard and paste it, or delete the "
                    "endpoint there and press the button again."
                ),
            )
        client = self._get_client(source)
        try:
            response = client.raw_request(
                "post",
                _PATH,
                url=url,
                enabled_events=list(EVENT_TYPES),
                api_version=API_VERSION,
                description=source.name,
                metadata={_NONCE: nonce},
                idempotency_key=nonce,
            )
        except stripe.PermissionError as error:
            raise Quarantine(
                Reason.SOURCE_REFUSED,
                self.env._(
                    "The key may not create endpoints. Let it write Webhook Endpoints, "
                    "or create the endpoint in Stripe's dashboard: copy the address "
                    "and the events below."
                ),
            ) from error
        except PASSING as error:
            raise source._make_passing(error, UNREACHED) from error
        except stripe.StripeError as error:
            raise Quarantine(Reason.SOURCE_REFUSED, str(error)) from error
        return json.loads(response.body)["secret"]

    def _find_endpoint(self, source, url):
        """Return the endpoint for an address, a plain dict, or None."""
        for page in self._read_pages(source, _PATH):
            for endpoint in page:
                if endpoint.get("url") == url:
                    return endpoint
        return None
