import hashlib
import json
import re
from datetime import UTC, datetime
from urllib.parse import quote

from pydantic import ValidationError

from odoo import models

from ...canonical.border.credential import CredentialKind
from ...canonical.border.inbound import Answer, Arrival, Capability
from ...canonical.display.faults import find_place
from ...canonical.envelope import Envelope
from ...canonical.errors import Malformed, Quarantine, Unauthentic
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from .const import SIGNATURE_HEADER, UNREADABLE
from .event import GoCardlessEvent
from .events import NORMALISERS, PULLED
from .harmless import HARMLESS
from .notices import notice

_DASHBOARDS = {
    True: "https://manage.gocardless.com",
    False: "https://manage-sandbox.gocardless.com",
}
#: The dashboard's folders.
_FOLDERS = {
    Kind.CUSTOMER: "customers",
    Kind.PAYMENT: "payments",
    Kind.PAYOUT: "payouts",
}


class SaasAdapterGoCardless(models.AbstractModel):
    """Translates what GoCardless sends and what is read from it. Its webhooks bring
    many events at once and none with an amount: each says only that something has
    happened, and the object is fetched.
    https://developer.gocardless.com/api-reference/#appendix-webhooks
    """

    _name = "saas.adapter.gocardless"
    _inherit = "saas.adapter"
    _description = "GoCardless adapter"

    _capabilities = frozenset(
        {Capability.RECEIVES, Capability.READS, Capability.HOLDS_MONEY}
    )
    _signs_time = False
    #: The last version that takes the version of requests that Odoo pins.
    _library = ("gocardless-pro==3.5.0", "gocardless_pro")
    _scopes = ("Read-only access",)
    _credential_kinds = (CredentialKind.API_KEY,)
    _harmless = HARMLESS

    def _describe_secret(self):
        return self.env._(
            "The secret of the webhook endpoint: in GoCardless, open Developers, "
            "Create, Webhook endpoint, enter the webhook address and copy the secret, "
            "then paste it under Connection. Until then every request is refused."
        )

    def _get_setup_steps(self, source):
        return [
            self.env._(
                "In GoCardless, open Developers and create an access token with "
                "read-only access. Paste it under Connection as the API key: webhooks "
                "bring no amounts, so nothing can be booked without it. To have "
                "Odoo's own invoices collected, it needs read-write access."
            ),
            self.env._(
                "Create a webhook endpoint there with the webhook address of this "
                "source, and paste its secret under Connection."
            ),
            self.env._(
                "If GoCardless adds VAT to its fees, choose that purchase tax as the "
                "tax on fees, under Accounting."
            ),
            self.env._(
                "Send a test webhook from the endpoint's page in GoCardless, and look "
                "for its events here."
            ),
        ]

    def _explain_key(self, key):
        if key.startswith(("live_", "sandbox_")):
            return None
        return self.env._(
            "This is no access token of GoCardless: one begins with live_ or "
            "sandbox_. Create it in GoCardless under Developers."
        )

    def _get_key_mode(self, key):
        match = re.match(r"(live|sandbox)_", key)
        return match and match[1] == "live"

    def _get_page(self, source, kind, external_id):
        folder = _FOLDERS.get(kind)
        if not folder:
            return None
        ref = quote(external_id.partition("/")[0], safe="")
        return f"{_DASHBOARDS[source.livemode]}/{folder}/{ref}"

    # -- a request comes in -----------------------------------------------------

    def _verify_request(self, secrets, inbound, tolerance):
        header = inbound.header(SIGNATURE_HEADER)
        if not any(_is_signed(inbound.body, secret, header) for secret in secrets):
            raise Unauthentic("The request has no valid GoCardless signature.")

    def _split(self, inbound):
        events = self._parse(inbound.body).get("events")
        if not isinstance(events, list):
            raise Malformed("The body has no list of events.")
        return [self._make_arrival(event) for event in events]

    def _make_arrival(self, event):
        """Return one event of a webhook as an arrival. One that can't be read has an id
        made of its own bytes, and says in the drain what is wrong with it.
        """
        body = json.dumps(event).encode()
        try:
            if not isinstance(event, dict):
                raise Malformed("The event is not an object.")
            return Arrival(self._identify(event), body)
        except Malformed:
            digest = hashlib.sha256(body).hexdigest()[:32]
            envelope = Envelope(f"{UNREADABLE}_{digest}", UNREADABLE, datetime.now(UTC))
            return Arrival(envelope, body)

    def _identify(self, payload):
        try:
            event = GoCardlessEvent(payload)
            envelope = Envelope(
                external_id=event.text("id"),
                event_type=event.type,
                occurred_at=event.occurred_at,
                # A partner's app gets the events of many accounts at one endpoint.
                account=event.text("links.organisation", ""),
                customer=event.customer,
            )
        except Quarantine as error:
            raise Malformed(error.detail) from error
        if not re.fullmatch(r"[\w/.-]{1,255}", envelope.external_id, re.ASCII):
            raise Malformed("The event's id is not an id.")
        if not re.fullmatch(r"[a-z0-9_.]{1,120}", envelope.event_type):
            raise Malformed("The event's type is not a type.")
        if not re.fullmatch(r"\w{0,255}", envelope.account, re.ASCII):
            raise Malformed("The event's organisation is not an id.")
        return envelope

    def _acknowledge(self, inbound, count):
        return Answer(body=b"", status=204)

    # -- the stored event is processed ------------------------------------------

    def _normalise(self, payload):
        self._identify(payload)  # a part of a webhook may be no event
        event = GoCardlessEvent(payload)
        if event.is_pulled:
            normaliser = PULLED.get(event.type)
        else:
            normaliser = NORMALISERS.get(event.type) or notice.find(event.type)
        if normaliser is None:
            raise self._explain_unbooked(event.type)
        try:
            return normaliser(event)
        except ValidationError as error:
            # Only where and what: the values may be personal.
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc'])) or 'The fact'}: {fault['msg']}"
                for fault in error.errors(include_input=False, include_url=False)
            )
            raise Quarantine(
                Reason.INVALID_PAYLOAD, faults, about=find_place(error)
            ) from None

    def _get_object_id(self, payload):
        event = GoCardlessEvent(payload)
        return event.data.ref("id") if event.is_pulled else notice.get_object_id(event)


def _is_signed(body, secret, header):
    try:
        from gocardless_pro import webhooks
        from gocardless_pro.errors import InvalidSignatureError
    except ImportError:
        return False  # what can't be verified isn't let in: the set-up page says why
    if not header.isascii():
        return False  # the library would raise
    try:
        webhooks.parse(body, secret, header)
    except InvalidSignatureError:
        return False
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return True  # it was signed, and is read later: the library reads it here
    return True
