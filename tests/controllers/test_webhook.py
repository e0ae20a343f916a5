import json
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.common import OTHER_SECRET
from .webhook_common import REFUSED, WebhookCommon


@tagged("post_install", "-at_install")
class TestWebhook(WebhookCommon):
    """What the webhook lets in, what it answers, and what it keeps."""

    def test_stored(self):
        response = self.post_webhook(self.payload)
        self.assertAnswer(response, 200)
        event = self._events()
        self.assertRecordValues(
            event,
            [
                {
                    "external_id": self.payload["id"],
                    "event_type": "invoice.finalized",
                    "api_version": "2026-10-28.endive",
                    "state": "received",
                    "company_id": self.company.id,
                    "attempts": 0,
                }
            ],
        )
        self.assertEqual(
            event.occurred_at.timestamp() - self.payload["created"],
            event.occurred_at.timestamp()
            - event.occurred_at.replace(tzinfo=None).timestamp(),
        )
        self.assertAlmostEqual(
            event.received_at, fields.Datetime.now(), delta=timedelta(minutes=1)
        )
        self.assertEqual(self._jobs().state, "pending")
        self.assertNotIn("session_id", response.cookies)

    def test_booked(self):
        self.post_webhook(self.payload)
        self.drain()
        self.assertState(self._events(), "done")
        self.assertIn("AR +119.00", self.books())

    def test_body_byte_for_byte(self):
        """Odd spacing, escapes, the order of keys and repeated ones are kept."""
        obj = json.dumps(self.payload["data"]["object"], ensure_ascii=False)
        for number, text in enumerate(
            (
                '\r\n\t {"type":"invoice.finalized" ,\n  "id":"evt_%s", "data" : '
                '{"object":%s},"created":1793872800,"object":"event",'
                '"api_version":"2026-10-28.endive"}  \n',
                '{"z":"\\u00fcü","created":1793872800,"data":{"object":%s},'
                '"id":"evt_%s","object":"event","object":"event",'
                '"api_version":"2026-10-28.endive","type":"invoice.finalized","a":1.50E0}',
            )
        ):
            values = (number, obj) if number == 0 else (obj, number)
            body = (text % values).encode()
            self.assertAnswer(self.post_webhook(body), 200)
            event = self._events().filtered(
                lambda event, n=number: event.external_id == f"evt_{n}"
            )
            self.assertEqual(event._get_body(), body)
        self.drain()
        self.assertState(self._events(), "done")

    def test_duplicate(self):
        self.assertAnswer(self.post_webhook(self.payload), 200)
        self._jobs().state = "done"
        again = {**self.payload, "pending_webhooks": 0}
        self.assertAnswer(self.post_webhook(again), 200)
        self.assertEqual(len(self._events()), 1)
        self.assertEqual(json.loads(self._events()._get_body()), self.payload)
        self.assertEqual(self._jobs().mapped("state"), ["done"], "it needs no job")

    def test_same_event_of_two_sources(self):
        journal = self._create_clearing_journal("Other clearing", "STO")
        other = self._create_source(
            clearing_journal_id=journal.id,
            secret_ids=[Command.create({"new_value": OTHER_SECRET})],
        )
        self.assertAnswer(self.post_webhook(self.payload), 200)
        response = self.post_webhook(
            self.payload, token=other.token, secrets=[OTHER_SECRET]
        )
        self.assertAnswer(response, 200)
        events = self.env["saas.subscription.event"].search(
            [("external_id", "=", self.payload["id"])]
        )
        self.assertEqual(events.source_id, self.source | other)
        # One's secret doesn't open the other's door.
        self.assertEqual(
            self.post_webhook(self.payload, token=other.token).status_code, 401
        )

    def test_one_job_for_many(self):
        for number in range(3):
            self.assertAnswer(
                self.post_webhook({**self.payload, "id": f"evt_{number}"}), 200
            )
        self.assertEqual(len(self._jobs()), 1)
        # A job that has begun may have looked already.
        self._jobs().state = "started"
        self.post_webhook({**self.payload, "id": "evt_3"})
        self.assertEqual(len(self._jobs()), 2)

    def test_paused(self):
        self.source.state = "paused"
        self.assertAnswer(self.post_webhook(self.payload), 200)
        self.assertEqual(self._events().state, "received")
        self.assertFalse(self._jobs())
        self.source.state = "active"
        self.assertTrue(self._jobs())

    def test_wrong_mode(self):
        self.assertAnswer(self.post_webhook({**self.payload, "livemode": True}), 200)
        self.drain()
        self.assertState(self._events(), "quarantined", "wrong_mode")

    def test_unknown_account(self):
        body = {**self.payload, "account": "acct_1Someone"}
        self.assertAnswer(self.post_webhook(body), 200)
        self.drain()
        self.assertState(self._events(), "quarantined", "unknown_account")

    def test_unsupported_type(self):
        self.assertAnswer(self.post_webhook({**self.payload, "type": "a.b"}), 200)
        self.drain()
        self.assertState(self._events(), "ignored", "unsupported_type")

    # -- not now --------------------------------------------------------------

    def test_rate(self):
        self.source.rate_limit = 2
        for number in range(2):
            body = {**self.payload, "id": f"evt_{number}"}
            self.assertAnswer(self.post_webhook(body), 200)
        response = self.post_webhook(self.payload)
        self.assertEqual(response.status_code, 429)
        self.assertTrue(1 <= int(response.headers["Retry-After"]) <= 60)
        self.assertEqual(len(self._events()), 2)
        # A forger is told nothing of it.
        response = self.post_webhook(self.payload, secrets=[OTHER_SECRET])
        self.assertEqual(response.status_code, 401)
        self._events().write(
            {"received_at": fields.Datetime.now() - timedelta(seconds=61)}
        )
        self.assertEqual(self.post_webhook(self.payload).status_code, 200)

    def test_not_stored(self):
        """A database that refuses: nothing is kept, and the sender comes back."""
        self.env.cr.execute(
            """ALTER TABLE saas_subscription_event
               ADD CONSTRAINT test_refuse CHECK (event_type <> 'invoice.finalized')
               NOT VALID"""
        )
        with self.assertLogs(REFUSED, "WARNING") as logs:
            self.assertAnswer(self.post_webhook(self.payload), 503)
        self.assertIn("23514", logs.output[0])

    def test_stored_without_job(self):
        """No job could be made: the event is safe all the same, for the sweep."""
        self.env.cr.execute(
            "ALTER TABLE queue_job ADD CONSTRAINT test_refuse CHECK (false) NOT VALID"
        )
        with mute_logger("odoo.sql_db"), self.assertLogs(REFUSED, "WARNING"):
            self.assertAnswer(self.post_webhook(self.payload), 200)
        self.assertEqual(self._events().state, "received")
        self.env.cr.execute("ALTER TABLE queue_job DROP CONSTRAINT test_refuse")
        self.env["saas.source"]._cron_sweep()
        self.assertTrue(self._jobs())

    def test_twin_at_the_same_moment(self):
        """A twin stored since our snapshot was taken: the next snapshot shows it."""
        store = type(self.source)._store_events
        calls = []

        def fail_once(source, arrivals, inbound):
            calls.append(arrivals)
            if len(calls) == 1:
                raise SerializationFailure()
            return store(source, arrivals, inbound)

        self.patch(type(self.source), "_store_events", fail_once)
        self.assertAnswer(self.post_webhook(self.payload), 200)
        self.assertEqual(len(calls), 2)
        self.assertEqual(len(self._events()), 1)
