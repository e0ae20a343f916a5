"""The counterpart of GoCardless is held to GoCardless' own library, and what the
adapter reads to what the counterpart sends.

Covers adapters/gocardless/client, adapters/gocardless/api and
adapters/gocardless/harmless.
"""

import json
import re
from unittest.mock import patch

import gocardless_pro
from gocardless_pro import resources, webhooks

from odoo.tests import tagged

from ...adapters.gocardless.event import GoCardlessEvent
from ...canonical.display.masking import MASK, mask
from ...canonical.errors import Malformed, Quarantine, Transient, Unauthentic
from ...canonical.reader import Reader
from ...dev.make_believe.gocardless import month
from ...dev.make_believe.gocardless.api import TOKEN
from ...dev.make_believe.gocardless.webhooks import make_requests, sign
from ..payments.gocardless_common import GoCardlessCommon
from ..support.common import OTHER_SECRET, SECRET

_CLASSES = {
    "customers": resources.Customer,
    "events": resources.Event,
    "mandates": resources.Mandate,
    "payments": resources.Payment,
    "payout_items": resources.PayoutItem,
    "payouts": resources.Payout,
    "refunds": resources.Refund,
}
#: Objects whose keys the library leaves to its reader.
_FREE = ("metadata", "resource_metadata", "taxes")
#: https://developer.gocardless.com/api-reference/#payout-items-get-all-payout-items
_TAX = frozenset(
    """
    amount currency destination_amount destination_currency exchange_rate tax_rate_id
    """.split()
)
#: What is put together here of several answers.
_OWN = frozenset(
    """
    customer events id items moved_on movements object_ids payout rounding tax_rounding
    transactions type currency
    """.split()
)


