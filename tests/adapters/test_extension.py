import hashlib
import hmac
import json

from odoo import Command
from odoo.tests import tagged

from .extension_common import ExtensionCase

_ADDON = "saas_acme"
_SECRET = "acme-nutmeg-lantern-quarry-willow"

#: The other addon, whole. It writes nothing and knows no accounting.
_FILES = {
    "__manifest__.py": """
{
    "name": "Acme Billing",
    "version": "19.0.1.0.0",
    "author": "Somebody else",
    "license": "LGPL-3",
    "depends": ["saas_billing_sync"],
}
""",
    "__init__.py": "from . import saas_adapter_acme, saas_source",
    "saas_source.py": """
from odoo import fields, models


class SaasSource(models.Model):
    _inherit = "saas.source"

    adapter = fields.Selection(
        selection_add=[("acme", "Acme Billing")], ondelete={"acme": "cascade"}
    )
""",
    "saas_adapter_acme.py": """
import hashlib
import hmac
from datetime import datetime

from odoo import models

from odoo.addons.saas_billing_sync.canonical.envelope import Envelope
from odoo.addons.saas_billing_sync.canonical.errors import Unauthentic
from odoo.addons.saas_billing_sync.canonical.facts import (
    Customer,
    DocumentLine,
    Invoice,
    Payment,
    TaxAmount,
)
from odoo.addons.saas_billing_sync.canonical.reader import Reader


class SaasAdapterAcme(models.AbstractModel):
    _name = "saas.adapter.acme"
    _inherit = "saas.adapter"
    _description = "Acme adapter"

    _event_types = ("bill", "receipt")

    def _verify_request(self, secrets, inbound, tolerance):
        sent = inbound.header("X-Acme-Mac")
        for secret in secrets:
            mac = hmac.new(secret.encode(), inbound.body, hashlib.sha512).hexdigest()
            if hmac.compare_digest(mac.encode(), sent.encode()):
                return
        raise Unauthentic("no valid Acme signature")

    def _identify(self, payload):
        message = Reader(payload)
        return Envelope(
            external_id=message.text("uid"),
            event_type=message.text("what"),
            occurred_at=datetime.fromisoformat(message.text("when")),
        )

    def _normalise(self, payload):
        message = Reader(payload)
        read = {"bill": self._read_bill, "receipt": self._read_receipt}
        if message.text("what") not in read:
            return None
        return [read[message.text("what")](message)]

    def _read_bill(self, message):
        party = Customer(
            external_id=message.text("buyer.code"),
            customer=message.text("buyer.code"),
            name=message.text("buyer.name"),
            stub=True,
        )
        lines = tuple(
            DocumentLine(
                description=row.text("text"),
                net=row.integer("net"),
                taxes=(TaxAmount(rate="full", amount=row.integer("vat")),),
            )
            for row in message.objects("rows")
        )
        return Invoice(
            external_id=message.text("number"),
            number=message.text("number"),
            customer=party.external_id,
            party=party,
            state="open",
            issued_at=datetime.fromisoformat(message.text("when")),
            currency="USD",
            exponent=2,
            total=message.integer("gross"),
            lines=lines,
        )

    def _read_receipt(self, message):
        return Payment(
            external_id=message.text("number"),
            customer=message.text("buyer.code"),
            invoices=(message.text("bill"),),
            amount=message.integer("gross"),
            currency="USD",
            exponent=2,
            paid_at=datetime.fromisoformat(message.text("when")),
        )
""",
}

_BUYER = {"code": "B-7", "name": "Northlight Analytics"}
_BILL = {
    "uid": "m-1",
    "what": "bill",
    "when": "2026-03-02T09:30:00+00:00",
    "number": "2026/17",
    "buyer": _BUYER,
    "gross": 23800,
    "rows": [
        {"text": "Seats", "net": 15000, "vat": 2850},
        {"text": "Support", "net": 5000, "vat": 950},
    ],
}
_RECEIPT = {
    "uid": "m-2",
    "what": "receipt",
    "when": "2026-03-03T10:00:00+00:00",
    "number": "R-1",
    "bill": "2026/17",
    "buyer": _BUYER,
    "gross": 23800,
}
_GREETING = {"uid": "m-3", "what": "greeting", "when": "2026-03-03T10:00:00+00:00"}


@tagged("post_install", "-at_install")
class TestExtension(ExtensionCase):
    """An addon of somebody else adds a system: signatures and messages of its own,
    and not a line of this addon is changed for it.
    """

    addon, files = _ADDON, _FILES

    @classmethod
    def create_source(cls):
        return cls.admin.add(
            "saas.source",
            name="Acme",
            adapter="acme",
            tz="UTC",
            sale_journal_id=cls.admin.find("account.journal", code="INV"),
            clearing_journal_id=cls.admin.add(
                "account.journal", name="Acme clearing", code="STR", type="bank"
            ),
            default_product_id=cls.admin.add("product.product", name="Plan"),
            default_tax_id=cls.create_vat(19),
            secret_ids=[Command.create({"new_value": _SECRET})],
        )

    def _send(self, message, secret=_SECRET):
        body = json.dumps(message).encode()
        mac = hmac.new(secret.encode(), body, hashlib.sha512).hexdigest()
        return self.post_body(body, {"X-Acme-Mac": mac})

    def test_books(self):
        """Its bill is booked and paid, what its adapter leaves aside is in sight, and
        a request it didn't sign is refused.
        """
        for message in (_RECEIPT, _BILL, _GREETING, _BILL):
            self.assertEqual(self._send(message), 200)
        self.wait_for_events(3)
        self.assertEqual(
            {key: value[:2] for key, value in self.read_events().items()},
            {
                "m-1": ("done", None),
                "m-2": ("done", None),
                "m-3": ("ignored", "unsupported_type"),
            },
        )
        self.assertEqual(
            self.read_documents(), {"2026/17": ("out_invoice", "paid", 238.0, 0.0)}
        )
        self.assertEqual(
            self.read_balances(),
            {
                "clearing": 238.0,
                "asset_receivable": 0.0,
                "income": -200.0,
                "tax": -38.0,
            },
        )
        self.assertHealthy()
        self.assertNotLogged(_SECRET)
        # Only its own signature lets a message in.
        self.assertEqual(self._send(dict(_BILL, uid="m-9"), secret="a guess"), 401)
        self.assertEqual(self.post(dict(_BILL, uid="m-9")), 401)
        self.assertNotIn("m-9", self.read_events())

    def test_setup_page(self):
        """The source's page tells what to subscribe to at this system."""
        [source] = self.admin.call(
            "saas.source",
            "read",
            [self.source_id],
            ["event_types", "is_ready", "webhook_url"],
        )
        self.assertEqual(source["event_types"], "bill\nreceipt")
        self.assertTrue(source["is_ready"])
        self.assertIn(self.token, source["webhook_url"])
