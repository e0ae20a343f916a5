"""Reads objects through Stripe's API, by Stripe's own library.
https://docs.stripe.com/api
"""

import json
import re

import stripe

from odoo import models

from ...canonical.errors import Later, Quarantine
from ...canonical.reasons import Cause, Reason
from .const import API_VERSION

#: The parameter with the API's address if it is not Stripe's: in a test, a counterpart
#: on this machine.
ADDRESS_PARAMETER = "saas_billing_sync.stripe_api_address"
#: The time-out of a single request, in seconds; the library repeats it by itself.
TIMEOUT = 30
RETRIES = 3

#: Errors of the network.
UNREACHED = stripe.APIConnectionError
#: Errors that pass by themselves: the network, a limit of requests, or trouble at
#: Stripe.
PASSING = (UNREACHED, stripe.RateLimitError, stripe.APIError)
#: Errors that nothing but another key, or another right of it, can mend.
_REFUSING = (stripe.AuthenticationError, stripe.PermissionError)


class SaasAdapterStripe(models.AbstractModel):
    """Requests to Stripe's API, with the source's key and account."""

    _inherit = "saas.adapter.stripe"

    def _request(self, source, path, **params):
        """Return Stripe's answer as plain JSON: an object for a path such as
        ``/v1/payouts/po_1``, a page of a list for one such as ``/v1/payouts``.

        :raises Quarantine: if the source has no key, or it may not read this.
        :raises Transient: if Stripe can't be reached, or asks to come back later.
        """
        return self._send(source, self._get_client(source), path, params)

    def _read_pages(self, source, path, **params):
        """Yield the pages of a list, each a list of plain dicts, the newest first.

        It raises what :meth:`_request` raises, also between two pages.
        """
        client = self._get_client(source)
        params = {"limit": 100, **params}
        while True:
            page = self._send(source, client, path, params)
            if page["data"]:
                yield page["data"]
            if not page.get("has_more") or not page["data"]:
                return
            params["starting_after"] = page["data"][-1]["id"]

    def _get_client(self, source):
        key = source._get_api_key()
        if not key:
            raise Quarantine(
                Reason.INCOMPLETE_SETUP,
                self.env._(
                    "The source has no API key to read with. Paste one under "
                    "Connection."
                ),
                about="new_api_key",
            )
        address = self.env["ir.config_parameter"].sudo().get_param(ADDRESS_PARAMETER)
        return stripe.StripeClient(
            key,
            stripe_account=source._get_api_account(),
            stripe_version=API_VERSION,
            base_addresses={"api": address} if address else {},
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(
                timeout=TIMEOUT, session=source._open_session(with_credential=False)
            ),
        )

    def _send(self, source, client, path, params):
        try:
            response = client.raw_request("get", path, **params)
        except PASSING as error:
            if isinstance(error.__cause__ or error.__context__, Later):
                # The library takes it for a network that is down.
                raise (error.__cause__ or error.__context__) from None
            raise source._make_passing(error, UNREACHED) from error
        except stripe.StripeError as error:
            refused = isinstance(error, _REFUSING)
            cause = Cause.KEY_REFUSED.of() if refused else None
            raise Quarantine(Reason.SOURCE_REFUSED, str(error), cause=cause) from error
        return json.loads(response.body)

    def _get_key_mode(self, key):
        # https://docs.stripe.com/keys: the type, the mode, and then what is random.
        match = re.match(r"(?:sk|rk)_(live|test)_", key)
        return match and match[1] == "live"
