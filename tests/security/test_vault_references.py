import os
import tempfile
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.common import OTHER_SECRET, SECRET
from .vault_common import KEY, VaultCommon, settings


@tagged("post_install", "-at_install")
class TestVaultReferences(VaultCommon):
    """Secrets that are kept elsewhere are read when they are used, and only where
    their company may read them.
    """

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
        self.assertEqual([*self.kept().values()], [f"r:env:{name}"])

    def test_only_its_company_s_variables(self):
        """Another company's, and Odoo's own, are refused, there or not."""
        other = self.env["res.company"].create({"name": "Other"})
        theirs = f"SAAS_SECRET_{other.id}_STRIPE"
        with settings(key=self.key):
            os.environ[theirs] = OTHER_SECRET
            os.environ["SAAS_SECRET_"] = OTHER_SECRET
            for name in (theirs, "SAAS_SECRET_", "SAAS_BILLING_SYNC_KEY", "HOME", ""):
                with self.subTest(ascii(name)), self.assertRaises(UserError) as refused:
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
            os.environ[name] = KEY
            self.source.new_api_key = f"env:{name}"
            self.assertEqual(self.source._get_api_key(), KEY)
            os.environ[name] = KEY.replace("test", "live")
            self.env.invalidate_all()
            self.assertFalse(self.source._has_api_key())
            self.assertIn("different modes", self.source.vault_warning)
