"""Covers adapters/adapter_asked and handlers/notices/notice, by systems of others."""

import json

from odoo import Command
from odoo.tests import tagged

from ..reading.counted_api import CLIENT, CLIENT_SECRET, CountedApi, Fault
from . import foreign_pull
from .extension_common import ExtensionCase

_SECRET = "quiet-velvet-orchard-lantern"
_CRON = "saas_billing_sync.ir_cron_saas_read_streams"


class ExtensionPullCase(ExtensionCase):
    """A real Odoo with the other addon, and the system that it reads."""

    addon, files = "saas_quiet", foreign_pull.FILES
    adapter = ""

    @classmethod
    def setUpClass(cls):
        cls.api = CountedApi().start()
        cls.addClassCleanup(cls.api.stop)
        super().setUpClass()

    @classmethod
    def create_source(cls):
        cls.admin.call(
            "ir.config_parameter", "set_param", "saas_billing_sync.call_loopback", "1"
        )
        return cls.admin.add(
            "saas.source",
            name="Quiet",
            adapter=cls.adapter,
            tz="UTC",
            sale_journal_id=cls.admin.find("account.journal", code="INV"),
            clearing_journal_id=cls.admin.add(
                "account.journal", name="Quiet clearing", code="STR", type="bank"
            ),
            default_product_id=cls.admin.add("product.product", name="Plan"),
            default_tax_id=cls.create_vat(19),
            secret_ids=[Command.create({"new_value": _SECRET})],
            credential_ids=[
                Command.create(
                    {
                        "kind": "oauth2_client",
                        "address": cls.api.url,
                        "client_id": CLIENT,
                        "new_secret": CLIENT_SECRET,
                    }
                )
            ],
        )

    def put(self, number, net, stamp="2026-03-02T09:30:00.000000+00:00"):
        """Hold a bill of so many cents, and 19 % more."""
        vat = net * 19 // 100
        self.api.put(number, stamp, buyer="B-7", net=net, vat=vat)

    def asked(self, path):
        """Return how many calls of a path were answered."""
        return [c.path for c in self.api.calls if c.status == 200].count(path)


@tagged("post_install", "-at_install")
class TestExtensionRead(ExtensionPullCase):
    """A system that is only read, with OAuth client credentials and a cursor."""

    adapter = "quiet_read"

    def test_books(self):
        """Five bills with one stamp, over three pages, then a later one; and a token
        that ends in between.
        """
        for number in range(1, 6):
            self.put(f"B/{number}", 10000)
        self._read()
        self.wait_for_events(5)
        self.put("B/6", 20000, "2026-03-02T09:31:00.000000+00:00")
        self.api.tokens.clear()
        self._read()
        self.wait_for_events(6)
        self.assertEqual(
            self.read_documents(),
            {
                **{
                    f"B/{n}": ("out_invoice", "not_paid", 119.0, 119.0)
                    for n in range(1, 6)
                },
                "B/6": ("out_invoice", "not_paid", 238.0, 238.0),
            },
        )
        self.assertEqual(
            self.read_balances(),
            {"asset_receivable": 833.0, "income": -700.0, "tax": -133.0},
        )
        self.assertEqual({event[0] for event in self.read_events().values()}, {"done"})
        self.assertEqual(self.api.given, 2)
        [cursor] = self.sql(
            "SELECT watermark, last_id, new_count, failures FROM saas_cursor"
        )
        self.assertEqual(cursor, ("2026-03-02T09:31:00.000000+00:00", "B/6", 6, 0))
        self.assertHealthy()
        self.assertNotLogged(CLIENT_SECRET)

    def test_takes_what_its_maker_says(self):
        """Two kinds of credential are offered; the server refuses all others."""
        [credential_id] = self.admin.call("saas.source.credential", "search", [])
        model = "saas.source.credential"
        [row] = self.admin.call(model, "read", [credential_id], ["offered_kinds"])
        self.assertEqual(row["offered_kinds"], ["oauth2_client", "basic"])
        self.admin.call(model, "write", [credential_id], {"kind": "basic"})
        error = self.admin.try_call(
            model, "write", [credential_id], {"kind": "api_key"}
        )
        self.assertIn("Quiet does not take this kind of credential", error)
        self.admin.call(model, "write", [credential_id], {"kind": "oauth2_client"})

    def _read(self):
        """Have the cron look, as it does each minute, and find the stream due."""
        # Odoo's clock has whole seconds: what is due in this one is due already.
        self.sql(
            "UPDATE saas_cursor"
            " SET next_at = date_trunc('second', now() AT TIME ZONE 'UTC')"
        )
        _model, cron_id = self.admin.call(
            "ir.model.data", "check_object_reference", *_CRON.split(".")
        )
        self.admin.call("ir.cron", "method_direct_trigger", [cron_id])


@tagged("post_install", "-at_install")
class TestExtensionNotice(ExtensionPullCase):
    """A system that sends notices alone: what they are about is asked for at once."""

    adapter = "quiet_notice"

    def _notify(self, number, about):
        body = json.dumps({"notice": f"N-{number}", "changed": about}).encode()
        return self.post_body(body, {"X-Whisper": _SECRET})

    def test_books(self):
        self.put("B-1", 10000)
        self.assertEqual(self._notify(1, "B-1"), 200)
        self.wait_for_events(2)
        self.assertEqual(
            self.read_documents(), {"B-1": ("out_invoice", "not_paid", 119.0, 119.0)}
        )
        self.assertEqual({event[0] for event in self.read_events().values()}, {"done"})
        self.assertEqual(self.asked("/things/B-1"), 1)

        # The object is the same as before; the later notice is done all the same.
        self.assertEqual(self._notify(2, "B-1"), 200)
        self.wait_for_events(3)
        self.assertEqual({event[0] for event in self.read_events().values()}, {"done"})
        self.assertEqual(self.asked("/things/B-1"), 2)

        # Twenty notices while the system has trouble: one call when it has not.
        self.put("B-2", 20000)
        self.api.faults = [Fault("/things/B-2", 500)]
        for number in range(20):
            self.assertEqual(self._notify(100 + number, "B-2"), 200)
        self.wait_for_events(24)
        self.assertEqual({event[0] for event in self.read_events().values()}, {"done"})
        self.assertLessEqual(self.asked("/things/B-2"), 3)
        self.assertEqual(
            self.read_balances(),
            {"asset_receivable": 357.0, "income": -300.0, "tax": -57.0},
        )
        self.assertHealthy()
