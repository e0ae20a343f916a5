import os

from cryptography.fernet import Fernet

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ...models.vault import settings as vault_settings
from ..support import stripe_fixtures
from ..support.common import OTHER_SECRET, SECRET
from .vault_common import KEY, VaultCommon, settings

_LOGGER = "odoo.addons.saas_billing_sync.models.vault.state"


@tagged("post_install", "-at_install")
class TestVault(VaultCommon):
    """Secrets and keys are kept sealed, apart from everything else, and what can't be
    opened stays closed.
    """

    def _owner(self, record):
        return f"{record._name},{record.id}"

    def _make_plain(self):
        """Leave the secret as an upgrade without a key does."""
        self.env.cr.execute("UPDATE saas_vault SET sealed = %s", [f"p:{SECRET}"])
        self.env.invalidate_all()

    def _post(self, number=1):
        event = stripe_fixtures.load("basil", "customer.created")
        return self.post_webhook({**event, "id": f"evt_{number}"}).status_code

    # -- what is kept ---------------------------------------------------------

    def test_sealed(self):
        self.source.new_api_key = KEY
        self.assertEqual(self.source.api_key_hint, "…tern")
        kept = self.kept()
        owners = [self._owner(self.source), self._owner(self.source.secret_ids)]
        self.assertEqual(sorted(kept), sorted(owners))
        for text in kept.values():
            self.assertTrue(text.startswith("f:"))
            self.assertNotIn(SECRET, text)
            self.assertNotIn(KEY, text)
        self.env.invalidate_all()
        self.assertEqual(self.source.api_key, KEY)
        self.assertEqual(self.source.secret_ids.value, SECRET)

    def test_not_shown_again(self):
        """Not even by the answer to the request that pasted it."""
        manager = new_test_user(
            self.env,
            "vault_manager",
            groups="saas_billing_sync.group_saas_manager",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        source = self.source.with_user(manager)
        shown = {"new_api_key": {}, "secret_ids": {"fields": {"new_value": {}}}}
        answer = source.web_save(
            {
                "new_api_key": KEY,
                "secret_ids": [Command.create({"new_value": OTHER_SECRET})],
            },
            shown,
        )
        self.assertNotIn(KEY, repr(answer))
        self.assertNotIn(OTHER_SECRET, repr(answer))
        self.assertEqual(len(self.kept()), 3)

    def test_goes_with_its_record(self):
        self.source.new_api_key = KEY
        self.source.secret_ids = [Command.create({"new_value": OTHER_SECRET})]
        self.assertEqual(len(self.kept()), 3)
        self.source.secret_ids[0].unlink()
        self.assertEqual(len(self.kept()), 2)
        copy = self.source.copy({"clearing_journal_id": False})
        self.assertFalse(copy.api_key or copy.secret_ids)
        self.assertEqual(len(self.kept()), 2)
        other = self._create_source(clearing_journal_id=False, new_api_key=KEY)
        self.assertEqual(len(self.kept()), 4)
        other.unlink()
        self.assertEqual(len(self.kept()), 2)
        self.source.api_key = False
        self.assertEqual([*self.kept()], [self._owner(self.source.secret_ids)])

    def test_what_is_no_secret(self):
        for value in ("whsec_\ud800", "x" * 4097):
            with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
                self.source.new_api_key = value
            self.assertNotIn(value, str(refused.exception))
        for value in ("", "  "):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.source.secret_ids = [Command.create({"new_value": value})]
        self.source.new_api_key = KEY
        self.source.new_api_key = "  "
        self.assertEqual(self.source.api_key, KEY)

    def test_two_queries(self):
        """However many secrets are valid, they are found at once, and read at once."""
        self.source.secret_ids = [
            Command.create({"new_value": f"{OTHER_SECRET}{n}"}) for n in range(5)
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            self.assertEqual(len(self.source._get_valid_secrets()), 6)

    # -- keys -----------------------------------------------------------------

    def test_without_a_key(self):
        """What was sealed stays closed; what is pasted is refused, with the way out."""
        with settings():
            for vals in (
                {"new_api_key": KEY},
                {"secret_ids": [Command.create({"new_value": OTHER_SECRET})]},
            ):
                with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
                    self.source.write(vals)
                message = str(refused.exception)
                self.assertIn(vault_settings.MAKE_KEY, message)
                self.assertIn("SAAS_BILLING_SYNC_KEY", message)
                self.assertNotIn(KEY, message)
            self.assertEqual(len(self.kept()), 1)

    def test_bad_key(self):
        with settings(key=f"{self.key}, a-passphrase"):
            with self.assertRaisesRegex(UserError, "Key 2"), self.env.cr.savepoint():
                self.source.new_api_key = KEY
            self.assertFalse(self.source._get_valid_secrets())

    def test_another_key(self):
        """Fails closed, tells the log and the page, and opens again with its key."""
        self.source.new_api_key = KEY
        self.assertEqual(self._post(1), 200)
        with settings(key=self.key):
            self.env.invalidate_all()
            self.assertEqual(self._post(2), 401)
            self.assertFalse(self.source._get_valid_secrets())
            self.assertFalse(self.source._has_api_key())
            self.assertFalse(self.source.is_ready)
            self.assertIn("can't be opened", self.source.vault_warning)
            self.assertEqual(self.source.api_key_hint, "…tern")
            with self.assertLogs(_LOGGER, "ERROR") as logged:
                self.vault._register_hook()
            self.assertIn("2 secrets can't be opened", logged.output[0])
        self.env.invalidate_all()
        self.assertFalse(self.source.vault_warning)
        self.assertEqual(self._post(3), 200)

    def test_environment_comes_first(self):
        other = Fernet.generate_key().decode()
        with settings(key=other):
            os.environ[vault_settings.KEY_VARIABLE] = self.key
            self.source.new_api_key = KEY
        with settings(key=self.key):
            self.env.invalidate_all()
            self.assertEqual(self.source.api_key, KEY)

    def test_rotate(self):
        newest = Fernet.generate_key().decode()
        with settings(key=self.key):
            self.source.secret_ids.value = SECRET
            self.source.new_api_key = KEY
        with settings(key=f"{newest}, {self.key}"):
            before = self.kept()
            self.assertEqual(self.vault._rotate(), (2, []))
            self.assertFalse(set(before.values()) & set(self.kept().values()))
        with settings(key=newest):
            self.env.invalidate_all()
            self.assertEqual(self.source._get_valid_secrets(), [SECRET])
            self.assertEqual(self.source._get_api_key(), KEY)
        with settings(key=self.key):
            owners = sorted(self.kept())
            self.assertEqual(self.vault._rotate(), (0, owners))
        with settings(), self.assertRaises(UserError):
            self.vault._rotate()

    # -- after an upgrade without a key ---------------------------------------

    def test_plain_works_under_a_warning(self):
        self._make_plain()
        with settings():
            self.assertEqual(self._post(), 200)
            self.assertIn("stored unsealed", self.source.vault_warning)
            self.assertIn(vault_settings.MAKE_KEY, self.source.vault_warning)
            self.assertTrue(self.source.is_ready)
            with self.assertLogs(_LOGGER, "WARNING") as logged:
                self.vault._register_hook()
            self.assertEqual(len(logged.output), 1)
            self.assertNotIn(SECRET, logged.output[0])
            self.assertEqual([*self.kept().values()], [f"p:{SECRET}"])

    def test_plain_is_sealed_at_the_first_start_with_a_key(self):
        self._make_plain()
        with settings(key=self.key):
            self.vault._register_hook()
            [kept] = self.kept().values()
            self.assertTrue(kept.startswith("f:"))
            self.env.invalidate_all()
            self.assertEqual(self.source._get_valid_secrets(), [SECRET])
            self.assertFalse(self.source.vault_warning)
