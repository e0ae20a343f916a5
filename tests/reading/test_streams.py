"""Covers adapters/adapter_asked and pipeline/reading/stream."""

import json
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import common as odoo_tests
from odoo.tests import tagged

from ...canonical.border.credential import CredentialKind
from ...canonical.page import Stream, StreamPage
from ..support import stripe_fixtures
from ..support.pulling import PullCommon
from .counted_api import PASSWORD, USER, CountedApi, Fault

_STREAM = Stream("things", "Things", minutes=15, overlap=timedelta(minutes=10))
_PAGE = 3


class StreamCommon(PullCommon):
    """A source whose system is read by a stream, with a user and a password."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.things = CountedApi().start()
        cls.addClassCleanup(cls.things.stop)
        cls.env["ir.config_parameter"].set_param("saas_billing_sync.call_loopback", 1)
        adapter = cls.env.registry["saas.adapter.stripe"]
        kinds = tuple(CredentialKind)
        cls.startClassPatcher(patch.object(adapter, "_credential_kinds", kinds))
        cls.credential = cls.env["saas.source.credential"].create(
            {
                "source_id": cls.source.id,
                "kind": "basic",
                "address": f"{cls.things.url}/",
                "client_id": USER,
                "new_secret": PASSWORD,
            }
        )
        for name in ("_get_streams", "_read_stream"):
            cls.startClassPatcher(patch.object(adapter, name, globals()[name]))

    @classmethod
    def _request_handler(cls, session, request, /, **kw):
        if request.url.startswith(cls.things.url):
            return odoo_tests._super_send(session, request, **kw)
        return super()._request_handler(session, request, **kw)

    def setUp(self):
        super().setUp()
        self.things.reset()
        # It is of no test's transaction.
        self.env["saas.reading.budget"]._forget(self.source)

    def put(self, number, stamp):
        """Hold a customer, changed at a moment of 2026-11-02."""
        data = stripe_fixtures.load("basil", "customer.created")["data"]["object"]
        stamp = f"2026-11-02T{stamp}+00:00"
        data = {**data, "id": f"cus_{number}", "email": f"{stamp}@example.com"}
        self.things.put(f"cus_{number}", stamp, data=data)

    def read_all(self):
        """Do what the cron and the job runner do; return the only cursor."""
        self.env["saas.source"]._cron_read_streams()
        self.run_jobs()
        return self.env["saas.cursor"].search([("source_id", "=", self.source.id)])

    def known(self):
        """Return the ids of the things that are in the inbox, with doubles."""
        events = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)], order="id"
        )
        return [
            json.loads(event._get_body())["data"]["object"]["id"] for event in events
        ]


def _get_streams(_adapter, _source):
    return (_STREAM,)


def _read_stream(_adapter, source, _stream, watermark, last_id):
    params = {"limit": _PAGE, "id": last_id}
    if watermark:
        params["stamp"] = watermark.isoformat(timespec="microseconds")
    answer = source._request("GET", "/things", params=params).json()
    things = answer["things"]
    return StreamPage(
        tuple(thing["data"] for thing in things),
        datetime.fromisoformat(things[-1]["stamp"]) if things else None,
        things[-1]["id"] if things else "",
        answer["more"],
    )


@tagged("post_install", "-at_install")
class TestStreams(StreamCommon):
    """What a system holds arrives once, whenever it changed, wherever a page ends."""

    def test_pages_with_equal_stamps(self):
        """Seven with one stamp over three pages: none is lost, none comes twice."""
        for number in range(7):
            self.put(number, "10:00:00.000001")
        self.put(7, "10:00:00.000002")
        cursor = self.read_all()
        self.assertEqual(self.known(), [f"cus_{number}" for number in range(8)])
        self.assertEqual(len(self.things.calls), 3)
        self.assertEqual(cursor.watermark, "2026-11-02T10:00:00.000002+00:00")
        self.assertEqual((cursor.last_id, cursor.new_count), ("cus_7", 8))
        self.assertGreater(cursor.next_at, fields.Datetime.now())

    def test_stored_late_with_an_earlier_stamp(self):
        """The overlap finds it, and what it brings again is known."""
        self.put(1, "10:00:00.000000")
        cursor = self.read_all()
        self.put(2, "09:55:00.000000")
        self.put(3, "10:05:00.000000")
        cursor.next_at = fields.Datetime.now()
        self.read_all()
        self.assertEqual(self.known(), ["cus_1", "cus_2", "cus_3"])
        self.assertEqual((cursor.read_count, cursor.new_count), (4, 3))

    def test_changed_again(self):
        self.put(1, "10:00:00.000000")
        cursor = self.read_all()
        self.put(1, "10:30:00.000000")
        cursor.next_at = fields.Datetime.now()
        self.read_all()
        self.assertEqual(self.known(), ["cus_1", "cus_1"])

    def test_not_before_it_is_time(self):
        cursor = self.read_all()
        self.read_all()
        self.assertEqual(len(self.things.calls), 1)
        cursor.minutes = 60
        cursor.action_read_now()
        self.run_jobs()
        self.assertEqual(len(self.things.calls), 2)
        pause = cursor.next_at - fields.Datetime.now()
        self.assertGreater(pause, timedelta(minutes=58))

    def test_killed_between_page_and_cursor(self):
        """Both are of one transaction: what is rolled back is read again."""
        for number in range(5):
            self.put(number, f"10:00:0{number}.000000")
        stream = self.env.registry["saas.reading.stream"]
        advance = stream._advance

        def kill(model, cursor, page, new):
            advance(model, cursor, page, new)
            raise MemoryError("killed")

        with patch.object(stream, "_advance", kill):
            cursor = self.read_all()
        self.assertEqual((self.known(), cursor.watermark), ([], False))
        self.assertEqual(cursor.failures, 1, "nobody foresaw it, and it waits")
        cursor.next_at = fields.Datetime.now()
        self.read_all()
        self.assertEqual(self.known(), [f"cus_{number}" for number in range(5)])

    def test_trouble_waits_longer_each_time(self):
        self.things.faults = [Fault("/things", 500, times=3)]
        pauses = []
        for _time in range(3):
            cursor = self.read_all()
            pauses.append((cursor.next_at - fields.Datetime.now()).total_seconds())
            self.assertIn("HTTP 500", cursor.last_error)
            cursor.next_at = fields.Datetime.now()
        self.assertTrue(40 < pauses[0] < 80 < pauses[1] < 155 < pauses[2] < 310, pauses)
        self.put(1, "10:00:00.000000")
        self.read_all()
        self.assertEqual(self.known(), ["cus_1"])
        self.assertEqual((cursor.failures, cursor.last_error), (0, False))

    def test_asked_for_fewer_calls(self):
        """Nobody's failure: it goes on when the system says, and not before."""
        self.things.faults = [Fault("/things", 429, headers={"Retry-After": "90"})]
        cursor = self.read_all()
        self.assertEqual(cursor.failures, 0)
        self.assertIn("fewer calls", cursor.last_error)
        pause = (cursor.next_at - fields.Datetime.now()).total_seconds()
        self.assertTrue(85 <= pause <= 91, pause)
        cursor.next_at = fields.Datetime.now()
        self.read_all()
        self.assertEqual(len(self.things.calls), 1, "no worker calls meanwhile")

    def test_stands_still(self):
        """A person sees it, once, and no longer when it goes on."""
        self.things.faults = [Fault("/things", 403, times=2)]
        cursor = self.read_all()
        self.assertFalse(cursor.is_stalled)
        cursor.moved_at -= timedelta(minutes=5 * 15 + 1)
        for _time in range(2):
            cursor.next_at = fields.Datetime.now() + timedelta(minutes=5)
            self.read_all()
        self.assertTrue(cursor.is_stalled)
        self.assertEqual(self.source.stalled_count, 1)
        [activity] = self.source.activity_ids
        self.assertIn("Things stands still", activity.summary)
        self.assertIn("HTTP 403", activity.note)
        self.things.faults.clear()
        cursor.next_at = fields.Datetime.now()
        self.read_all()
        self.assertFalse(cursor.is_stalled)
        self.assertFalse(self.source.activity_ids)

    def test_paused(self):
        """It is not read, and does not stand still when it goes on."""
        cursor = self.read_all()
        self.source.state = "paused"
        cursor.next_at = cursor.moved_at = fields.Datetime.now() - timedelta(days=1)
        self.read_all()
        self.assertEqual(len(self.things.calls), 1)
        self.source.state = "active"
        self.read_all()
        self.assertEqual(len(self.things.calls), 2)
        self.assertFalse(self.source.activity_ids)

    def test_the_same_page_again(self):
        """A system that never ends its list is left alone, and said so."""
        self.put(1, "10:00:00.000000")
        self.read_all()
        page = StreamPage((), None, "", more=True)
        adapter = self.env.registry["saas.adapter.stripe"]
        with patch.object(adapter, "_read_stream", lambda *_arguments: page):
            cursor = self.env["saas.cursor"].search([])
            cursor.write({"next_at": fields.Datetime.now(), "watermark": False})
            cursor.last_id = False
            self.read_all()
        self.assertIn("never end", cursor.last_error)

    def test_read_all_again(self):
        """What is here is known, and what was lost comes."""
        self.put(1, "10:00:00.000000")
        self.put(2, "12:00:00.000000")
        cursor = self.read_all()
        self.put(0, "08:00:00.000000")
        cursor.action_read_all_again()
        self.run_jobs()
        self.assertEqual(sorted(self.known()), ["cus_0", "cus_1", "cus_2"])
