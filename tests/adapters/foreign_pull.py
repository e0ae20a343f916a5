"""An addon of somebody else with two systems that don't push what they hold: one that
is read, and one that sends notices without content. It writes nothing, and knows no
accounting.
"""

FILES = {
    "__manifest__.py": """
{
    "name": "Quiet Systems",
    "version": "19.0.1.0.0",
    "author": "Somebody else",
    "license": "LGPL-3",
    "depends": ["saas_billing_sync"],
}
""",
    "__init__.py": "from . import saas_source, adapter_read, adapter_notice",
    "saas_source.py": """
from odoo import fields, models


class SaasSource(models.Model):
    _inherit = "saas.source"

    adapter = fields.Selection(
        selection_add=[("quiet_read", "Quiet"), ("quiet_notice", "Whisper")],
        ondelete={"quiet_read": "cascade", "quiet_notice": "cascade"},
    )
""",
    "adapter_read.py": """
import hashlib
import json
from datetime import datetime, timedelta

from odoo import models

from odoo.addons.saas_billing_sync.canonical.border.credential import CredentialKind
from odoo.addons.saas_billing_sync.canonical.border.inbound import Capability
from odoo.addons.saas_billing_sync.canonical.envelope import Envelope
from odoo.addons.saas_billing_sync.canonical.facts import (
    Customer,
    DocumentLine,
    Invoice,
    TaxAmount,
)
from odoo.addons.saas_billing_sync.canonical.page import Stream, StreamPage
from odoo.addons.saas_billing_sync.canonical.reader import Reader


class SaasAdapterQuietRead(models.AbstractModel):
    _name = "saas.adapter.quiet_read"
    _inherit = "saas.adapter"
    _description = "Quiet adapter"

    _capabilities = frozenset({Capability.READS, Capability.ISSUES_DOCUMENTS})
    _credential_kinds = (CredentialKind.OAUTH2_CLIENT, CredentialKind.BASIC)
    _calls_per_second = 20

    def _get_streams(self, source):
        return (
            Stream("bills", "Bills", minutes=60, overlap=timedelta(minutes=5)),
        )

    def _read_stream(self, source, stream, watermark, last_id):
        params = {"limit": 2, "id": last_id}
        if watermark:
            params["stamp"] = watermark.isoformat(timespec="microseconds")
        answer = source._request("GET", "/things", params=params).json()
        things = answer["things"]
        last = things[-1] if things else None
        return StreamPage(
            tuple(things),
            datetime.fromisoformat(last["stamp"]) if last else None,
            last["id"] if last else "",
            answer["more"],
        )

    def _wrap(self, source, objects):
        bodies = [json.dumps(data, sort_keys=True).encode() for data in objects]
        return [(self._identify(self._parse(body)), body) for body in bodies]

    def _identify(self, payload):
        bill = Reader(payload)
        text = json.dumps(payload, sort_keys=True).encode()
        return Envelope(
            external_id=bill.text("id") + ":" + hashlib.sha256(text).hexdigest()[:16],
            event_type="bill",
            occurred_at=datetime.fromisoformat(bill.text("stamp")),
        )

    def _normalise(self, payload):
        return [self._read_bill(Reader(payload))]

    def _read_bill(self, bill):
        buyer = Customer(
            external_id=bill.text("buyer"),
            customer=bill.text("buyer"),
            name=bill.text("buyer"),
            stub=True,
        )
        line = DocumentLine(
            description="Seats",
            net=bill.integer("net"),
            taxes=(TaxAmount(rate="full", amount=bill.integer("vat")),),
        )
        return Invoice(
            external_id=bill.text("id"),
            number=bill.text("id"),
            customer=buyer.external_id,
            party=buyer,
            state="open",
            issued_at=datetime.fromisoformat(bill.text("stamp")),
            currency="USD",
            exponent=2,
            total=bill.integer("net") + bill.integer("vat"),
            lines=(line,),
        )
""",
    "adapter_notice.py": """
import hmac
from datetime import UTC, datetime

from odoo import models

from odoo.addons.saas_billing_sync.canonical.envelope import Envelope
from odoo.addons.saas_billing_sync.canonical.errors import Unauthentic
from odoo.addons.saas_billing_sync.canonical.facts import Notice
from odoo.addons.saas_billing_sync.canonical.kinds import Kind
from odoo.addons.saas_billing_sync.canonical.reader import Reader


class SaasAdapterQuietNotice(models.AbstractModel):
    _name = "saas.adapter.quiet_notice"
    _inherit = "saas.adapter.quiet_read"
    _description = "Whisper adapter"

    def _get_streams(self, source):
        return ()

    def _verify_request(self, secrets, inbound, tolerance):
        sent = inbound.header("X-Whisper").encode()
        if not any(hmac.compare_digest(s.encode(), sent) for s in secrets):
            raise Unauthentic("no secret")

    def _can_fetch(self, kind, external_id):
        return kind == Kind.INVOICE

    def _fetch(self, source, kind, external_id):
        return [source._request("GET", f"/things/{external_id}").json()]

    def _identify(self, payload):
        if "changed" not in payload:
            return super()._identify(payload)
        return Envelope(
            external_id=Reader(payload).text("notice"),
            event_type="changed",
            occurred_at=datetime.now(UTC),
        )

    def _normalise(self, payload):
        if "changed" not in payload:
            return super()._normalise(payload)
        notice = Reader(payload)
        return [
            Notice(
                external_id=notice.text("notice"),
                is_alone=True,
                object_kind=Kind.INVOICE,
                object_ref=notice.text("changed"),
            )
        ]
""",
}
