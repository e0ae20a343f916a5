from datetime import UTC, datetime, time
from email.utils import format_datetime

from pydantic import ValidationError

from odoo import models

from ...canonical.border.forms import parse_array
from ...canonical.border.inbound import Answer, Arrival, Capability
from ...canonical.display.faults import describe_faults, find_place
from ...canonical.envelope import parse
from ...canonical.errors import Malformed, Quarantine, Refused
from ...canonical.reasons import Reason
from ...canonical.schema.versions import TYPES, get_taken
from . import cloud_event, events_of_request, signature
from .arrivals import USAGE, is_bundle, read_batch, read_usage, write_envelope
from .events import NORMALISERS
from .harmless import HARMLESS
from .usage import RECORD_READERS, RECORDS, gather, gather_alike


class SaasAdapterStandard(models.AbstractModel):
    """The public interface of this addon, for whoever writes a sender of their own: our
    facts as CloudEvents 1.0 in JSON, signed as Standard Webhooks says, in published
    versions. ``docs/standard.rst`` tells senders all of it.

    An event is known by CloudEvents' ``source`` and ``id`` together.
    """

    _name = "saas.adapter.standard"
    _inherit = "saas.adapter"
    _description = "Standard adapter"

    _capabilities = frozenset(
        {Capability.RECEIVES, Capability.ISSUES_DOCUMENTS, Capability.HOLDS_MONEY}
    )
    _id_fixes_content = True
    _has_scopes = True
    _types_without_books = USAGE
    # A sender sends; it is never called.
    _credential_kinds = ()
    _can_generate_secret = True
    _kept_headers = (
        "content-type",
        "user-agent",
        "webhook-id",
        "webhook-timestamp",
        "ce-specversion",
        "ce-id",
        "ce-source",
        "ce-type",
        "ce-time",
        "ce-subject",
        "ce-dataschema",
        f"ce-{cloud_event.VERSION}",
        f"ce-{cloud_event.SEQUENCE}",
    )
    _event_types = tuple(TYPES)
    _harmless = HARMLESS

    # -- describes itself -------------------------------------------------------

    def _get_capabilities(self, source):
        """A sender may issue documents, hold money, or both: a journal says which."""
        able = {Capability.RECEIVES}
        if source.sale_journal_id or not source.clearing_journal_id:
            able.add(Capability.ISSUES_DOCUMENTS)
        if source.clearing_journal_id:
            able.add(Capability.HOLDS_MONEY)
        return frozenset(able)

    def _describe_secret(self):
        return self.env._(
            "A signing secret: press Create Secret and give it to who writes the "
            "sender. Until then every request is refused."
        )

    def _get_setup_steps(self, source):
        return [
            self.env._("Press Create Secret. The secret is shown once."),
            self.env._(
                "Give the sender the webhook address and the secret. What it has to "
                "send is in the addon's docs/standard.rst, and as JSON Schema at %s.",
                f"{source.get_base_url()}/saas/schema/<type>/<version>",
            ),
            self.env._("Map the sender's products and tax codes, or set defaults."),
        ]

    def _explain_secret(self, secret):
        if signature.read_key(secret) is not None:
            return None
        return self.env._(
            "This is not a secret of Standard Webhooks: it is whsec_ and then 24 to 64 "
            "bytes in base64. Press Create Secret to make one."
        )

    def _generate_secret(self):
        return signature.make_secret()

    # -- a request comes in -----------------------------------------------------

    def _verify_request(self, secrets, inbound, tolerance):
        signature.verify(secrets, inbound, tolerance)

    def _split(self, inbound):
        if events_of_request.is_batch(inbound):
            if quick := read_usage(inbound):
                return [quick]
        items, is_batch = events_of_request.split(inbound)
        if not is_batch:
            [(body, _value)] = items
            event = cloud_event.read(parse(body))
            moments = event.time, signature.read_time(inbound)
            if trouble := self._find_trouble(event.type, event.version, *moments):
                old = event.version in TYPES[event.type]
                raise Refused(trouble, _name_version(event) if old else None)
            return [Arrival(write_envelope(event), body)]
        return [*read_batch(items, inbound)]

    def _identify(self, payload):
        return write_envelope(cloud_event.read(payload))

    def _parse(self, body):
        if body.lstrip()[:1] == b"[":
            return {RECORDS: parse_array(body)}
        return parse(body)

    def _find_old_versions(self, inbound, arrivals):
        sent_at, old = signature.read_time(inbound), {}
        for envelope, _body in arrivals:
            name = envelope.event_type, envelope.api_version
            if _is_deprecated(*name):
                moments = envelope.occurred_at, sent_at
                is_refused = bool(self._find_trouble(*name, *moments))
                old[envelope.sender, *name] = is_refused
        return old

    def _acknowledge(self, inbound, count):
        old = [v for versions in TYPES.values() for v in versions.values()]
        if not any(version.deprecated_on for version in old):
            return Answer()
        items, _is_batch = events_of_request.split(inbound)
        return Answer(headers=(*_write_warnings([body for body, _value in items]),))

    # -- the stored event is processed ------------------------------------------

    def _check_arrival(self, event):
        """A single event of a version that has ended was refused. One of a batch is
        shown by itself, and the others are booked.
        """
        name = event.event_type, event.api_version
        if not _is_deprecated(*name):
            return
        moments = event.occurred_at, _read_sent(event)
        if trouble := self._find_trouble(*name, *moments):
            raise Quarantine(Reason.INVALID_PAYLOAD, trouble)

    def _normalise(self, payload):
        if is_bundle(payload):
            if quick := gather_alike(payload[RECORDS]):
                return [quick]
            events = [cloud_event.read(record) for record in payload[RECORDS]]
            if any(event.type not in USAGE for event in events):
                raise Malformed("The array has events that are no records of usage.")
            records = [self._read(event, RECORD_READERS) for event in events]
            return [gather(records)] if records else []
        event = cloud_event.read(payload)
        return None if event.type not in TYPES else self._read(event, NORMALISERS)

    def _get_object_id(self, payload):
        first = payload[RECORDS][:1] if is_bundle(payload) else [payload]
        data = cloud_event.read(*first or [{}]).data
        external_id = data.get("id") if isinstance(data, dict) else None
        if not isinstance(external_id, str) or not external_id:
            raise Quarantine(
                Reason.INVALID_PAYLOAD, "The event's data names no object."
            )
        return external_id

    def _read(self, event, normalisers):
        """Return the facts that an event of a known type states, or what else
        ``normalisers`` make of it.
        """
        if trouble := self._find_trouble(event.type, event.version, event.time):
            raise Quarantine(Reason.INVALID_PAYLOAD, trouble)
        version = TYPES[event.type][event.version]
        try:
            data = version.model.model_validate(event.data)
            normaliser = normalisers.get((event.type, event.version))
            return normaliser(event, data) if normaliser else []
        except ValidationError as error:
            raise Quarantine(
                Reason.INVALID_PAYLOAD, describe_faults(error), about=find_place(error)
            ) from None

    def _find_trouble(self, event_type, version, *moments):
        """Return the sentence that says why an event's version isn't taken, or None.

        :param moments: when it happened, and when it was sent as far as that is known.
            The later one counts: senders date what they send as they like.
        """
        if event_type not in TYPES:
            return None
        known = TYPES[event_type].get(version)
        if known and not known.sunset_on:
            return None
        day = max(moment.date() for moment in moments)
        if known and not known.is_over(day):
            return None
        taken = get_taken(event_type, day)
        values = {
            "version": version,
            "type": event_type,
            "known": ", ".join(taken) or "-",
        }
        if known:
            return self.env._(
                "Version %(version)s of %(type)s is not taken any more. The versions "
                "taken are: %(known)s.",
                **values,
            )
        return self.env._(
            "There is no version %(version)s of %(type)s. The versions taken are: "
            "%(known)s.",
            **values,
        )


