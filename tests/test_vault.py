import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import config

from ..models.vault import settings as vault_settings
from . import stripe_fixtures
from .common import OTHER_SECRET, SECRET, SaasHttpCommon

_KEY = "rk_test_5zQ1fjordmoonlantern"
_LOGGER = "odoo.addons.saas_billing_sync.models.vault.state"


@contextmanager
def settings(**options):
    """Have Odoo read a configuration file whose section of ours has these options,
    and nothing from the environment.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "odoo.conf")
        lines = [f"{name} = {value}" for name, value in options.items()]
        path.write_text("\n".join(["[options]", "[saas_billing_sync]", *lines]))
        with (
            patch.dict(config._runtime_options, {"config": str(path)}),
            patch.dict(os.environ),
        ):
            os.environ.pop(vault_settings.KEY_VARIABLE, None)
            os.environ.pop(vault_settings.FOLDER_VARIABLE, None)
            yield


@tagged("post_install", "-at_install")
class TestVault(SaasHttpCommon):
    """Secrets and keys are kept sealed, apart from everything else, and what can't be
    opened stays closed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vault = cls.env["saas.vault"]
        cls.key = Fernet.generate_key().decode()

    def _kept(self):
        """Return what the table holds, by owner."""
        self.env.flush_all()
        self.env.cr.execute("SELECT owner, sealed FROM saas_vault")
        return dict(self.env.cr.fetchall())

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
        self.source.new_api_key = _KEY
        self.assertEqual(self.source.api_key_hint, "…tern")
        kept = self._kept()
        owners = [self._owner(self.source), self._owner(self.source.secret_ids)]
        self.assertEqual(sorted(kept), sorted(owners))
        for text in kept.values():
            self.assertTrue(text.startswith("f:"))
            self.assertNotIn(SECRET, text)
            self.assertNotIn(_KEY, text)
        self.env.invalidate_all()
        self.assertEqual(self.source.api_key, _KEY)
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
                "new_api_key": _KEY,
                "secret_ids": [Command.create({"new_value": OTHER_SECRET})],
            },
            shown,
        )
        self.assertNotIn(_KEY, repr(answer))
        self.assertNotIn(OTHER_SECRET, repr(answer))
        self.assertEqual(len(self._kept()), 3)

    def test_goes_with_its_record(self):
        self.source.new_api_key = _KEY
        self.source.secret_ids = [Command.create({"new_value": OTHER_SECRET})]
        self.assertEqual(len(self._kept()), 3)
        self.source.secret_ids[0].unlink()
        self.assertEqual(len(self._kept()), 2)
        copy = self.source.copy({"clearing_journal_id": False})
        self.assertFalse(copy.api_key or copy.secret_ids)
        self.assertEqual(len(self._kept()), 2)
        other = self._create_source(clearing_journal_id=False, new_api_key=_KEY)
        self.assertEqual(len(self._kept()), 4)
        other.unlink()
        self.assertEqual(len(self._kept()), 2)
        self.source.api_key = False
        self.assertEqual([*self._kept()], [self._owner(self.source.secret_ids)])

    def test_what_is_no_secret(self):
        for value in ("whsec_\ud800", "x" * 4097):
            with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
                self.source.new_api_key = value
            self.assertNotIn(value, str(refused.exception))
        for value in ("", "  "):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.source.secret_ids = [Command.create({"new_value": value})]
        self.source.new_api_key = _KEY
        self.source.new_api_key = "  "
        self.assertEqual(self.source.api_key, _KEY)

    def test_one_query(self):
        """However many secrets are valid, they are read at once."""
        self.source.secret_ids = [
            Command.create({"new_value": f"{OTHER_SECRET}{n}"}) for n in range(5)
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self.source.secret_ids.mapped("valid_from"))
        with self.assertQueryCount(1):
            self.assertEqual(len(self.source._get_valid_secrets()), 6)

    # -- keys -----------------------------------------------------------------

    def test_without_a_key(self):
        """What was sealed stays closed; what is pasted is refused, with the way out."""
        with settings():
            for vals in (
                {"new_api_key": _KEY},
                {"secret_ids": [Command.create({"new_value": OTHER_SECRET})]},
            ):
                with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
                    self.source.write(vals)
                message = str(refused.exception)
                self.assertIn(vault_settings.MAKE_KEY, message)
                self.assertIn("SAAS_BILLING_SYNC_KEY", message)
                self.assertNotIn(_KEY, message)
            self.assertEqual(len(self._kept()), 1)

    def test_bad_key(self):
        with settings(key=f"{self.key}, a-passphrase"):
            with self.assertRaisesRegex(UserError, "Key 2"), self.env.cr.savepoint():
                self.source.new_api_key = _KEY
            self.assertFalse(self.source._get_valid_secrets())

    def test_another_key(self):
        """Fails closed, tells the log and the page, and opens again with its key."""
        self.source.new_api_key = _KEY
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
            self.source.new_api_key = _KEY
        with settings(key=self.key):
            self.env.invalidate_all()
            self.assertEqual(self.source.api_key, _KEY)

    def test_rotate(self):
        newest = Fernet.generate_key().decode()
        with settings(key=self.key):
            self.source.secret_ids.value = SECRET
            self.source.new_api_key = _KEY
        with settings(key=f"{newest}, {self.key}"):
            before = self._kept()
            self.assertEqual(self.vault._rotate(), (2, []))
            self.assertFalse(set(before.values()) & set(self._kept().values()))
        with settings(key=newest):
            self.env.invalidate_all()
            self.assertEqual(self.source._get_valid_secrets(), [SECRET])
            self.assertEqual(self.source._get_api_key(), _KEY)
        with settings(key=self.key):
            owners = sorted(self._kept())
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
            self.assertEqual([*self._kept().values()], [f"p:{SECRET}"])

    def test_plain_is_sealed_at_the_first_start_with_a_key(self):
        self._make_plain()
        with settings(key=self.key):
            self.vault._register_hook()
            [kept] = self._kept().values()
            self.assertTrue(kept.startswith("f:"))
            self.env.invalidate_all()
            self.assertEqual(self.source._get_valid_secrets(), [SECRET])
            self.assertFalse(self.source.vault_warning)

    # -- by reference ---------------------------------------------------------

    def test_variable(self):
        """It is read when it is used, and needs no key."""
        name = f"SAAS_SECRET_{self.company.id}_STRIPE"
        with settings():
            os.environ[name] = OTHER_SECRET
            secret = self.source.secret_ids
            secret.new_value = f"env:{name}"
            self.assertEqual(secret.hint, f"env:{name}")
            self.assertEqual(self.source._get_valid_secrets(), [OTHER_SECRET])
            os.environ[name] = SECRET
            self.env.invalidate_all()
            self.assertEqual(self.source._get_valid_secrets(), [SECRET])
            del os.environ[name]
            self.env.invalidate_all()
            self.assertEqual(self.source._get_valid_secrets(), [])
            self.assertIn(name, self.source.vault_warning)
            self.assertIn(name, self.source.setup_missing)
        self.assertEqual([*self._kept().values()], [f"r:env:{name}"])

    def test_only_its_company_s_variables(self):
        """Another company's, and Odoo's own, are refused, there or not."""
        other = self.env["res.company"].create({"name": "Other"})
        theirs = f"SAAS_SECRET_{other.id}_STRIPE"
        with settings(key=self.key):
            os.environ[theirs] = OTHER_SECRET
            os.environ["SAAS_SECRET_"] = OTHER_SECRET
            for name in (theirs, "SAAS_SECRET_", "SAAS_BILLING_SYNC_KEY", "HOME", ""):
                with self.subTest(name), self.assertRaises(UserError) as refused:
                    with self.env.cr.savepoint():
                        self.source.new_api_key = f"env:{name}"
                self.assertNotIn(OTHER_SECRET, str(refused.exception))
            # A name that was fine once is asked about again.
            self.vault._execute("UPDATE saas_vault SET sealed = %s", f"r:env:{theirs}")
            self.env.invalidate_all()
            self.assertEqual(self.source._get_valid_secrets(), [])

    def test_file(self):
        with tempfile.TemporaryDirectory() as folder, settings(secrets_dir=folder):
            own = Path(folder, str(self.company.id))
            own.mkdir()
            Path(own, "stripe").write_text(f"{OTHER_SECRET}\n")
            for name in ("stripe", str(own / "stripe")):
                self.source.secret_ids.new_value = f"file:{name}"
                self.env.invalidate_all()
                self.assertEqual(self.source._get_valid_secrets(), [OTHER_SECRET])
            Path(own, "stripe").write_text(SECRET)
            self.env.invalidate_all()
            self.assertEqual(self.source._get_valid_secrets(), [SECRET])

    def test_only_its_company_s_files(self):
        with tempfile.TemporaryDirectory() as folder, settings(secrets_dir=folder):
            own = Path(folder, str(self.company.id))
            other = Path(folder, f"{self.company.id}0")
            for path in (own, other):
                path.mkdir()
            Path(other, "theirs").write_text(OTHER_SECRET)
            Path(folder, "above").write_text(OTHER_SECRET)
            Path(own, "link").symlink_to(other / "theirs")
            Path(own, "large").write_text("x" * 5000)
            for name in (
                *(f"../{other.name}/theirs", str(other / "theirs"), "link"),
                *("../above", "/etc/passwd", "/proc/self/environ", ".", "..", ""),
                *("missing", "large", "null\0byte", "\ud800", "x" * 5000),
            ):
                # Not every name can be sent from one test process to another.
                with self.subTest(ascii(name)), self.assertRaises(UserError) as refused:
                    with self.env.cr.savepoint():
                        self.source.new_api_key = f"file:{name}"
                self.assertNotIn(OTHER_SECRET, str(refused.exception))
        with settings(), self.assertRaisesRegex(UserError, "secrets_dir"):
            self.source.new_api_key = "file:stripe"

    def test_key_of_the_other_mode(self):
        """What a reference leads to may change after it was checked."""
        name = f"SAAS_SECRET_{self.company.id}_KEY"
        with settings():
            os.environ[name] = _KEY
            self.source.new_api_key = f"env:{name}"
            self.assertEqual(self.source._get_api_key(), _KEY)
            os.environ[name] = _KEY.replace("test", "live")
            self.env.invalidate_all()
            self.assertFalse(self.source._has_api_key())
            self.assertIn("different modes", self.source.vault_warning)
