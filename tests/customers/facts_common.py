"""Facts told by several sources of one company, without any system's own words."""

import itertools
import json
from datetime import UTC, datetime
from unittest.mock import patch

from odoo import Command

from ...canonical import facts
from ...canonical.envelope import Envelope
from ..support.common import OTHER_SECRET, SaasCommon

PAID_AT = datetime(2026, 11, 5, 10, tzinfo=UTC)


class FactsCommon(SaasCommon):
    """A platform and a gateway, which both tell whatever facts a test makes. An event's
    body is a number, and its facts are kept beside: all but the wire is as in life.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._told, cls._numbers = {}, itertools.count(1)
        cls.platform = cls.source
        cls.platform.name = "Platform"
        cls.gateway = cls._create_second("Gateway")
        adapter = cls.env.registry["saas.adapter.stripe"]
        identify, normalise = adapter._identify, adapter._normalise

        def _identify(this, payload):
            if "told" not in payload:
                return identify(this, payload)
            return Envelope(
                f"E-{payload['told']}", "facts.told", PAID_AT, livemode=None
            )

        def _normalise(this, payload):
            told = payload.get("told")
            return cls._told[told] if told else normalise(this, payload)

        cls.startClassPatcher(patch.object(adapter, "_identify", _identify))
        cls.startClassPatcher(patch.object(adapter, "_normalise", _normalise))

    @classmethod
    def _create_second(cls, name, **vals):
        """Return another source of the company, with the books of the first one."""
        return cls._create_source(
            name=name,
            clearing_journal_id=cls._create_clearing_journal(name, name[:5].upper()).id,
            payout_journal_id=cls.payout_journal.id,
            secret_ids=[Command.create({"new_value": OTHER_SECRET})],
            **vals,
        )

    def tell(self, source, *told):
        """Let a source tell facts in one event, and process it. Return the event."""
        number = next(self._numbers)
        self._told[number] = list(told)
        return self.deliver({"told": number}, source=source)

    def again(self, event):
        """Let the source of an event tell the same facts in a new event."""
        number = json.loads(event._get_body())["told"]
        return self.tell(event.source_id, *self._told[number])

    def own(self, source, kind, field=False, rule="owner"):
        """Make a rule of who owns what."""
        return self.env["saas.ownership"].create(
            {
                "company_id": self.company.id,
                "kind": kind,
                "field": field,
                "source_id": source.id if source else False,
                "rule": rule,
            }
        )

    def customer(self, ref="C-1", version="1", **vals):
        """Return the fact of a customer, who is the same one in each source."""
        vals = {"name": "Fjord", "vat_numbers": ("DE811569869",), **vals}
        return facts.Customer(external_id=ref, customer=ref, version=version, **vals)

    def invoice(self, ref="I-1", net=10000, **vals):
        """Return the fact of an open invoice without tax."""
        line = facts.DocumentLine(external_id=f"{ref}-1", description="Plan", net=net)
        return facts.Invoice(
            **{
                "external_id": ref,
                "customer": "C-1",
                "number": f"N-{ref}",
                "currency": "USD",
                "exponent": 2,
                "issued_at": PAID_AT,
                "lines": (line,),
                "total": net,
                "state": "open",
                "version": "1",
                "party": self.customer(stub=True),
                **vals,
            }
        )

    def payment(self, ref="P-1", amount=10000, **vals):
        """Return the fact of a payment that came in."""
        return facts.Payment(
            **{
                "external_id": ref,
                "customer": "C-1",
                "currency": "USD",
                "exponent": 2,
                "amount": amount,
                "paid_at": PAID_AT,
                "version": "1",
                **vals,
            }
        )

    @property
    def tenant(self):
        """Return the one tenant of the company."""
        return self.env["saas.tenant"].search([("company_id", "=", self.company.id)])
