"""Movements that an event tells of are read, by what it says of them.

Covers handlers/clearing/movement_notice and adapters/stripe/resources.
"""

from odoo.tests import tagged

from ..clearing.test_moving import load
from ..support.pulling import PullCommon

_TXN = "pulled.balance_transaction"


@tagged("post_install", "-at_install")
class TestMovementsAreRead(PullCommon):
    """An event is enough: what it does not say is read."""

    def _put(self, *names):
        for event in load(*names):
            data = event["data"]["object"]
            source = data["source"]
            if isinstance(source, dict):
                self.api.put({"created": data["created"], **source})
                data = {**data, "source": source["id"]}
            self.api.put(data)

    def _wait(self):
        for _round in range(3):
            self.pass_time(60)
            self.env["saas.reading.fetch"]._fetch_missing(self.source)
            self.run_jobs()
            self.drain()

    def test_movements_are_fetched(self):
        names = (
            "topup.succeeded-to_reverse",
            "topup.reversed",
            "transfer.reversed",
            "application_fee.refunded",
        )
        self._put(
            *(
                f"{_TXN}-{name}"
                for name in (
                    "topup_to_reverse",
                    "topup_reversal",
                    "connect_transfer",
                    "connect_transfer_reversal",
                    "application_fee",
                    "application_fee_refund",
                )
            )
        )
        events = self.deliver(*load(*names))
        self.run_jobs()
        self.drain()
        self._wait()
        self.assertState(events, "done")
        records = self.env["saas.balance.transaction"].search([])
        self.assertEqual(records.mapped("match_state"), ["matched"] * 6)
        self.assertFalse(self.source.activity_ids)

    def test_fetched_one_by_one(self):
        """What is parked is fetched by its reference, also where the list of newest
        movements was read long before.
        """
        self._put(f"{_TXN}-topup_to_reverse", f"{_TXN}-topup_reversal")
        self.source.balance_cursor = "2026-12-24"
        events = self.deliver(*load("topup.reversed"))
        self._wait()
        self.assertState(events, "done")

    def test_unnamed_movements_are_read(self):
        self._put(f"{_TXN}-reserve_hold")
        self.deliver(*load("reserve.hold.created"))
        self.assertIn("_job_pull_balance", self.run_jobs().mapped("method_name"))
        self.drain()
        self.assertIn("RES +30.00", self.books())

    def test_without_a_key_somebody_is_told(self):
        self.source.api_key = False
        for name in ("reserve.hold.created", "topup.succeeded"):
            self.deliver(*load(name))
        asked = self.env.ref("saas_billing_sync.mail_activity_balance_unread")
        self.assertEqual(self.source.activity_ids.activity_type_id, asked)
        self.assertEqual(len(self.source.activity_ids), 1)
