"""What GoCardless' lists bring that no webhook did.

Covers adapters/gocardless/listing, adapters/gocardless/reading_plan and
adapters/gocardless/fetch.
"""

from datetime import UTC, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...canonical.kinds import Kind
from ...dev.make_believe.gocardless import month
from ...dev.make_believe.gocardless.webhooks import make_requests
from ..payments.gocardless_common import ADDRESS, GoCardlessCommon
from ..support.books import Undo
from ..support.common import SECRET


@tagged("post_install", "-at_install")
class TestGoCardlessReading(GoCardlessCommon):
    """Lost webhooks, notices told together, and the nightly comparison."""

    def _play_month(self):
        self.gocardless.reset(month.make_account())
        self.account = self.gocardless.account
        for _step in month.play(self.account):
            pass

    def test_lost_webhooks(self):
        """Of a whole month's webhooks none arrived: the list of events brings all, and
        the books are those of a month in which all did.
        """
        self._play_month()
        try:
            with self.env.cr.savepoint():
                self.send()
                raise Undo(self.books())
        except Undo as undo:
            expected = undo.args[0]
        self.env.invalidate_all()
        self.assertFalse(self.books())
        self.source._start_reading(
            "recovery", fields.Datetime.to_datetime("2026-11-01")
        )
        self.work()
        self.assertSettled()
        self.assertEqual(self.books(), expected)
        self.assertProved("PO000001", "PO000002", "PO000003", "PO000004")

    def test_a_system_that_is_not_reached(self):
        """The address is in no sentence: it may have what is personal."""
        self.env["ir.config_parameter"].set_param(ADDRESS, "http://127.0.0.1:9")
        with self.assertRaisesRegex(UserError, "could not be reached") as caught:
            self.source.action_test_connection()
        self.assertNotIn("127.0.0.1", str(caught.exception))

    def test_some_webhooks_lost(self):
        """What arrived and what is listed are the same events."""
        self._play_month()
        events = self.get_untold()
        self.send(events[::3])
        self.source._start_reading(
            "recovery", fields.Datetime.to_datetime("2026-11-01")
        )
        self.work()
        self.assertSettled()
        self.assertProved("PO000001", "PO000002", "PO000003", "PO000004")
        stored = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id), ("external_id", "like", "EV%")]
        )
        self.assertEqual(
            sorted(stored.mapped("external_id")), sorted(e["id"] for e in events)
        )

    def test_payout_whose_payment_is_not_known(self):
        """The webhook of a payment was lost: the payout that holds it waits for what
        the payment has moved, and has it fetched after some minutes.
        """
        self.collect(self.add_customer(), 1000)
        payout = self.account.pay_out("USD")
        self.send([e for e in self.get_untold() if e["resource_type"] == "payouts"])
        self.assertFalse(
            self.env["account.payment"].search([("saas_external_id", "=", "PM000001")])
        )
        self.pass_time(self.source.fetch_minutes + 1)
        self.env["saas.reading.fetch"]._fetch_missing(self.source)
        self.work()
        self.assertSettled()
        self.assertProved(payout)

    def test_notices_about_one_object_are_one_fetch(self):
        """Ten events of one payment are one job, whatever requests brought them."""
        ref = self.account.add_payment(self.add_customer(), 1000, "USD")
        self.play("payment_chargeback_settled", ref)
        events = [e for e in self.get_untold() if e["links"].get("payment") == ref]
        self.assertGreater(len(events), 5)
        self.gocardless.calls.clear()
        self.send(events, size=2)
        asked = [
            c.path for c in self.gocardless.calls if c.path.startswith("/payments/")
        ]
        self.assertEqual(asked, [f"/payments/{ref}"])

    def test_nothing_is_read_in_a_drain(self):
        self.collect(self.add_customer(), 1000)
        self.gocardless.calls.clear()
        for body, headers in make_requests(self.get_untold(), SECRET):
            self.receive(body, headers)
        self.drain()
        self.assertFalse(self.gocardless.calls)
        self.work()
        self.assertTrue(self.gocardless.calls)

    def test_without_a_token(self):
        """A notice without a token waits for a person, who is told what to do."""
        self.collect(self.add_customer(), 1000)
        self.env["saas.vault"]._put(self.source, False)
        events = self.send()
        notices = events.filtered(lambda e: e.event_type == "payments.confirmed")
        self.assertState(notices, "quarantined", "incomplete_setup")

    def test_first_import(self):
        """Customers and mandates as they are, and the payments since a day."""
        self._play_month()
        self.source._start_reading(
            "first_import", fields.Datetime.to_datetime("2026-11-01")
        )
        self.work()
        self.assertSettled()
        self.assertProved("PO000001", "PO000002", "PO000003", "PO000004")
        names = self.env["saas.tenant"].search([]).mapped("name")
        self.assertLessEqual(set(month.CUSTOMERS), set(names))

    def test_comparison(self):
        """After a month both sides have the same customers, payments, refunds and
        payouts.
        """
        self._play_month()
        self.send()
        since = self.account.at - timedelta(days=60)
        adapter = self.source._get_adapter()
        reading = self.env["saas.reconcile.reading"]
        for kind in adapter._listed_kinds:
            objects, after = [], ""
            while True:
                page = adapter._read_period(
                    self.source, kind, since, self.account.at, after
                )
                objects += page.objects
                after = page.cursor
                if not after:
                    break
            outcomes = reading._compare(self.source, kind, objects)
            self.assertTrue(outcomes)
            wrong = [(o.external_id, o.gaps) for o in outcomes if o.result != "matched"]
            self.assertEqual(wrong, [], kind)

    def test_object_that_is_gone(self):
        adapter = self.source._get_adapter()
        for kind in adapter._listed_kinds:
            self.assertIsNone(adapter._fetch_listed(self.source, kind, "XX1"))

    def test_pages(self):
        """A list is read to its end, the newest first."""
        for _number in range(7):
            self.add_customer()
        adapter = self.source._get_adapter()
        since = self.account.at.astimezone(UTC) - timedelta(days=1)
        [plan] = adapter._get_reading_plan(self.source, "recovery", since)
        kind, filters = plan
        self.assertEqual(kind, Kind.EVENT)
        page = adapter._read_page(self.source, kind, {**filters}, "")
        self.assertEqual(len(page.objects), 21)
        self.assertFalse(page.cursor)
