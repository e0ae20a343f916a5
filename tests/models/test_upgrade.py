import http.client
import json
import lzma
import os
import subprocess

from cryptography.fernet import Fernet

from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name

from ...models.vault.settings import KEY_VARIABLE
from ..support import stripe_fixtures
from ..support.live import dev, find_trouble, run_script
from ..support.webhook import WebhookMixin

_ADDON = "saas_billing_sync"
#: What `make dump` made of the version before; see the README beside them.
_DUMP, _ODOO = (
    f"tests/fixtures/upgrade/19.0.1.0.0{end}" for end in (".sql.xz", ".odoo")
)

#: The accounting of journal items; what Odoo adds for itself may change.
_ITEMS = """
    SELECT count(*), md5(string_agg(concat_ws(
        '|', id, move_id, journal_id, account_id, partner_id, product_id, tax_line_id,
        date, name, parent_state, currency_id, debit, credit, balance,
        amount_currency, amount_residual, amount_residual_currency, reconciled,
        full_reconcile_id, matching_number, saas_external_id
    ), E'\\n' ORDER BY id)) FROM account_move_line"""
_MOVES = """
    SELECT count(*), md5(string_agg(concat_ws(
        '|', id, name, state, move_type, date, invoice_date, partner_id, currency_id,
        amount_total, amount_residual, payment_state, ref
    ), E'\\n' ORDER BY id)) FROM account_move"""
_TABLES = """
    SELECT relname::text FROM pg_class
     WHERE relkind = 'r' AND starts_with(relname, 'saas_') ORDER BY 1"""
_LOGGED = "SELECT count(*) FROM saas_sync_log WHERE action != 'four_eyes_set'"
_TOLD = """
    SELECT source_id, detail FROM saas_sync_log
     WHERE action = 'four_eyes_set' ORDER BY 1, 2"""
_ADMINISTRATOR = """
    SELECT data.name FROM res_groups_users_rel rel
      JOIN ir_model_data data ON data.model = 'res.groups' AND data.res_id = rel.gid
      JOIN res_users ON res_users.id = rel.uid AND res_users.login = 'admin'"""

#: Given to an Odoo shell after the upgrade.
_LOOK = """
sources = env["saas.source"].search([], order="id")
print("CHAINS", [env["saas.sync.log"]._verify_chain(source) for source in sources])
print("SECRETS", [source._get_valid_secrets() for source in sources])
print("KEYS", [source._get_api_key() for source in sources])
print("WARNED", [bool(source.vault_warning) for source in sources])
"""
_SECRETS = {
    "SECRETS": [
        ["whsec_fixture_2", "whsec_fixture_1"],
        ["whsec_fixture_4", "whsec_fixture_3"],
    ],
    "KEYS": ["rk_live_fixture_1", "rk_live_fixture_2"],
}