def _name_version(event):
    return event.sender, event.type, event.version


def _read_sent(event):
    """Return when the request was sent that brought a stored event, as its sender has
    signed it. What came by another way than a request was sent when it came.
    """
    delivery = event.delivery_id
    stamp = (delivery.headers or {}).get(signature.TIME_HEADER.lower())
    return signature.read_stamp(stamp) if stamp else event.received_at


def _is_deprecated(event_type, version):
    known = TYPES.get(event_type, {}).get(version)
    return known is not None and known.deprecated_on is not None


def _write_warnings(bodies):
    """Yield the headers that tell a sender of old versions since when they should not
    be used, and until when they are taken: the earliest of each.
    https://www.rfc-editor.org/rfc/rfc9745 https://www.rfc-editor.org/rfc/rfc8594
    """
    used = []
    for body in bodies:
        try:
            event = cloud_event.read(parse(body))
        except Malformed:
            continue
        if version := TYPES.get(event.type, {}).get(event.version):
            used.append(version)
    deprecated = [v.deprecated_on for v in used if v.deprecated_on]
    sunsets = [v.sunset_on for v in used if v.deprecated_on and v.sunset_on]
    if deprecated:
        since = datetime.combine(min(deprecated), time.min, UTC)
        yield "Deprecation", f"@{int(since.timestamp())}"
    if sunsets:
        # The day itself is the last one.
        until = datetime.combine(min(sunsets), time.max, UTC)
        yield "Sunset", format_datetime(until.replace(microsecond=0), usegmt=True)
