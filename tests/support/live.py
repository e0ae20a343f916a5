"""A real Odoo with its job runner, on a database of its own, for tests that mock
nothing: what they send goes over HTTP, and what they read is in the database.
"""

import http.client
import importlib
import json
import os
import re
import tempfile
import time

from odoo import Command
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name

from .common import SECRET
from .session import Session
from .webhook import WebhookMixin

#: Log lines that tell of trouble, whoever writes them. Of Python's warnings only
#: those about this addon: Odoo itself uses what its libraries have deprecated.
_TROUBLE = re.compile(
    r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) (?!\S+ py\.warnings: (?!.*saas_))"
)


def dev(name):
    """Return a module of the checkout's ``dev`` package, which knows how to make
    databases and to start servers.
    """
    if not os.environ.get("SAAS_TEMPLATE"):
        raise AssertionError("this test needs what `make test` sets up: run that")
    return importlib.import_module(f"dev.{name}")


def run_script(database, script):
    """Give a script to an Odoo shell on a database; return what was logged and
    printed. One that fails is a failure here, with its traceback.
    """
    settings, odoo_command = dev("settings"), dev("machine.odoo_command")
    log = f"{database}-script"
    with tempfile.TemporaryFile() as stdin:
        stdin.write(script.encode())
        stdin.seek(0)
        odoo_command.run(
            database, "--no-http", subcommand="shell", log=log, stdin=stdin
        )
    return (settings.LOG / f"{log}.log").read_text()


def find_trouble(log):
    """Return the lines of a log (a text) that are warnings or worse."""
    return [line for line in log.splitlines() if _TROUBLE.match(line)]