class UpgradeCommon(BaseCase):
    """A database of the version before, with the month of the demonstration in it, and
    an upgrade of copies of it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database, cls.odoo = dev("machine.database"), dev("machine.odoo_command")
        cls.settings = dev("settings")
        cls.old = cls._name("old")
        cls.addClassCleanup(cls.database.drop, cls.old)
        cls._restore(cls.old)
        # The tables of Odoo's own addons may be older than its code: then upgrade all.
        same = (cls.settings.ROOT / _ODOO).read_text() == dev(
            "machine.odoo_source"
        ).identity()
        cls.upgraded = _ADDON if same else "base"

    @classmethod
    def _name(cls, suffix):
        return f"e2e_{get_db_name()}_upgrade_{suffix}"

    @classmethod
    def _restore(cls, name):
        cls.database.drop(name)
        cls.database.execute(f'CREATE DATABASE "{name}"')
        subprocess.run(
            [
                dev("machine.cluster").program("psql"),
                *("--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-d", name),
            ],
            input=lzma.decompress((cls.settings.ROOT / _DUMP).read_bytes()),
            env={**os.environ, **cls.database.connection()},
            stdout=subprocess.DEVNULL,
            check=True,
        )

    def _copy(self, suffix):
        name = self._name(suffix)
        self.addCleanup(self.database.drop, name)
        return self.database.create_from_template(name, self.old)

    def _read(self, name, query, *values):
        return self.database.execute(query, *values, database=name)

    def _upgrade(self, name, *options):
        """Upgrade as `odoo -u` does; return the log's warnings and errors."""
        # As if this version had not been there yet, however often it was.
        self._read(
            name,
            "UPDATE ir_module_module SET latest_version = '19.0.1.0.0' WHERE name = %s",
            _ADDON,
        )
        self.odoo.run(
            name,
            *options,
            "-u",
            self.upgraded,
            "--stop-after-init",
            "--no-http",
            log=name,
        )
        log = (self.settings.LOG / f"{name}.log").read_text()
        self.assertIn("pre-migration", log)
        self.assertNotIn("_fixture_", log)
        return find_trouble(log)

    def _look(self, name):
        """Return what an Odoo shell says about the sources."""
        lines = run_script(name, _LOOK).splitlines()
        return {
            word: rest
            for word, _space, rest in (line.partition(" ") for line in lines)
            if word in ("CHAINS", "SECRETS", "KEYS", "WARNED")
        }

    def _count(self, name):
        """Return the books as hashes, and the number of rows of each table of ours."""
        found = {"items": self._read(name, _ITEMS), "moves": self._read(name, _MOVES)}
        for (table,) in self._read(name, _TABLES):
            found[table] = self._read(name, f'SELECT count(*) FROM "{table}"')
        # What the upgrade itself says in the log is looked at apart.
        found["saas_sync_log"] = self._read(name, _LOGGED)
        return found

    def _check_four_eyes(self, name):
        """Who decided alone does so until somebody decides otherwise; each source's log
        says it once. The administrator, who manages, doesn't sign any more.
        """
        modes = self._read(name, "SELECT DISTINCT saas_four_eyes FROM res_company")
        self.assertEqual(modes, [("off",)])
        rows = self._read(name, _TOLD)
        self.assertEqual(
            rows, [(number, "off: as before the upgrade") for number in (1, 2)]
        )
        roles = {role for (role,) in self._read(name, _ADMINISTRATOR)}
        self.assertLessEqual({"group_saas_manager", "group_saas_reviewer"}, roles)
        self.assertNotIn("group_saas_approver", roles)

    def _check_moved(self, name, kept):
        """Check that the columns are gone, and that the vault has all, kept so."""
        columns = self._read(
            name,
            """SELECT table_name, column_name FROM information_schema.columns
                WHERE (table_name, column_name) IN
                      (('saas_source', 'api_key'), ('saas_source_secret', 'value'))""",
        )
        self.assertEqual(columns, [])
        found = self._read(name, "SELECT left(sealed, 2), hint FROM saas_vault")
        self.assertEqual(len(found), 6)
        self.assertEqual({how for how, _hint in found}, {kept})
        self.assertTrue(all(len(hint) == 5 for _how, hint in found))

    def _check_environment(self, name):
        """Check that the upgrade itself has recorded where the database runs: a copy of
        it that is made before its first event is known as one.
        """
        found = self._read(name, "SELECT database, state FROM saas_environment")
        self.assertEqual(found, [(name, "confirmed")])

    def _check_whole(self, name, before):
        after = self._count(name)
        self.assertEqual({key: after.get(key) for key in before}, before)
        looked = self._look(name)
        self.assertEqual(looked["CHAINS"], "[0, 0]")
        for what, expected in _SECRETS.items():
            self.assertEqual(looked[what], repr(expected))
        return looked


