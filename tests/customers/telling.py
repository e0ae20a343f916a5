"""Facts of any system, told as events: what no single system says of its customers."""

import itertools
import json
from datetime import UTC, datetime
from unittest.mock import patch

from ...canonical import facts as all_facts
from ...canonical.envelope import Envelope
from ..support.common import SaasCommon

_KINDS = {
    fact.__name__: fact
    for fact in vars(all_facts).values()
    if isinstance(fact, type) and issubclass(fact, all_facts.Fact)
}


class TellingCommon(SaasCommon):
    """Two sources of one company, ``crm`` beside the usual one, and any facts of
    theirs. An event's body has its facts as they are.
    """

    _numbers = itertools.count(1)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        adapter = type(cls.env["saas.adapter.stripe"])
        cls._tell_by(adapter, "_identify", lambda _self, payload: _identify(payload))
        cls._tell_by(adapter, "_normalise", lambda _self, payload: _read(payload))
        journal = cls._create_clearing_journal("Other clearing", "OTH")
        cls.crm = cls._create_source(
            name="Crm", clearing_journal_id=journal.id, secret_ids=[]
        )

    @classmethod
    def _tell_by(cls, adapter, name, read):
        known = getattr(adapter, name)

        def method(self, payload):
            told = "facts" in payload
            return read(self, payload) if told else known(self, payload)

        cls.startClassPatcher(patch.object(adapter, name, method))

    def tell(self, *facts, source=None):
        """Deliver each fact as an event of its own; return the events."""
        source = source or self.source
        events = self.hold(*facts, source=source)
        self.drain(source)
        return events

    def hold(self, *facts, source):
        """Store each fact as an event of its own, and drain nothing."""
        events = source.env["saas.subscription.event"]
        for fact in facts:
            payload = {
                "id": f"told_{next(self._numbers)}",
                "facts": [[type(fact).__name__, fact.model_dump(mode="json")]],
            }
            envelope = _identify(payload)
            events |= source._store_event(envelope, json.dumps(payload).encode())
        return events

    def customer(self, ref, version="1", **vals):
        """Return a customer fact."""
        return all_facts.Customer(
            external_id=ref, customer=ref, version=version, **{"name": ref, **vals}
        )

    def tenant(self, ref, source=None):
        """Return the tenant that a customer of a source is."""
        found = self.env["saas.tenant"]._find(source or self.source, [ref])
        return found.get(ref, self.env["saas.tenant"])

    def proposals(self, **vals):
        """Return the proposals that are open."""
        return self.env["saas.tenant.proposal"].search([("state", "=", "open")])

    def decide(self, proposals, choice="same"):
        """Answer proposals as a person does, and drain both sources."""
        self.env["saas.proposal.decide"].create(
            {"proposal_ids": proposals.ids, "choice": choice}
        ).action_apply()
        for source in self.source | self.crm:
            self.drain(source)

    def contact(self, **vals):
        """Return a new contact of the company."""
        return self.env["res.partner"].create(
            {"name": "Known", "company_id": self.company.id, **vals}
        )


def _identify(payload):
    return Envelope(
        external_id=payload["id"],
        event_type="told",
        occurred_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


def _read(payload):
    return [_KINDS[name].model_validate(vals) for name, vals in payload["facts"]]
