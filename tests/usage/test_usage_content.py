"""What a record of usage says is read in a quick way where there are thousands: it
comes to the same as the plain way.

Covers canonical/facts/usage, adapters/standard/cloud_event, adapters/standard/usage.
"""

import hashlib
import json
from datetime import UTC, datetime

from odoo.tests import BaseCase, tagged

from ...adapters.standard import cloud_event
from ...canonical.errors import Malformed
from ...canonical.facts import UsageRecord

_ODD = (
    'a "quoted" \\ name',
    "ünïcode 漢字 🛶",
    "line\nbreak\ttab\x7f",
    "</script>",
    " ",
)
_PLAIN = {
    "specversion": "1.0",
    "id": "42",
    "source": "https://app.example/metering",
    "type": "usage.recorded",
    "time": "2026-11-26T09:30:00Z",
    "dataschema": "https://odoo.example/saas/schema/usage.recorded/1",
    "data": {"customer": "C-1", "meter": "calls"},
}


@tagged("post_install", "-at_install")
class TestUsageContent(BaseCase):
    def test_the_hash_is_that_of_json(self):
        """What is stored already has to be known again."""
        for number, odd in enumerate(_ODD):
            record = UsageRecord(
                external_id="U-1",
                customer=odd,
                meter=f"meter {odd}",
                quantity="-12.500",
                occurred_at=datetime(2026, 6, 15, 12, 0, 1, 250 * number, UTC),
                subscription=odd * number,
                corrects=odd if number else "",
                withdraws=number > 2,
                dimensions={"b": odd, odd: "a"} if number else {},
            )
            content = [
                *(odd, f"meter {odd}", "-12.5", [20619, 43201, 250 * number]),
                *(odd * number, odd if number else "", number > 2),
                sorted(record.dimensions.items()),
            ]
            text = json.dumps(content, separators=(",", ":"))
            expected = hashlib.sha256(text.encode()).hexdigest()[:32]
            self.assertEqual(record.content_hash, expected)

    def test_a_plain_event_is_read_as_any_other(self):
        """An attribute more has the library look at all of them."""
        plain = cloud_event.read(_PLAIN)
        self.assertEqual(plain, cloud_event.read({**_PLAIN, "subject": "C-1"}))
        self.assertEqual(plain.version, "1")
        for key in ("specversion", "id", "source", "type", "time", "dataschema"):
            for bad in ("", 1, True, [], {}, "\x00"):
                events = [{**_PLAIN, key: bad}, {**_PLAIN, key: bad, "subject": "C-1"}]
                self.assertEqual(*map(self._read, events), (key, bad))

    def _read(self, event):
        """Return what comes of an event, or what is wrong with it."""
        try:
            return cloud_event.read(event)
        except Malformed as error:
            return str(error)
