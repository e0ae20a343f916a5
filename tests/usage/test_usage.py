"""Each metered fact is stored once, exactly.

Covers handlers/usage/usage.
"""

import time
from datetime import timedelta

from odoo.tests import tagged

from ...canonical import facts
from ..customers.facts_common import PAID_AT, FactsCommon


@tagged("post_install", "-at_install")
class TestUsage(FactsCommon):
    def _usage(self, ref="U-1", quantity="0.1", **vals):
        return facts.Usage(
            **{
                "external_id": ref,
                "customer": "C-1",
                "meter": "calls",
                "quantity": quantity,
                "occurred_at": PAID_AT,
                **vals,
            }
        )

    @property
    def records(self):
        return self.env["saas.usage.record"].search([], order="external_id")

    def test_facts_are_stored_once_and_exactly(self):
        self.tell(self.platform, self.customer())
        exact = "12345678901234567890.000000001"
        told = [self._usage("U-1", exact), self._usage("U-2", "-3")]
        for _time in range(2):
            self.assertState(self.tell(self.platform, *told), "done")
        self.assertEqual(self.records.mapped("stated_quantity"), [exact, "-3"])
        self.assertEqual(self.records.tenant_id, self.tenant)
        self.assertFalse(self.env["account.move"].search([]))

    def test_another_fact_under_a_known_id_waits_for_a_person(self):
        self.tell(self.platform, self.customer(), self._usage())
        later = PAID_AT + timedelta(hours=1)
        for vals in ({"quantity": "0.2"}, {"meter": "seats"}, {"occurred_at": later}):
            event = self.tell(self.platform, self._usage(**vals))
            self.assertState(event, "quarantined", "invalid_payload")
        self.assertEqual(self.records.stated_quantity, "0.1")

    def test_it_waits_for_its_customer(self):
        event = self.tell(self.platform, self._usage("U-1"), self._usage("U-2"))
        self.assertState(event, "parked")
        self.assertFalse(self.records)
        self.tell(self.platform, self.customer())
        self.drain()
        self.assertState(event, "done")
        self.assertEqual(len(self.records), 2)

    def test_a_thousand_facts_of_one_event_are_one_wave(self):
        self.tell(self.platform, self.customer())
        started = time.monotonic()
        told = [self._usage(f"U-{n:04}") for n in range(1000)]
        event = self.tell(self.platform, *told)
        self.assertState(event, "done")
        self.assertEqual(len(self.records), 1000)
        self.assertLess(time.monotonic() - started, 60)
        rows = self.env["saas.sync.log"].search(
            [("event_id", "=", event.id), ("action", "=", "usage_stored")]
        )
        self.assertEqual(rows.detail, "1000")
