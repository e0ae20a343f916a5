import sys

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class SaasRotateKeys(Command):
    """Seal all secrets of a database anew, with the newest key.

    Put the new key before the old one, with a comma between them, and restart Odoo.
    Then run this. Once it says that none is left, take the old key away.
    """

    name = "saas_rotate_keys"

    def run(self, args):
        """Rotate, say what was done, and exit with 1 if a secret can't be opened.

        :param args: Odoo's options: ``-d DATABASE``, and ``-c`` if it needs one.
        """
        config.parser.prog = self.prog
        config.parse_config(args, setup_logging=True)
        names = config["db_name"]
        if len(names) != 1:
            sys.exit("Name one database: -d DATABASE")
        with Registry(names[0]).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if "saas.vault" not in env:
                sys.exit(f"saas_billing_sync is not installed in {names[0]}.")
            done, closed = env["saas.vault"]._rotate()
        # pylint: disable=bad-builtin,print-used
        print(f"{done} secrets are sealed with the newest key.")
        if closed:
            sys.exit(
                f"{len(closed)} secrets can't be opened with any key that this Odoo "
                f"has, and stay as they are: {', '.join(closed)}. Put their key back, "
                "or paste them again."
            )
