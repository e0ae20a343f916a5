"""Another addon adds a system that sends batches of XML with a name and a password, and
expects an answer of its own form.

Covers adapters/adapter, controllers/webhook, canonical/border/forms.
"""

import base64

from odoo import Command
from odoo.tests import tagged

from .extension_common import ExtensionCase

_SECRET = "ledger:quince-harbor-lantern"

_FILES = {
    "__manifest__.py": """
{
    "name": "Soapbox Billing",
    "version": "19.0.1.0.0",
    "author": "Somebody else",
    "license": "LGPL-3",
    "depends": ["saas_billing_sync"],
}
""",
    "__init__.py": "from . import saas_adapter_soapbox, saas_source",
    "saas_source.py": """
from odoo import fields, models


class SaasSource(models.Model):
    _inherit = "saas.source"

    adapter = fields.Selection(
        selection_add=[("soapbox", "Soapbox")], ondelete={"soapbox": "cascade"}
    )
""",
    "saas_adapter_soapbox.py": """
import hashlib
from datetime import UTC, datetime

from lxml import etree

from odoo import models

from odoo.addons.saas_billing_sync.canonical.border.forms import parse_xml
from odoo.addons.saas_billing_sync.canonical.border.inbound import (
    Answer,
    Arrival,
    Capability,
)
from odoo.addons.saas_billing_sync.canonical.border.signatures import is_basic
from odoo.addons.saas_billing_sync.canonical.envelope import Envelope
from odoo.addons.saas_billing_sync.canonical.errors import (
    Malformed,
    Quarantine,
    Unauthentic,
)
from odoo.addons.saas_billing_sync.canonical.facts import Customer
from odoo.addons.saas_billing_sync.canonical.reader import Reader


class SaasAdapterSoapbox(models.AbstractModel):
    _name = "saas.adapter.soapbox"
    _inherit = "saas.adapter"
    _description = "Soapbox adapter"

    _capabilities = frozenset({Capability.RECEIVES})
    _signs_time = False
    _kept_headers = ("content-type", "soapaction")

    def _verify_request(self, secrets, inbound, tolerance):
        given = inbound.header("Authorization")
        if not any(is_basic(secret, given) for secret in secrets):
            raise Unauthentic("no name and password of Soapbox")

    def _split(self, inbound):
        root = parse_xml(inbound.body)
        arrivals = []
        for notification in root.iter("notification"):
            body = etree.tostring(notification)
            try:
                envelope = self._identify(self._parse(body))
            except (Malformed, Quarantine):
                envelope = Envelope(
                    "unreadable-" + hashlib.sha256(body).hexdigest(),
                    "unreadable",
                    datetime.now(UTC),
                )
            arrivals.append(Arrival(envelope, body))
        return arrivals

    def _parse(self, body):
        return {child.tag: child.text or "" for child in parse_xml(body)}

    def _identify(self, payload):
        message = Reader(payload)
        return Envelope(
            external_id=message.text("id"),
            event_type="account",
            occurred_at=datetime.fromisoformat(message.text("at")),
            customer=message.text("account"),
        )

    def _normalise(self, payload):
        message = Reader(payload)
        account = message.text("account")
        return [
            Customer(external_id=account, customer=account, name=message.text("name"))
        ]

    def _acknowledge(self, inbound, count):
        body = f"<envelope><ack count=\\"{count}\\">true</ack></envelope>"
        return Answer(body.encode(), "text/xml; charset=utf-8")
""",
}
_NOTIFICATION = """<notification><id>n-{0}</id><at>2026-03-02T09:30:00+00:00</at>
<account>A-{0}</account><name>Hansen &amp; Søn {0}</name></notification>"""


@tagged("post_install", "-at_install")
class TestExtensionSoap(ExtensionCase):
    """What it sends is stored whole, answered as it expects, and one bad part of a
    request stops nothing but itself.
    """

    addon, files = "saas_soapbox", _FILES

    @classmethod
    def create_source(cls):
        return cls.admin.add(
            "saas.source",
            name="Soapbox",
            adapter="soapbox",
            tz="UTC",
            secret_ids=[Command.create({"new_value": _SECRET})],
        )

    def _send(self, parts, secret=_SECRET):
        body = f"<envelope>{''.join(parts)}</envelope>".encode()
        token = base64.b64encode(secret.encode()).decode()
        return self.post_body(body, {"Authorization": f"Basic {token}"})

    def test_batch(self):
        parts = [_NOTIFICATION.format(number) for number in range(100)]
        parts[17] = "<notification><id>n-17</id></notification>"
        self.assertEqual(self._send([*parts, parts[3]]), 200)
        self.assertEqual(self._send(parts), 200)
        self.wait_for_events(100)
        states = {key: value[:2] for key, value in self.read_events().items()}
        [bad] = [key for key in states if key.startswith("unreadable")]
        self.assertEqual(states.pop(bad), ("quarantined", "invalid_payload"))
        self.assertEqual(set(states.values()), {("done", None)})
        self.assertEqual(len(states), 99)
        self.assertEqual(
            self.sql("SELECT name FROM saas_tenant WHERE ref = 'A-42'"),
            [("Hansen & Søn 42",)],
        )
        [(headers, count)] = self.sql("SELECT headers, event_count FROM saas_delivery")
        self.assertEqual(count, 101)
        self.assertNotIn("authorization", headers)
        self.assertNotLogged(_SECRET)
        self.assertHealthy()

    def test_refused(self):
        """A stranger, a bomb and a thousand and one events get no foot in."""
        part = _NOTIFICATION.format("x")
        bomb = '<!DOCTYPE a [<!ENTITY b "ha">]>'
        self.assertEqual(self._send([part], secret="ledger:guess"), 401)
        token = base64.b64encode(_SECRET.encode()).decode()
        header = {"Authorization": f"Basic {token}"}
        self.assertEqual(self.post_body(f"{bomb}<a>&b;</a>".encode(), header), 400)
        self.assertEqual(self._send(["<notification/>"] * 1001), 413)
        self.assertNotIn("n-x", self.read_events())

    def test_setup(self):
        """A system that issues nothing and holds no money asks for no journals."""
        [source] = self.admin.call(
            "saas.source", "read", [self.source_id], ["is_ready"]
        )
        self.assertTrue(source["is_ready"])
