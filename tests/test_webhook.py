import json
import time
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import stripe_fixtures
from .common import OTHER_SECRET, SECRET, SaasHttpCommon

_REFUSED = "odoo.addons.saas_billing_sync.controllers.webhook"


@tagged("post_install", "-at_install")
class TestWebhook(SaasHttpCommon):
    """What the webhook lets in, what it answers, and what it keeps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payload = stripe_fixtures.load("basil", "invoice.finalized")

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger(_REFUSED))

    def _events(self):
        return self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)]
        )

    def _jobs(self):
        return self.env["queue.job"].search(
            [("identity_key", "=", self.source._get_drain_key())]
        )

    def assertAnswer(self, response, status):
        """Check the status, and that nothing is stored unless it is 200."""
        self.assertEqual(response.status_code, status, response.text)
        self.assertTrue(response.headers["Content-Type"].startswith("text/plain"))
        self.assertLess(len(response.text), 30)
        if status != 200:
            self.assertFalse(self._events())
            self.assertFalse(self._jobs())

    # -- in -------------------------------------------------------------------

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

    # -- signatures -----------------------------------------------------------

    def test_two_secrets(self):
        self.source.secret_ids = [Command.create({"new_value": OTHER_SECRET})]
        for number, secret in enumerate((SECRET, OTHER_SECRET)):
            body = {**self.payload, "id": f"evt_{number}"}
            self.assertAnswer(self.post_webhook(body, secrets=[secret]), 200)

    def test_two_signatures(self):
        """Stripe signs with both secrets while one is rolled; we know only one."""
        for number, secrets in enumerate(
            ((SECRET, OTHER_SECRET), (OTHER_SECRET, SECRET))
        ):
            body = {**self.payload, "id": f"evt_{number}"}
            self.assertAnswer(self.post_webhook(body, secrets=secrets), 200)

    def test_secret_out_of_time(self):
        now = fields.Datetime.now()
        day = timedelta(days=1)
        for valid_from, valid_until in (
            (now - 2 * day, now - day),
            (now + day, False),
        ):
            self.source.secret_ids.write(
                {"valid_from": valid_from, "valid_until": valid_until}
            )
            self.assertAnswer(self.post_webhook(self.payload), 401)
        self.source.secret_ids.write(
            {"valid_from": now - day, "valid_until": now + day}
        )
        self.assertAnswer(self.post_webhook(self.payload), 200)

    def test_no_secret(self):
        self.source.secret_ids.unlink()
        self.assertAnswer(self.post_webhook(self.payload), 401)
        self.assertAnswer(self.post_webhook(self.payload, secrets=[""]), 401)
        self.assertAnswer(self.post_webhook(self.payload, signature=""), 401)

    def test_time_window(self):
        now = time.time()
        for offset in (-400, 400, -(10**9), 10**9):
            response = self.post_webhook(self.payload, timestamp=now + offset)
            self.assertAnswer(response, 401)
        for number, offset in enumerate((-200, 200)):
            body = {**self.payload, "id": f"evt_{number}"}
            self.assertAnswer(self.post_webhook(body, timestamp=now + offset), 200)

    def test_bad_signatures(self):
        body = json.dumps(self.payload).encode()
        good = self.sign(body, SECRET)
        moment, value = good.split(",v1=")
        for signature in (
            "",
            "nonsense",
            "t=,v1=",
            "t=1",
            f"{moment}",
            f"v1={value}",
            f"{moment},v0={value}",
            f"{moment},v1={value[:-1]}",
            f"{moment},v1={value.upper()}",
            f"{moment},v1={'ü' * 64}".encode(),
            f"t=abc,v1={value}",
            f"t={'9' * 5000},v1={value}",
            f"t={int(moment[2:]) + 1},v1={value}",
            f"{moment},t={int(moment[2:]) + 10**6},v1={'0' * 64}",
            self.sign(body + b" ", SECRET),
            self.sign(body, OTHER_SECRET),
        ):
            with self.subTest(signature=signature):
                self.assertAnswer(self.post_webhook(body, signature=signature), 401)
        # Read as the library reads it, so this is the signed time after all.
        response = self.post_webhook(body, signature=f"t=+{moment[2:]},v1={value}")
        self.assertAnswer(response, 200)

    def test_unknown_token(self):
        for token in ("nobody", "%00", "a" * 3000, "%F0%28%8C%28", "a%2Fb"):
            response = self.post_webhook(self.payload, token=token)
            self.assertEqual(response.status_code, 404, token)

    def test_token_only_from_path(self):
        """Neither a parameter nor a form can name another source."""
        response = self.post_webhook(self.payload, token="nobody?token=x")
        self.assertAnswer(response, 404)
        response = self.post_webhook(
            self.payload, token=f"{self.source.token}?token=x&y=1"
        )
        self.assertAnswer(response, 200)

    def test_parameters(self):
        """None becomes an argument of anything, whatever it is called."""
        for number, name in enumerate(
            """
            self cls token params env request args kwargs endpoint routing db source
            body debug lang context csrf_token model id
            """.split()
        ):
            body = json.dumps({**self.payload, "id": f"evt_{number}"}).encode()
            for address in (f"?{name}=1", f"?{name}", f"?{name}=1&{name}=2"):
                with self.subTest(address=address):
                    token = f"{self.source.token}{address}"
                    response = self.post_webhook(body, token=token, signature="")
                    self.assertEqual(response.status_code, 401)
                    response = self.post_webhook(body, token=f"nobody{address}")
                    self.assertEqual(response.status_code, 404)
                    response = self.post_webhook(body, token=token)
                    self.assertEqual(response.status_code, 200)
            for content_type, form in (
                ("application/x-www-form-urlencoded", f"{name}=1"),
                (
                    "multipart/form-data; boundary=b",
                    f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
                    "1\r\n--b--\r\n",
                ),
            ):
                with self.subTest(form=form):
                    response = self.post_webhook(
                        form.encode(),
                        signature="",
                        headers={"Content-Type": content_type},
                    )
                    self.assertEqual(response.status_code, 401)

    def test_no_such_address(self):
        """One that the database can't hold either."""
        for path in ("/saas/%00", "/saas/webhook/a/%00", "/saas/%ED%A0%80"):
            response = self.url_open(path, data=b"x", method="POST")
            self.assertIn(response.status_code, (404, 405), path)

    def test_methods(self):
        for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH"):
            response = self.url_open(
                f"/saas/webhook/{self.source.token}", method=method
            )
            self.assertEqual(response.status_code, 405, method)

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
        with self.assertLogs(_REFUSED, "WARNING") as logs:
            self.assertAnswer(self.post_webhook(self.payload), 503)
        self.assertIn("23514", logs.output[0])

    def test_stored_without_job(self):
        """No job could be made: the event is safe all the same, for the sweep."""
        self.env.cr.execute(
            "ALTER TABLE queue_job ADD CONSTRAINT test_refuse CHECK (false) NOT VALID"
        )
        with mute_logger("odoo.sql_db"), self.assertLogs(_REFUSED, "WARNING"):
            self.assertAnswer(self.post_webhook(self.payload), 200)
        self.assertEqual(self._events().state, "received")
        self.env.cr.execute("ALTER TABLE queue_job DROP CONSTRAINT test_refuse")
        self.env["saas.source"]._cron_sweep()
        self.assertTrue(self._jobs())

    def test_twin_at_the_same_moment(self):
        """A twin stored since our snapshot was taken: the next snapshot shows it."""
        store = type(self.source)._store_event
        calls = []

        def fail_once(source, envelope, body):
            calls.append(envelope)
            if len(calls) == 1:
                raise SerializationFailure()
            return store(source, envelope, body)

        self.patch(type(self.source), "_store_event", fail_once)
        self.assertAnswer(self.post_webhook(self.payload), 200)
        self.assertEqual(len(calls), 2)
        self.assertEqual(len(self._events()), 1)