@tagged("post_install", "-at_install")
class TestGoCardlessCounterpart(GoCardlessCommon):
    def _play_month(self):
        self.gocardless.reset(month.make_account())
        self.account = self.gocardless.account
        for _step in month.play(self.account):
            pass

    def test_library_knows_all_keys(self):
        """Each key that is sent is a property of the library's class."""
        self._play_month()
        client = gocardless_pro.Client(TOKEN, base_url=self.gocardless.url)
        for name, known in _CLASSES.items():
            lists = [{}]
            if name == "payout_items":
                payouts = self.account.objects["payouts"]
                lists = [{"payout": ref, "include": "taxes"} for ref in payouts]
            for params in lists:
                rows = list(getattr(client, name).all(params))
                self.assertTrue(rows)
                for row in rows:
                    self._check_keys(known, row.attributes)
                    for tax in row.attributes.get("taxes") or []:
                        self.assertEqual(set(tax), _TAX)

    def _check_keys(self, known, attributes):
        for key, value in attributes.items():
            self.assertIsInstance(
                getattr(known, key, None), property, f"{known.__name__}.{key}"
            )
            if isinstance(value, dict) and key not in _FREE:
                inner = getattr(known, key.title().replace("_", ""))
                self._check_keys(inner, value)

    def test_adapter_reads_what_is_sent(self):
        """Each key that the adapter reads comes from the counterpart at least once."""
        asked = set()
        get = Reader._get

        def record(reader, path, *args):
            if reader._path.startswith("data") or path.startswith("data."):
                whole = ".".join(filter(None, (reader._path, path)))
                asked.add(re.sub(r"\[\d+\]", "", whole))
            return get(reader, path, *args)

        with patch.object(Reader, "_get", record):
            self._play_month()
            self.send()
        self.assertTrue(asked)
        sent = set()
        events = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)]
        )
        for event in events:
            payload = json.loads(event._get_body())
            if GoCardlessEvent(payload).is_pulled:
                _collect(payload["data"], "data", sent)
        self.assertEqual(asked - sent, set())

    def test_own_keys_are_few(self):
        """What was fetched is GoCardless' own but for what is put together here."""
        self._play_month()
        self.send()
        events = self.env["saas.subscription.event"].search(
            [("event_type", "like", "pulled.%"), ("source_id", "=", self.source.id)]
        )
        for event in events:
            name = event.event_type.partition(".")[2]
            keys = json.loads(event._get_body())["data"]
            known = _CLASSES.get(name)
            strange = {key for key in keys if not hasattr(known, key)} - _OWN
            self.assertFalse(strange, name)

    # -- who is let in ----------------------------------------------------------

    def test_signature(self):
        """The library's own check lets a request in, by any secret that is valid."""
        self.add_customer()
        [(body, headers)] = make_requests(self.get_untold(), SECRET)
        signature = headers["Webhook-Signature"]
        self.assertEqual(len(webhooks.parse(body, SECRET, signature)), 3)
        self.assertEqual(len(self.receive(body, headers)), 3)
        self.assertFalse(self.receive(body, headers))  # the ids are known
        self.source.secret_ids.new_value = OTHER_SECRET
        with self.assertRaises(Unauthentic):
            self.receive(body, headers)

    def test_odd_signatures(self):
        """A header that makes the library raise is refused, and so is none at all."""
        body = b'{"events": []}'
        good = sign(body, SECRET)
        for odd in (None, "", "é", good.upper(), good[:-1], f"{good}, {good}", "\x00"):
            headers = {} if odd is None else {"Webhook-Signature": odd}
            with self.subTest(odd), self.assertRaises(Unauthentic):
                self.receive(body, headers)

    def test_parts_that_cannot_be_read(self):
        """A part that is no event is stored beside the others, and shown."""
        self.add_customer()
        events = self.get_untold()
        odd = [5, {}, {"id": 7}, {**events[0], "created_at": "yesterday"}]
        [(body, headers)] = make_requests([*odd, *events], SECRET)
        new = self.receive(body, headers)
        self.assertEqual(len(new), 7)
        self.work()
        bad = new.filtered(lambda event: event.event_type == "unreadable")
        self.assertState(bad, "quarantined", "invalid_payload")
        self.assertEqual(len(bad), 4)

    def test_bodies_that_are_signed(self):
        """What is signed and no webhook of GoCardless is malformed, never an error."""
        for body in (b"", b"[]", b"{", b'{"events": 5}', b"\xff", b"[" * 100000):
            headers = {"Webhook-Signature": sign(body, SECRET)}
            with self.subTest(body[:20]), self.assertRaises(Malformed):
                self.receive(body, headers)

    # -- what goes wrong at GoCardless -------------------------------------------

    def _ask(self):
        return self.source._get_adapter()._get_one(self.source, "payments", "PM1")

    def test_what_is_not_there(self):
        self.assertIsNone(self._ask())

    def test_passing_trouble(self):
        for status, body in ((500, ""), (502, "<html>"), (429, "")):
            self.gocardless.fail(path="payments", times=3, status=status, body=body)
            with self.subTest(status), self.assertRaises(Transient):
                self._ask()
            self.gocardless.reset()
        self.gocardless.tokens.discard(TOKEN)
        try:
            with self.assertRaises(Quarantine) as caught:
                self._ask()
        finally:
            self.gocardless.tokens.add(TOKEN)
        self.assertEqual(caught.exception.cause, "key_refused")

    def test_token_tells_its_mode(self):
        adapter = self.source._get_adapter()
        self.assertIs(adapter._get_key_mode("live_x"), True)
        self.assertIs(adapter._get_key_mode(TOKEN), False)
        self.assertIsNone(adapter._get_key_mode("other"))
        self.assertTrue(adapter._explain_key("sk_test_1"))
        self.assertEqual(adapter._test_key(self.source), [])

    def test_library_that_is_missing(self):
        """Without the library nobody is let in, and reading says what to install."""
        with patch.dict("sys.modules", {"gocardless_pro": None}):
            self.add_customer()
            [(body, headers)] = make_requests(self.get_untold(), SECRET)
            with self.assertRaises(Unauthentic):
                self.receive(body, headers)

    def test_nothing_personal_is_shown(self):
        self.account.add_customer(
            given_name="Ada", family_name="Quarry", email="ada@quarry.example"
        )
        self.send()
        events = self.env["saas.subscription.event"].search(
            [("event_type", "=", "pulled.customers")]
        )
        harmless = self.source._get_adapter()._harmless
        payload = json.loads(events[0]._get_body())
        shown = json.dumps(mask(payload, harmless), ensure_ascii=False)
        self.assertNotIn("Ada", shown)
        self.assertNotIn("quarry", shown)
        self.assertIn(MASK, shown)
        self.assertIn("CU000001", shown)


def _collect(value, path, paths):
    """Add the paths of all that is in a value to ``paths``."""
    paths.add(path)
    if isinstance(value, dict):
        for key, inner in value.items():
            _collect(inner, f"{path}.{key}", paths)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, path, paths)
