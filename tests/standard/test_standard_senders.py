"""The senders of docs/standard.rst, as they stand there, send to a running Odoo. Covers
docs/standard.rst.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from odoo import Command
from odoo.tests import tagged

from ...canonical.schema.examples import EXAMPLES
from ..support.live import LiveCase
from .common import SECRET

_PAGE = Path(__file__).parents[2] / "docs" / "standard.rst"
_BLOCK = r"\.\. code-block:: \w+\n    :name: {}\n\n((?:    .*\n|\n)+)"
#: Nobody listens there: it is what a sender sees while Odoo is down.
_NOWHERE = "http://127.0.0.1:9/saas/webhook/x"


@tagged("post_install", "-at_install")
class TestStandardSenders(LiveCase):
    """Copied from the page and run: what could not be sent is in the outbox, and goes
    out with what is told next; each event is booked once.
    """

    @classmethod
    def create_source(cls):
        return cls.admin.add(
            "saas.source",
            name="Own platform",
            adapter="standard",
            tz="UTC",
            sale_journal_id=cls.admin.find("account.journal", code="INV"),
            clearing_journal_id=cls.admin.add(
                "account.journal", name="Clearing", code="STR", type="bank"
            ),
            default_product_id=cls.admin.add("product.product", name="Plan"),
            default_tax_id=cls.create_vat(19),
            fee_account_id=cls.admin.add(
                "account.account", name="Fees", code="SAASFEE", account_type="expense"
            ),
            secret_ids=[Command.create({"new_value": SECRET})],
        )

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory(prefix="saas-sender-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def _copy(self, name):
        """Return the path of a program, copied from the page."""
        [code] = re.findall(_BLOCK.format(re.escape(name)), _PAGE.read_text())
        path = self.folder / name
        path.write_text(textwrap.dedent(code))
        return str(path)

    def _run(self, command, event=None, url=None, **environment):
        """Run a sender; return whether it said that all is sent."""
        told = [*event, "1"] if event else []
        data = json.dumps(EXAMPLES[event[0], "1"]) if event else ""
        address = f"http://127.0.0.1:{self.server.http_port}/saas/webhook/{self.token}"
        return subprocess.run(
            [*command, *told],
            input=data,
            text=True,
            cwd=self.folder,
            capture_output=True,
            env={
                **os.environ,
                "SAAS_URL": url or address,
                "SAAS_SECRET": SECRET,
                **environment,
            },
        )

    def _check(self, command, sender, **environment):
        environment["SAAS_SENDER"] = sender
        down = self._run(command, ["invoice.issued"], _NOWHERE, **environment)
        self.assertNotEqual(down.returncode, 0)
        self.assertIn("kept in", down.stderr)
        for event in (["customer.upserted"], ["payment.succeeded"], None, None):
            done = self._run(command, event, **environment)
            self.assertEqual((done.returncode, done.stderr), (0, ""), event)
        query = """SELECT event_type, count(*) FROM saas_subscription_event
                   WHERE sender = %s GROUP BY event_type ORDER BY event_type"""
        self.assertEqual(
            self.sql(query, sender),
            [("customer.upserted", 1), ("invoice.issued", 1), ("payment.succeeded", 1)],
        )

    def test_python_and_shell(self):
        python = [sys.executable, self._copy("sender.py")]
        self._check(python, "https://python.example", SAAS_TRIES="1")
        shell = ["sh", self._copy("sender.sh")]
        self._check(shell, "https://shell.example", SAAS_PAUSES="end")
        self.wait_for_events(6)
        self.assertEqual({*self.read_events().values()}, {("done", None, None)})
        invoice = self.read_documents()["I-1"]
        self.assertEqual(invoice, ("out_invoice", "paid", 119.0, 0.0))
        self.assertHealthy()
        self.assertNotLogged(SECRET)

    def test_refused(self):
        """What is wrong is said, and is not sent for ever."""
        for name, program in (("sender.py", sys.executable), ("sender.sh", "sh")):
            command = [program, self._copy(name)]
            wrong = self._run(
                command, ["invoice.issued"], SAAS_SECRET="whsec_" + "A" * 40
            )
            self.assertIn("401", wrong.stderr + wrong.stdout)
            self.assertNotEqual(wrong.returncode, 0)
