"""What tests of the vault share: its settings, and a look into its table."""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.tools import config

from ...models.vault import settings as vault_settings
from ..support.webhook import SaasHttpCommon

KEY = "rk_test_5zQ1fjordmoonlantern"


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


class VaultCommon(SaasHttpCommon):
    """A source with a secret in the vault, and a key to seal with in ``cls.key``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vault = cls.env["saas.vault"]
        cls.key = Fernet.generate_key().decode()

    def kept(self):
        """Return what the table holds, by owner."""
        self.env.flush_all()
        self.env.cr.execute("SELECT owner, sealed FROM saas_vault")
        return dict(self.env.cr.fetchall())
