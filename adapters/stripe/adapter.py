import re
import time

from pydantic import ValidationError
from stripe import SignatureVerificationError, WebhookSignature

from odoo import models

from ...canonical.envelope import Envelope
from ...canonical.errors import Malformed, Quarantine, Unauthentic
from ...canonical.reasons import Reason
from .const import SIGNATURE_HEADER
from .event import StripeEvent
from .normalisers import EVENT_TYPES, NORMALISERS, PULLED


class SaasAdapterStripe(models.AbstractModel):
    """Stripe's snapshot events. https://docs.stripe.com/webhooks"""

    _name = "saas.adapter.stripe"
    _inherit = "saas.adapter"
    _description = "Stripe adapter"

    _event_types = EVENT_TYPES

    def _verify_request(self, secrets, body, headers, tolerance):
        header = headers.get(SIGNATURE_HEADER) or ""
        if not any(_is_signed(body, header, secret, tolerance) for secret in secrets):
            raise Unauthentic("no valid Stripe signature")
        # The library bounds the age only; a stolen clock must not buy time either.
        if _signed_at(header) > time.time() + tolerance:
            raise Unauthentic("the signature's time is in the future")

    def _identify(self, payload):
        try:
            event = StripeEvent(payload)
            kind = event.text("object", "")
            external_id = event.text("id")
            event_type = event.text("type")
            envelope = Envelope(
                external_id=external_id,
                event_type=event_type,
                occurred_at=event.moment("created"),
                api_version=event.text("api_version", ""),
                livemode=event.flag("livemode"),
                account=event.text("account", ""),
            )
        except Quarantine as error:
            raise Malformed(error.detail) from error
        if kind != "event":
            raise Malformed("the body is not a Stripe event")
        if not re.fullmatch(r"\w{1,255}", external_id, re.ASCII):
            raise Malformed("the event's id is not an id")
        if not re.fullmatch(r"[a-z0-9_.]{1,120}", event_type):
            raise Malformed("the event's type is not a type")
        return envelope

    def _normalise(self, payload):
        event = StripeEvent(payload)
        normaliser = NORMALISERS.get(event.type) or PULLED.get(event.type)
        if normaliser is None:
            return None
        try:
            return normaliser(event)
        except ValidationError as error:
            # Only where and what: the values may be personal.
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
                for fault in error.errors(include_input=False, include_url=False)
            )
            raise Quarantine(Reason.INVALID_PAYLOAD, faults) from None


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
