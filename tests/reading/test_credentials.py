"""Covers pipeline/reading/call, pipeline/reading/session and pipeline/reading/token."""

import base64
import json
from contextlib import suppress
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ...canonical.errors import Later, Quarantine, Transient
from ...canonical.marks import OFFLINE
from ...models.vault.credential import ACCESS_TOKEN, PARTS
from .counted_api import CLIENT, CLIENT_SECRET, PASSWORD, Fault
from .test_streams import StreamCommon


@tagged("post_install", "-at_install")
class TestCredentials(StreamCommon):
    """Each kind of credential lets us in, and tokens are renewed by themselves."""

    def setUp(self):
        super().setUp()
        self.put(1, "10:00:00.000000")

    def become(self, kind, **vals):
        """Make the credential another kind, with the client's id and secret."""
        self.credential.write(
            {"kind": kind, "client_id": CLIENT, "new_secret": CLIENT_SECRET, **vals}
        )

    def ask(self, path="/things/cus_1"):
        """Ask for an object as a job does; return its id."""
        # A job's transaction is its own, and knows of no token.
        self.env.cr.cache.clear()
        with self.enter_registry_test_mode():
            return self.source._request("GET", path).json()["id"]

    def test_user_and_password(self):
        self.assertEqual(self.ask(), "cus_1")
        self.credential.new_secret = "a guess"
        with self.assertRaisesRegex(Quarantine, "refuses the credential"):
            self.ask()
        self.assertEqual(len(self.things.calls), 2, "a password is not renewed")

    def test_client_credentials(self):
        """One token for many calls."""
        self.become("oauth2_client")
        self.assertEqual([self.ask(), self.ask()], ["cus_1", "cus_1"])
        self.assertEqual(
            self.things.paths(), ["/oauth2/token", "/things/cus_1", "/things/cus_1"]
        )

    def test_token_that_ends_is_renewed_before(self):
        self.become("oauth2_client")
        self.things.expires_in = 30
        self.ask()
        self.ask()
        self.assertEqual(self.things.given, 2)
        self.assertNotIn(401, [call.status for call in self.things.calls])

    def test_refused_token_is_renewed_once(self):
        """And the call is made once more; a second refusal is one."""
        self.become("oauth2_client")
        self.ask()
        self.things.tokens.clear()
        self.assertEqual(self.ask(), "cus_1")
        self.assertEqual(self.things.given, 2)
        self.things.calls.clear()
        self.things.faults = [Fault("/things", 401, times=9)]
        with self.assertRaisesRegex(Quarantine, "refuses the credential"):
            self.ask()
        self.assertEqual(
            self.things.paths(), ["/things/cus_1", "/oauth2/token", "/things/cus_1"]
        )

    def test_refresh_token_that_is_replaced(self):
        """The newest one is kept, also if the job that got it fails afterwards."""
        self.become("oauth2_refresh", new_refresh_token="refresh-0")
        self.things.faults = [Fault("/things", 500)]
        # Not by assertRaises, which would roll the other transaction back as well.
        with suppress(Transient):
            self.ask()
        self.things.tokens.clear()
        self.assertEqual(self.ask(), "cus_1")
        self.assertEqual(self.things.given, 2)
        self.assertEqual(self.things.refresh_token, "refresh-2")

    def test_signed_assertion(self):
        """RFC 7523: issuer, subject, audience, a short life and a key's signature."""
        key = rsa.generate_private_key(65537, 2048)
        text = key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        ).decode()
        seen = []

        def check(assertion):
            head, claims, signature = assertion.split(".")
            key.public_key().verify(
                _decode(signature),
                f"{head}.{claims}".encode(),
                padding.PKCS1v15(),
                SHA256(),
            )
            seen.append(json.loads(_decode(claims)))
            return json.loads(_decode(head)) == {"alg": "RS256", "typ": "JWT"}

        self.things.check_assertion = check
        self.become("oauth2_jwt", new_private_key=text, subject="reader@example.com")
        self.assertEqual(self.ask(), "cus_1")
        [claims] = seen
        self.assertEqual(claims["iss"], CLIENT)
        self.assertEqual(claims["sub"], "reader@example.com")
        self.assertEqual(claims["aud"], f"{self.things.url}/oauth2/token")
        self.assertLessEqual(claims["exp"] - claims["iat"], 300)
        with self.assertRaisesRegex(UserError, "not an RSA private key"):
            self.credential.new_private_key = "-----BEGIN nothing"

    def test_refused_client(self):
        """The person reads what to check, and no secret."""
        self.become("oauth2_client", new_secret="a wrong one")
        with self.assertRaisesRegex(Quarantine, "no access token.*invalid_client"):
            self.ask()
        with self.enter_registry_test_mode():
            cursor = self.read_all()
        self.assertIn("Check the client ID", cursor.last_error)
        self.assertNotIn("a wrong one", cursor.last_error)

    def test_fewer_calls(self):
        """What the system asks for holds for every job, and is no failure."""
        self.things.faults = [Fault("/things", 429, headers={"Retry-After": "40"})]
        for _time in range(2):
            with self.assertRaises(Later) as caught:
                self.ask()
            self.assertTrue(35 <= caught.exception.seconds <= 40)
        self.assertEqual(len(self.things.calls), 1)

    def test_trouble(self):
        self.things.faults = [Fault("/things", 502), Fault("/things", 302)]
        with self.assertRaisesRegex(Transient, "HTTP 502"):
            self.ask()
        with self.assertRaisesRegex(Quarantine, "HTTP 302"):
            self.ask()
        self.credential.address = "http://127.0.0.1:9"
        with self.assertRaisesRegex(Transient, "could not be reached"):
            self.ask()

    def test_goes_to_its_own_address_alone(self):
        """A page's link that leads elsewhere doesn't get what lets us in."""
        session = self.source._open_session()
        other = self.things.url.replace("127.0.0.1", "localhost")
        self.assertEqual(session.get(f"{other}/things/cus_1").status_code, 401)
        self.assertNotIn("authorization", self.things.calls[0].headers)

    def test_drain_never_calls(self):
        source = self.source.with_context(**OFFLINE.in_context())
        with self.assertRaisesRegex(RuntimeError, "must not call"):
            source._request("GET", "/things/cus_1")
        self.assertFalse(self.things.calls)

    def test_address(self):
        """Encrypted, and with nothing in it that lets anybody in."""
        for address in (
            "http://example.com",
            "https://user:word@example.com",
            "https://example.com?key=1",
            "ftp://example.com",
            "example.com",
            "https://",
            "http://[::1",
        ):
            with self.subTest(address), self.assertRaises(ValidationError):
                self.credential.address = address
        self.env["ir.config_parameter"].set_param("saas_billing_sync.call_loopback", "")
        with self.assertRaisesRegex(ValidationError, "https://"):
            self.credential.address = self.things.url.replace("127.0.0.1", "localhost")

    def test_secrets_are_never_readable(self):
        """Not even by who pasted them; and they go with their credential."""
        self.become("oauth2_client")
        self.ask()
        manager = new_test_user(
            self.env,
            "reading_manager",
            groups="saas_billing_sync.group_saas_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        vault = self.env["saas.vault"]
        token = vault._get(self.credential, ACCESS_TOKEN)[self.credential.id]
        [row] = self.credential.with_user(manager).read()
        text = repr(row)
        for secret in (CLIENT_SECRET, PASSWORD, token):
            self.assertNotIn(secret, text)
        self.assertEqual(row["secret_hint"], "…" + CLIENT_SECRET[-4:])
        manager.group_ids = self.env.ref("saas_billing_sync.group_saas_operator")
        with self.assertRaises(AccessError):
            self.credential.with_user(manager).read(["address"])
        self.credential.unlink()
        for part in PARTS:
            self.assertFalse(vault._get_hints(self.credential, part))

    def test_other_address_gets_no_old_token(self):
        self.become("oauth2_client")
        self.ask()
        self.credential.address = self.things.url.replace("127.0.0.1", "localhost")
        vault = self.env["saas.vault"]
        self.assertFalse(vault._get(self.credential, ACCESS_TOKEN))

    def test_budget_of_a_day(self):
        """At 80 % lists wait for the next day; what somebody waits for goes on until
        the last call.
        """
        self.credential.calls_per_day = 10
        for _call in range(8):
            self.ask()
        with self.assertRaisesRegex(Later, "80 %") as caught:
            self.ask()
        self.assertLessEqual(caught.exception.seconds, 24 * 3600)
        cursor = self.read_all()
        self.assertIn("80 %", cursor.last_error)
        self.assertEqual(cursor.failures, 0)
        adapter = self.env.registry["saas.adapter.stripe"]
        fetched = []

        def fetch(_adapter, source, _kind, external_id):
            fetched.append(source._request("GET", f"/things/{external_id}").json())
            return [fetched[-1]["data"]]

        self.startPatcher(patch.object(adapter, "_fetch", fetch))
        for _call in range(3):
            self.source._enqueue_fetch("customer", "cus_1")
            self.run_jobs()
        self.assertEqual(len(fetched), 2)
        self.assertEqual(len(self.things.calls), 10)
        self.assertEqual(self.credential.calls_today, 10)
        [job] = self.env["queue.job"].search([("state", "=", "pending")])
        self.assertIn("used up", job.result)
        self.assertEqual(job.retry, 0)


def _decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
