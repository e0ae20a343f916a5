"""How many queries a batch takes: none may come in a loop over its events."""

import copy
from collections import Counter

from odoo.sql_db import Cursor
from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.common import SaasCommon

#: Two sizes of a batch; what the second takes more than the first is per event.
_FEW, _MANY = 10, 60

#: The most queries that one more event of a type may take, on average. Odoo itself
#: looks for a changed contact's children one by one, and for a new contact's users.
_MOST = {
    "customer.created": 0.1,
    "customer.updated": 2,
    "customer.subscription.created": 0.1,
    "customer.subscription.updated": 0.1,
    "invoice.finalized": 1,
    "charge.succeeded": 0.1,
}


@tagged("post_install", "-at_install")
class TestQueries(SaasCommon):
    def test_queries_per_event(self):
        self._drain("customer.created", "cust", range(_MANY))
        self._drain("customer.subscription.created", "subs", range(_MANY))
        for event_type, most in _MOST.items():
            with self.subTest(type=event_type):
                few = self._drain(event_type, "few", range(_FEW))
                many = self._drain(event_type, "many", range(_MANY))
                each = (many.total() - few.total()) / (_MANY - _FEW)
                self.assertLessEqual(each, most, many.most_common(8))

    def _drain(self, event_type, label, numbers):
        """Drain a batch of events, each of another customer; return its queries."""
        self.analyze()
        events = self.store(
            *(self._make(event_type, label, number) for number in numbers)
        )
        self.env.flush_all()
        self.env.invalidate_all()
        queries = Counter()
        original = Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            queries[str(getattr(query, "code", query))[:120]] += 1
            return original(cursor, query, *args, **kwargs)

        self.patch(Cursor, "execute", execute)
        self.drain()
        Cursor.execute = original
        self.assertState(events, "done")
        return queries

    def _make(self, event_type, label, number):
        """Return an event of customer ``number`` about an object of its own, or of
        the customer's where there is but one.
        """
        event = copy.deepcopy(stripe_fixtures.load("before", event_type))
        data = event["data"]["object"]
        event["id"] = f"evt_{event_type.replace('.', '_')}_{label}_{number}"
        event["created"] += {"few": 1, "many": 2}.get(label, 0)
        contact = {"email": f"{number}@example.com", "phone": None}
        if data["object"] == "customer":
            created = event_type.endswith("created") and label in ("few", "many")
            data["id"] = f"cus_{label if created else ''}{number}"
            if created:
                contact["email"] = f"{label}{number}@example.com"
            data.update(contact, tax_ids=None, address=None)
            return event
        data["customer"] = f"cus_{number}"
        if data["object"] == "subscription":
            data["id"] = f"sub_{number}"
            if event_type.endswith("created") and label != "subs":
                data["id"] = f"sub_{label}{number}"
            return event
        data["id"] = f"{data['id']}_{label}_{number}"
        data.update(payment_intent=None, charge=None, invoice=None)
        if data["object"] == "invoice":
            data.update({f"customer_{key}": value for key, value in contact.items()})
            data.update(customer_tax_ids=[])
        return event
