"""A source of the published interface, and requests to it as a sender makes them."""

import copy
import itertools
import json
import secrets
import time
from datetime import UTC, datetime

from standardwebhooks import Webhook
from werkzeug.datastructures import Headers

from odoo import Command

from ...canonical.border.inbound import Inbound
from ...canonical.schema.examples import EXAMPLES
from ..support.common import SaasCommon

SENDER = "https://app.example/billing"
#: 32 bytes, in the form that libraries know.
SECRET = "whsec_bWVyaWRpYW4tbGFudGVybi1xdWFycnktd2lsbG93ISE="
OTHER_SECRET = "whsec_aGFyYm9yLXZlbHZldC1jb3BwZXItbnV0bWVnLWZqb3Jk"
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"

_numbers = itertools.count(1)


def write_event(event_type, data, version=None, **attributes):
    """Return an event in structured mode, a dict.

    :param version: of the data; None leaves it to the default.
    """
    if version is not None:
        attributes["dataschema"] = f"https://odoo.example/saas/schema/{event_type}/" + (
            version
        )
    return {
        "specversion": "1.0",
        "id": f"e-{next(_numbers)}",
        "source": SENDER,
        "type": event_type,
        "time": "2026-11-02T09:30:00Z",
        "data": data,
        **attributes,
    }


def write_example(event_type, **changes):
    """Return an event with the published example of a type, in its newest version, and
    its data changed.
    """
    *_, (version, data) = [(v, d) for (t, v), d in EXAMPLES.items() if t == event_type]
    return write_event(event_type, copy.deepcopy({**data, **changes}), version)


def sign(body, secret=SECRET, message_id=None, moment=None):
    """Return the headers of Standard Webhooks for a body (bytes)."""
    message_id = message_id or f"msg_{secrets.token_hex(8)}"
    moment = moment or datetime.fromtimestamp(int(time.time()), UTC)
    return {
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(int(moment.timestamp())),
        "Webhook-Signature": Webhook(secret).sign(message_id, moment, body.decode()),
    }


class StandardCommon(SaasCommon):
    """A company whose source is of the published interface."""

    @classmethod
    def _create_source(cls, **vals):
        return super()._create_source(
            **{
                "name": "Own platform",
                "adapter": "standard",
                "secret_ids": [Command.create({"new_value": SECRET})],
                "tax_mapping_ids": [
                    Command.create({"external_id": "vat19", "tax_id": cls.vat_19.id})
                ],
                **vals,
            }
        )

    def send(self, body, headers=None, source=None):
        """Take a request in as the controller does, over no network.

        :return: the events that were new.
        """
        source = source or self.source
        content = {"Content-Type": STRUCTURED, **(headers or {})}
        if "Webhook-Id" not in content:
            content |= sign(body)
        inbound = Inbound("POST", source.webhook_url, Headers(content), body)
        adapter = source._get_adapter()
        adapter._verify_request(
            source._get_valid_secrets(), inbound, source.signature_tolerance
        )
        scope = self.env["saas.scope"]
        scopes = scope._find(source, inbound)
        events = source._store_events(adapter._split(inbound), inbound)
        scope._keep(events, scopes)
        return events

    def tell(self, *events, source=None, batch=False):
        """Send events (dicts), each alone or all in one batch, and drain.

        :return: the events that were new.
        """
        stored = self.env["saas.subscription.event"]
        if batch:
            body = json.dumps(events).encode()
            stored |= self.send(body, {"Content-Type": BATCH}, source)
        else:
            for event in events:
                stored |= self.send(json.dumps(event).encode(), source=source)
        self.drain(source)
        return stored
