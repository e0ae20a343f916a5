"""Requests with a wrong signature are counted, at a price that no flood can raise.

Covers models/alerts/refusals.
"""

import time
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import TransactionCase, tagged

from ...canonical.review.alerts import LONGEST_WINDOW, AlertKind
from ...models.alerts import refusals
from ..controllers.webhook_common import WebhookCommon
from ..support.common import OTHER_SECRET


@tagged("post_install", "-at_install")
class TestTally(TransactionCase):
    """What one process keeps to itself, and what it writes."""

    def write_all(self, count, seconds=0.0):
        """Count so many requests; return what is written of them, write by write."""
        tally = refusals._Tally()
        found = [
            tally.add(7, 1000 + number * seconds / count) for number in range(count)
        ]
        return [written for written in found if written], tally

    def test_a_flood_costs_few_statements(self):
        written, tally = self.write_all(100_000)
        self.assertLessEqual(len(written), 18)
        self.assertEqual(sum(written) + tally.pending, 100_000)
        self.assertGreaterEqual(sum(written), 50_000)

    def test_a_trickle_is_written_each_minute(self):
        written, tally = self.write_all(600, seconds=600)
        self.assertEqual(sum(written) + tally.pending, 600)
        self.assertLessEqual(tally.pending, 60)
        self.assertLessEqual(len(written), 20)

    def test_a_new_slot_begins_anew(self):
        tally = refusals._Tally()
        for _time in range(100):
            tally.add(7, 1000)
        rest = tally.pending
        self.assertEqual(tally.add(8, 1001), rest + 1)


@tagged("post_install", "-at_install")
class TestRefusals(WebhookCommon):
    def setUp(self):
        super().setUp()
        self.enterContext(patch.dict(refusals._tallies, clear=True))

    def count(self):
        """Return what is kept of the source: how many rows, and how many requests."""
        self.env.cr.execute(
            "SELECT count(*), sum(count) FROM saas_refusal WHERE source_id = %s",
            (self.source.id,),
        )
        return self.env.cr.fetchone()

    def refuse(self, times):
        """Send requests that somebody else has signed."""
        for _time in range(times):
            response = self.post_webhook(self.payload, secrets=[OTHER_SECRET])
            self.assertAnswer(response, 401)

    def test_refused_requests_are_counted(self):
        self.refuse(9)
        rows, count = self.count()
        self.assertLessEqual(rows, 2, "ten minutes may have gone by")
        self.assertGreaterEqual(2 * count, 9)
        self.assertAnswer(self.post_webhook(self.payload), 200)
        self.assertEqual(self.count()[1], count)
        rule = self.env["saas.alert.rule"].search(
            [
                ("company_id", "=", self.company.id),
                ("kind", "=", AlertKind.SIGNATURES_FAILING),
            ]
        )
        self.assertEqual(self.env["saas.refusals"]._read(rule), {self.source.id: count})

    def test_the_answer_does_not_depend_on_it(self):
        """A database that can't write, or another process that is quicker."""
        statement = type(self.env["saas.refusals"])
        for error in (SerializationFailure, refusals.psycopg2.OperationalError):
            with patch.object(statement, "_get_statement", side_effect=error):
                self.refuse(1)
        self.assertEqual(self.count()[0], 0)
        self.refuse(1)
        self.assertEqual(self.count()[1], 3, "what could not be written is not lost")

    def test_nobody_fills_the_table(self):
        """Of two days of requests a day is kept, in one row for each ten minutes."""
        counter = self.env["saas.refusals"]
        slot = int(time.time()) // 600
        slots = LONGEST_WINDOW // 10
        for back in reversed(range(2 * slots)):
            for _time in range(2):
                self.env.cr.execute(
                    counter._get_statement(self.source.id, slot - back, 5)
                )
        self.assertEqual(self.count(), (slots, 10 * slots))

    def test_unknown_addresses_leave_nothing(self):
        self.env.cr.execute("SELECT count(*) FROM saas_refusal")
        [before] = self.env.cr.fetchone()
        self.assertAnswer(self.post_webhook(self.payload, token="nobody"), 404)
        self.env.cr.execute("SELECT count(*) FROM saas_refusal")
        self.assertEqual(self.env.cr.fetchone(), (before,))