class LiveCase(BaseCase):
    """Starts Odoo on a copy of the template database, with a source set up."""

    #: As Odoo's option: 0 is one process with threads, 2 are two processes.
    workers = 0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = create_database(cls, os.environ.get("SAAS_TEMPLATE"))
        # Of the logs, which are named by a random port too, the last one is kept.
        for log in dev("settings").LOG.glob(f"odoo-{cls.database}-*.log"):
            log.unlink()
        cls.server = cls.start_server()
        cls.admin = Session(cls.server, "admin", "admin")
        cls.source_id = cls.create_source()
        [source] = cls.admin.call("saas.source", "read", [cls.source_id], ["token"])
        cls.token = source["token"]

    @classmethod
    def start_server(cls, **details):
        """Start Odoo, with more ``details`` for it; it ends with the class."""
        server = dev("machine.server").OdooServer(
            cls.database, workers=cls.workers, options=cls.get_options(), **details
        )
        # Two seconds to end by itself: its database is dropped next.
        cls.addClassCleanup(server.stop, 2)
        return server.start()

    @classmethod
    def get_options(cls):
        """Return more arguments for Odoo."""
        return ()

    @classmethod
    def create_source(cls):
        """Set a source up as a person does; return its id."""
        return cls.admin.add(
            "saas.source",
            name="Stripe test account",
            adapter="stripe",
            tz="UTC",
            sale_journal_id=cls.admin.find("account.journal", code="INV"),
            clearing_journal_id=cls.admin.add(
                "account.journal", name="Stripe clearing", code="STR", type="bank"
            ),
            default_product_id=cls.admin.add("product.product", name="Plan"),
            secret_ids=[Command.create({"new_value": SECRET})],
        )

    @classmethod
    def create_vat(cls, percent):
        """Create a sales tax on the chart's own account; return its id."""
        line = cls.admin.call(
            "account.tax.repartition.line",
            "search_read",
            [
                ("repartition_type", "=", "tax"),
                ("account_id", "!=", False),
                ("tax_id.type_tax_use", "=", "sale"),
            ],
            ["account_id"],
            limit=1,
        )[0]
        repartition = [
            Command.create({"repartition_type": "base"}),
            Command.create(
                {"repartition_type": "tax", "account_id": line["account_id"][0]}
            ),
        ]
        return cls.admin.add(
            "account.tax",
            name=f"{percent}% VAT",
            amount=percent,
            type_tax_use="sale",
            price_include_override="tax_excluded",
            invoice_repartition_line_ids=repartition,
            refund_repartition_line_ids=repartition,
        )

    # -- what goes in ---------------------------------------------------------

    def post(self, payload):
        """Send a signed event to the webhook; return the status."""
        body = json.dumps(payload).encode()
        return self.post_body(
            body, {"Stripe-Signature": WebhookMixin.sign(body, SECRET)}
        )

    def post_body(self, body, headers):
        """Send bytes to the webhook; return the status."""
        link = http.client.HTTPConnection("127.0.0.1", self.server.http_port, 30)
        try:
            headers = {"Content-Type": "application/json", **headers}
            link.request("POST", f"/saas/webhook/{self.token}", body, headers)
            return link.getresponse().status
        finally:
            link.close()

    # -- what comes of it -----------------------------------------------------

    @classmethod
    def sql(cls, query, *values):
        """Return the rows of a query on the server's database."""
        return dev("machine.database").execute(query, *values, database=cls.database)

    def wait_until(self, is_so, what, timeout=60):
        """Wait until ``is_so()``; fail if that takes too long."""
        give_up = time.monotonic() + timeout
        while not is_so():
            if time.monotonic() > give_up:
                self.fail(
                    f"{what} took more than {timeout} s:\n{self.read_log()[-4000:]}"
                )
            time.sleep(0.1)

    def wait_for_events(self, count):
        """Wait until so many events are here, and the job runner is through."""
        self.wait_until(
            lambda: (
                self.sql(
                    """SELECT count(*) >= %s
                              AND count(*) FILTER (WHERE state = 'received') = 0
                              AND NOT EXISTS (
                                  SELECT FROM queue_job
                                  WHERE state NOT IN ('done', 'failed')
                              )
                       FROM saas_subscription_event""",
                    count,
                )
                == [(True,)]
            ),
            f"draining {count} events",
        )

    def read_events(self):
        """Return the states and reasons of all events, by external id."""
        rows = self.sql(
            """SELECT external_id, state, reason, detail FROM saas_subscription_event"""
        )
        return {row[0]: row[1:] for row in rows}

    def read_documents(self):
        """Return type, payment state, total and what is still due of all posted
        documents, by their ids at the source.
        """
        rows = self.sql(
            """SELECT saas_external_id, move_type, payment_state, amount_total::float,
                      amount_residual::float
               FROM account_move
               WHERE state = 'posted' AND saas_external_id IS NOT NULL"""
        )
        return {row[0]: row[1:] for row in rows}

    def read_balances(self):
        """Return the balances of posted journal items, in words for their accounts."""
        rows = self.sql(
            """SELECT CASE WHEN journal.id IS NOT NULL THEN 'clearing'
                           WHEN line.tax_line_id IS NOT NULL THEN 'tax'
                           ELSE account.account_type END AS what,
                      round(sum(line.balance), 2)::float
               FROM account_move_line line
               JOIN account_account account ON account.id = line.account_id
               LEFT JOIN account_journal journal
                   ON journal.code = 'STR' AND journal.default_account_id = account.id
               WHERE line.parent_state = 'posted'
               GROUP BY what"""
        )
        return dict(rows)

    def read_log(self):
        """Return what the server has logged so far."""
        return self.server.log.read_text()

    def assertHealthy(self):
        """Check that every job ended well, and that the log shows no trouble and
        no secret.
        """
        jobs = self.sql("SELECT DISTINCT state, exc_info FROM queue_job")
        self.assertEqual(jobs, [("done", None)])
        self.assertEqual(find_trouble(self.read_log()), [])
        self.assertNotLogged(SECRET)

    def assertNotLogged(self, text):
        """Check that the log does not hold a text; show where it does."""
        lines = [line for line in self.read_log().splitlines() if text in line]
        self.assertEqual(lines, [])


def create_database(cls, template, suffix=""):
    """Make a database for a test class, named after it; it goes with the class."""
    database = dev("machine.database")
    name = f"e2e_{get_db_name()}_{cls.__name__}{suffix}".lower()
    cls.addClassCleanup(database.drop, name)
    return database.create_from_template(name, template)
