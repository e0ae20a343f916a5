import re
import time
from urllib.parse import quote

from pydantic import ValidationError
from stripe import SignatureVerificationError, WebhookSignature

from odoo import models

from ...canonical.display.faults import describe_faults, find_place
from ...canonical.envelope import Envelope
from ...canonical.errors import Malformed, Quarantine, Unauthentic
from ...canonical.reader import storable
from ...canonical.reasons import Reason
from . import words
from .const import SIGNATURE_HEADER
from .event import StripeEvent, read_customer_ref
from .events import EVENT_TYPES, NORMALISERS, WRAPPED
from .harmless import HARMLESS
from .notices import notice, unbooked_types

_LONGEST_ID = 255
#: What an envelope is told apart by; of other texts, odd characters are left out.
_NAMES = ("type", "api_version", "account")
_DASHBOARD = "https://dashboard.stripe.com"
#: The dashboard's folders by how the ids begin; what isn't here is searched for.
_FOLDERS = {
    "ch": "payments",
    "cus": "customers",
    "evt": "events",
    "in": "invoices",
    "pi": "payments",
    "po": "payouts",
    "price": "prices",
    "prod": "products",
    "py": "payments",
    "sub": "subscriptions",
    "txr": "tax-rates",
}


class SaasAdapterStripe(models.AbstractModel):
    """Verifies what Stripe's webhooks send, and reads facts from it. Leads people to an
    object in Stripe's dashboard, of the account and mode that a source is.
    https://docs.stripe.com/webhooks
    """

    _name = "saas.adapter.stripe"
    _inherit = "saas.adapter"
    _description = "Stripe adapter"

    _event_types = EVENT_TYPES
    _harmless = HARMLESS

    def _verify_request(self, secrets, inbound, tolerance):
        body, header = inbound.body, inbound.header(SIGNATURE_HEADER)
        if not any(_is_signed(body, header, secret, tolerance) for secret in secrets):
            raise Unauthentic("The request has no valid Stripe signature.")
        # The library bounds the age only; a stolen clock must not buy time either.
        if _signed_at(header) > time.time() + tolerance:
            raise Unauthentic("The signature's time is in the future.")

    def _identify(self, payload):
        if not all(storable(str(payload.get(key) or "")) for key in _NAMES):
            raise Malformed("The event's type, version or account is not a text.")
        try:
            event = StripeEvent(payload)
            read = _ENVELOPES.get(event.text("object", ""))
            if read is None:
                raise Malformed("The body is not a Stripe event.")
            envelope = read(event)
        except Quarantine as error:
            raise Malformed(error.detail) from error
        if not re.fullmatch(r"\w{1,255}", envelope.external_id, re.ASCII):
            raise Malformed("The event's id is not an id.")
        # Types of v2 may name a part: v2.core.account[requirements].updated
        if not re.fullmatch(r"[a-z0-9_.\[\]]{1,120}", envelope.event_type):
            raise Malformed("The event's type is not a type.")
        if not re.fullmatch(r"[\w.-]{0,60}", envelope.api_version, re.ASCII):
            raise Malformed("The event's API version is not a version.")
        if not re.fullmatch(r"\w{0,255}", envelope.account, re.ASCII):
            raise Malformed("The event's account is not an account.")
        return envelope

    def _normalise(self, payload):
        event = StripeEvent(payload)
        if event.text("object", "") == notice.KIND:
            normaliser = _read_notice
        else:
            normaliser = NORMALISERS.get(event.type) or WRAPPED.get(event.type)
        if normaliser is None:
            raise self._explain_unbooked(event.type)
        try:
            facts = normaliser(event)
            if not facts and event.type in unbooked_types.TYPES:
                return facts
            return facts if facts is None else [*facts, *words.find_unknown(event)]
        except ValidationError as error:
            raise Quarantine(
                Reason.INVALID_PAYLOAD, describe_faults(error), about=find_place(error)
            ) from None

    def _get_page(self, source, kind, external_id):
        prefix, separator, rest = external_id.partition("_")
        if not separator or not rest:
            return None
        parts = [_DASHBOARD]
        if (source.account_ref or "").startswith("acct_"):
            parts.append(quote(source.account_ref, safe=""))
        if not source.livemode:
            parts.append("test")
        if folder := _FOLDERS.get(prefix):
            parts += [folder, quote(external_id, safe="")]
        else:
            parts.append(f"search?query={quote(external_id, safe='')}")
        return "/".join(parts)


def _read_notice(event):
    return notice.read(event, NORMALISERS)


def _identify_customer(event):
    """Return the id of the customer whose event it is, or an empty text if the object
    is not as it should be: the drain says what is wrong, once the event is stored.
    """
    try:
        data = event.data
        is_customer = data.text("object", "") == "customer"
        customer = data.ref("id") if is_customer else read_customer_ref(data)
    except Quarantine:
        return ""
    return customer if customer and len(customer) <= _LONGEST_ID else ""


def _read_envelope(event):
    return Envelope(
        external_id=event.ref("id"),
        event_type=event.text("type"),
        occurred_at=event.moment("created"),
        api_version=event.text("api_version", ""),
        livemode=event.flag("livemode"),
        account=event.text("account", ""),
        customer=_identify_customer(event),
        bulk=event.is_wrapped,
    )


#: How an envelope is read, by the kind of object that the body states.
_ENVELOPES = {"event": _read_envelope, notice.KIND: notice.identify}


def _is_signed(body, header, secret, tolerance):
    try:
        return WebhookSignature.verify_header(body, header, secret, tolerance)
    except (SignatureVerificationError, TypeError, ValueError):
        # A header that isn't ASCII makes the comparison raise; it is no signature.
        return False


def _signed_at(header):
    """Return the time the library checked, read as the library reads it: a second
    way to read it would be a way around one of the two checks.
    """
    items = (item.split("=", 2) for item in header.split(","))
    return next(int(item[1]) for item in items if item[0] == "t")
