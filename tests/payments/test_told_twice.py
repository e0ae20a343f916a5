"""A platform and a gateway tell of the same money: it is booked once, as the gateway
tells it.

Covers handlers/payments/alias.
"""

from odoo import Command
from odoo.tests import tagged

from ...canonical import facts
from .two_sources import LinkedCommon

_PAID = [
    "2026-11-02 out_invoice paid",
    "    AR +119.00",
    "    REV -100.00 {19% VAT}",
    "    TAX -19.00",
    "2026-11-03 entry",
    "    AR -119.00",
    "    SC +119.00",
]


@tagged("post_install", "-at_install")
class TestToldTwice(LinkedCommon):
    def setUp(self):
        super().setUp()
        self.tell(self.platform, self.invoice())
        self.tell(self.gateway, self.customer("gc_1"))
        self.mirror = self.payment(
            "txn_1",
            customer="c_1",
            invoices=("in_1",),
            gateway_ref=facts.GatewayRef(system="stripe", external_id="ch_1"),
        )
        self.money = self.payment("ch_1", customer="gc_1")

    def _link(self):
        self.gateway.issuer_ids = [Command.link(self.platform.id)]

    def test_gateway_first(self):
        self._link()
        self.tell(self.gateway, self.money)
        event = self.tell(self.platform, self.mirror)
        self.assertState(event, "done")
        self.assertBooks(_PAID)

    def test_platform_first(self):
        """It waits for the gateway's word: the money is not booked before."""
        self._link()
        event = self.tell(self.platform, self.mirror)
        self.assertState(event, "parked")
        self.assertEqual(event.waiting_for, "linked_payment:ch_1")
        self.assertEqual(self.open_items(), ["in_1 +119.00"])
        self.tell(self.gateway, self.money)
        self.assertState(event, "done")
        self.assertBooks(_PAID)

    def test_not_linked(self):
        """A gateway that is no source here leaves the money on the platform's own
        clearing.
        """
        self.assertState(self.tell(self.platform, self.mirror), "done")
        self.assertBooks([*_PAID[:-1], "    PC +119.00"])

    def test_another_gateway(self):
        self._link()
        mirror = self.mirror.model_copy(
            update={"gateway_ref": facts.GatewayRef(system="till", external_id="ch_1")}
        )
        self.assertState(self.tell(self.platform, mirror), "done")
        self.assertBooks([*_PAID[:-1], "    PC +119.00"])

    def test_linked_late(self):
        """Both were booked: the platform's is taken back, and the books are right."""
        mirrored = self.tell(self.platform, self.mirror)
        self.tell(self.gateway, self.money)
        self.assertEqual(self.open_items(), ["ch_1 -119.00"])
        self.link()
        self.assertState(mirrored, "done")
        self.assertBooks(
            [
                *_PAID[:4],
                "2026-11-03 entry",
                "    AR +119.00",
                "    PC -119.00",
                "2026-11-03 entry",
                "    AR -119.00",
                "    PC +119.00",
                "2026-11-03 entry",
                "    AR -119.00",
                "    SC +119.00",
            ]
        )

    def test_linked_late_and_gateway_later(self):
        """The platform's money stays booked until the gateway's is there."""
        mirrored = self.tell(self.platform, self.mirror)
        self.link()
        self.assertState(mirrored, "parked")
        self.assertEqual(self.open_items(), [])
        self.tell(self.gateway, self.money)
        self.assertState(mirrored, "done")
        self.assertEqual(self.open_items(), [])
        self.assertEqual(self.books().count("PC"), 2)

    def test_linked_late_after_failure(self):
        """What the platform has booked and taken back is both undone."""
        self.tell(self.platform, self.mirror)
        self.tell(self.platform, self.failure("txn_1"))
        self.assertEqual(self.open_items(), ["in_1 +119.00"])
        self.tell(self.gateway, self.money)
        self.link()
        self.assertEqual(self.open_items(), [])
        self.tell(self.gateway, self.failure())
        self.assertEqual(self.open_items(), ["in_1 +119.00"])
        clearing = self.platform.clearing_journal_id.default_account_id
        self.assertEqual(self._sum(clearing), 0)

    def test_linked_late_and_another_pays(self):
        """What the platform had booked gives way to money that was there before, and
        that found the invoice paid.
        """
        self.tell(self.platform, self.mirror)
        self.link()
        self.tell(self.gateway, self.payment("ch_2", customer="gc_1"))
        second = {"external_id": "txn_2", "aliases": ()}
        named = facts.GatewayRef(system="stripe", external_id="ch_2")
        self.tell(
            self.platform,
            self.mirror.model_copy(update={**second, "gateway_ref": named}),
        )
        self.assertEqual(self.open_items(), ["ch_2 -119.00"])
        self.tell(self.gateway, self.money, self.failure())
        self.assertEqual(self.open_items(), [])

    def _sum(self, account):
        lines = self.env["account.move.line"].search([("account_id", "=", account.id)])
        return sum(lines.mapped("balance"))

    def test_failure(self):
        """The gateway's failure counts; the platform's own books nothing."""
        self._link()
        self.tell(self.gateway, self.money)
        self.tell(self.platform, self.mirror)
        self.tell(self.platform, self.failure("txn_1"))
        self.assertEqual(self.open_items(), [])
        self.tell(self.gateway, self.failure())
        self.assertEqual(self.open_items(), ["in_1 +119.00"])

    def test_refund(self):
        """A refund that both tell of is the gateway's, and closes the credit note."""
        self._link()
        self.tell(self.gateway, self.money)
        self.tell(self.platform, self.mirror)
        event = self.tell(self.platform, self._refund_told_twice())
        self.assertState(event, "parked")
        note = self.credit_note(refunds=(facts.CreditRefund(external_id="rt_1"),))
        note = note.model_copy(
            update={"refunds": (facts.CreditRefund(external_id="rt_1", amount=11900),)}
        )
        self.tell(self.platform, note)
        self.tell(self.gateway, self.refund())
        self.assertState(event, "done")
        self.assertEqual(self.open_items(), [])
        self.assertNotIn("PC", self.books())
        self.assertFalse(self._find_unexplained())

    def _refund_told_twice(self):
        return self.refund(
            "rt_1",
            payment="txn_1",
            gateway_ref=facts.GatewayRef(system="stripe", external_id="re_1"),
        )

    def _find_unexplained(self):
        """Return the refunds of which a person is told that no credit note explains
        them.
        """
        kind = self.env.ref(
            "saas_billing_sync.mail_activity_refund_without_credit_note"
        )
        asked = self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])
        payments = self.env["account.payment"].browse(asked.mapped("res_id"))
        return payments.mapped("saas_external_id")

    def test_refund_linked_late(self):
        """A person is asked about the refund that counts, and no longer about the one
        that was taken back.
        """
        self.tell(self.platform, self.mirror)
        self.tell(self.platform, self._refund_told_twice())
        self.assertEqual(self._find_unexplained(), ["rt_1"])
        self.tell(self.gateway, self.money, self.refund())
        self.link()
        self.assertEqual(self._find_unexplained(), ["re_1"])

    def test_refund_without_id(self):
        self._link()
        self.tell(self.gateway, self.money)
        self.tell(self.platform, self.mirror)
        event = self.tell(self.platform, self.refund("rt_1", payment="txn_1"))
        self.assertState(event, "quarantined", "missing_reference")

    def test_other_amount(self):
        self._link()
        self.tell(self.gateway, self.payment("ch_1", 10000, customer="gc_1"))
        event = self.tell(self.platform, self.mirror)
        self.assertState(event, "quarantined", "amount_mismatch")
        self.assertEqual(self.open_items(), ["in_1 +19.00"])
        self.assertNotIn("PC", self.books())

    def test_other_currency(self):
        self._link()
        money = self.payment("ch_1", customer="gc_1", currency="EUR")
        self.tell(self.gateway, money)
        event = self.tell(self.platform, self.mirror)
        self.assertState(event, "quarantined", "currency_mismatch")
        self.assertEqual(self.open_items(), ["ch_1 -119.00", "in_1 +119.00"])
        self.assertNotIn("PC", self.books())

    def test_both_say_what_it_is_for(self):
        """What the issuer tells counts, in either order."""
        self._link()
        self.tell(self.platform, self.invoice("in_2", 5000))
        links = self.by_id("in_2")
        part = self.payment(
            "txn_1",
            customer="c_1",
            invoices=("in_1",),
            gateway_ref=facts.GatewayRef(system="", external_id="ch_1"),
        )
        money = self.payment("ch_1", customer="gc_1", document_links=links)
        for first, second in ((0, 1), (1, 0)):
            with self.subTest(first=first), self.env.cr.savepoint() as point:
                told = [(self.gateway, money), (self.platform, part)]
                self.tell(*told[first])
                self.tell(*told[second])
                self.assertEqual(self.open_items(), ["in_2 +59.50"])
                point.rollback()
                self.env.invalidate_all()