@tagged("post_install", "-at_install")
class TestUpgrade(UpgradeCommon):
    """It is upgraded. Nothing is lost, nothing is booked, and the secrets move."""

    # -- with a key -----------------------------------------------------------

    def test_twice_in_a_row(self):
        name = self._copy("twice")
        before = self._count(name)
        self.assertGreater(before["items"][0][0], 500)
        self.assertGreater(before["saas_subscription_event"][0][0], 500)
        sealed = set()
        for _time in range(2):
            self.assertEqual(self._upgrade(name), [])
            self._check_moved(name, "f:")
            self._check_environment(name)
            self._check_four_eyes(name)
            sealed.add(str(self._read(name, "SELECT * FROM saas_vault ORDER BY owner")))
        self.assertEqual(len(sealed), 1)
        looked = self._check_whole(name, before)
        self.assertEqual(looked["WARNED"], "[False, False]")
        self._check_webhook(name)

    def _check_webhook(self, name):
        """An event that is signed as before is taken, and another is not."""
        [(token,)] = self._read(name, "SELECT token FROM saas_source WHERE id = 1")
        with dev("machine.server").OdooServer(name, channels="root:0") as server:
            for secret, status in (("whsec_fixture_1", 200), ("whsec_fixture_3", 401)):
                with self.subTest(secret):
                    self.assertEqual(self._post(server, token, secret), status)

    def _post(self, server, token, secret):
        body = json.dumps(stripe_fixtures.load("basil", "customer.created")).encode()
        headers = {
            "Content-Type": "application/json",
            "Stripe-Signature": WebhookMixin.sign(body, secret),
        }
        link = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=30)
        try:
            link.request("POST", f"/saas/webhook/{token}", body, headers)
            return link.getresponse().status
        finally:
            link.close()

    # -- without one ----------------------------------------------------------

    def test_without_a_key(self):
        """What is there goes on working under a warning, until there is a key; then
        it is sealed, and sealed anew with another key by the command.
        """
        name = self._copy("keyless")
        before = self._count(name)
        trouble = self._upgrade(name, "-c", str(self._write_keyless()))
        self.assertEqual(len(trouble), 1, trouble)
        self.assertIn("6 secrets are stored unsealed", trouble[0])
        self._check_moved(name, "p:")
        # Odoo's next start has a key, and it may be any.
        first, second = (Fernet.generate_key().decode() for _each in range(2))
        self.assertEqual(self._rotate(name, first), (0, "6 secrets are sealed"))
        self._check_moved(name, "f:")
        self.assertEqual(
            self._rotate(name, f"{second},{first}"), (0, "6 secrets are sealed")
        )
        keys = Fernet(second)
        opened = {
            keys.decrypt(sealed.removeprefix("f:").encode()).decode()
            for (sealed,) in self._read(name, "SELECT sealed FROM saas_vault")
        }
        self.assertEqual(
            opened,
            {
                *(f"whsec_fixture_{number}" for number in range(1, 5)),
                *(f"rk_live_fixture_{number}" for number in (1, 2)),
            },
        )
        status, said = self._rotate(name, first)
        self.assertEqual((status, said), (1, "0 secrets are sealed"))
        after = self._count(name)
        self.assertEqual({key: after.get(key) for key in before}, before)

    def _write_keyless(self):
        """Write Odoo's configuration without our section; return its path."""
        content, found, _section = self.settings.CONF.read_text().partition(
            f"[{_ADDON}]"
        )
        self.assertTrue(found)
        path = self.settings.RUN / f"{self._name('keyless')}.conf"
        path.write_text(content)
        self.addCleanup(path.unlink)
        return path

    def _rotate(self, name, keys):
        """Run the command as an administrator does; return its exit code and the
        beginning of what it says.
        """
        done = subprocess.run(
            self.odoo.command(name, subcommand="saas_rotate_keys"),
            cwd=self.settings.LOCAL,
            env=self.odoo.environment(**{KEY_VARIABLE: keys}),
            capture_output=True,
            text=True,
        )
        self.assertNotIn("_fixture_", done.stdout + done.stderr)
        return done.returncode, done.stdout.partition(" with")[0]
