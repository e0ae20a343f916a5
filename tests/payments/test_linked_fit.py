"""What money says it is for and doesn't fit, and links that people make and take away.

Covers handlers/payments/fit, models/source/payments/linking and pipeline/linking.
"""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...canonical import facts
from ...canonical.reasons import State
from ..support.session import create_person
from .two_sources import PAID, PayingCommon


@tagged("post_install", "-at_install")
class TestLinkedFit(PayingCommon):
    """What fits is settled, the rest is left to a person; a link works backwards."""

    def test_more_than_the_invoice(self):
        """What fits is reconciled, the rest is open credit, and a person is told."""
        self.tell(self.platform, self.invoice())
        event = self.pay(amount=15000)
        self.assertState(event, "quarantined", "amount_mismatch")
        self.assertEqual(self.open_items(), ["ch_1 -31.00"])
        # What was decided about it leaves the money as it is booked.
        wizard = self.env["saas.event.ignore"].create(
            {"event_ids": [Command.set(event.ids)], "note": "It is for the next one."}
        )
        self.assertEqual(wizard.objects, "money_links:ch_1")
        wizard.action_apply()
        self.drain_all()
        self.assertState(event, "ignored", "ignored_by_person")
        self.tell(self.gateway, self.failure(amount=15000))
        self.assertEqual(self.open_items(), ["in_1 +119.00"])

    def test_other_currency(self):
        self.tell(self.platform, self.invoice())
        event = self.pay(currency="EUR")
        self.assertState(event, "quarantined", "currency_mismatch")
        self.assertEqual(self.open_items(), ["ch_1 -119.00", "in_1 +119.00"])

    def test_other_customer(self):
        """Money of another customer stays theirs until a person says otherwise."""
        self.tell(self.platform, self.invoice())
        self.tell(self.gateway, self.customer("gc_2", "Harbor", "pay@harbor.example"))
        event = self.pay(customer="gc_2")
        self.assertState(event, "quarantined", "duplicate_customer")
        self.assertEqual(self.open_items(), ["ch_1 -119.00", "in_1 +119.00"])
        self.assertTrue(event.may_choose_customer)
        tenant = self.env["saas.tenant"]._find(self.platform, ["c_1"])["c_1"]
        wizard = self.env["saas.customer.choose"].create(
            {
                "event_ids": [Command.set(event.ids)],
                "choice": "tenant",
                "tenant_id": tenant.id,
            }
        )
        wizard.action_apply()
        self.drain_all()
        self.assertState(event, "done")
        self.assertEqual(self.open_items(), [])

    def test_other_customer_transferred(self):
        """Where the gateway's owner allows it, the credit goes to the invoice."""
        self.gateway.transfers_receivables = True
        self.tell(self.platform, self.invoice())
        self.tell(self.gateway, self.customer("gc_2", "Harbor", "pay@harbor.example"))
        self.assertState(self.pay(customer="gc_2"), "done")
        self.assertEqual(self.open_items(), [])
        self.tell(self.gateway, self.failure())
        self.assertEqual(self.open_items(), ["in_1 +119.00"])

    def test_other_customer_is_billed(self):
        """Money of who is billed goes to the invoice, whenever a person says so."""
        self.tell(self.platform, self.invoice())
        self.tell(self.gateway, self.customer("gc_2", "Harbor", "pay@harbor.example"))
        tenants = self.env["saas.tenant"]
        [tenant] = tenants._find(self.platform, ["c_1"]).values()
        [payer] = tenants._find(self.gateway, ["gc_2"]).values()
        reviewer = create_person(self, "reviewer", "reviewer")
        for is_known in (True, False):
            with self.subTest(known=is_known), self.env.cr.savepoint() as savepoint:
                tenant.parent_id = payer
                if is_known:
                    tenant.bill_to_id = payer
                event = self.pay(customer="gc_2")
                said = () if is_known else ("duplicate_customer",)
                self.assertState(event, "quarantined" if said else "done", *said)
                tenant.with_user(reviewer).bill_to_id = payer
                self.drain_all()
                self.assertState(event, "done")
                self.assertEqual(self.open_items(), [])
                savepoint.rollback()
            self.env.invalidate_all()

    def test_two_documents_of_one_number(self):
        other = self._create_source(
            name="Second platform",
            clearing_journal_id=self._create_clearing_journal("Third", "THI").id,
        )
        self.gateway.issuer_ids = [Command.link(other.id)]
        self.tell(self.platform, self.invoice())
        self.tell(other, self.invoice(customer="c_9", number="N-in_1"))
        links = (facts.DocumentLink(by="number", value="N-in_1"),)
        event = self.pay(document_links=links, customer="gc_1")
        self.tell(self.gateway, self.customer("gc_1"))
        self.assertState(event, "quarantined", "missing_reference")

    def test_never_comes(self):
        """After the source's time to wait a person is told; later it goes on."""
        self.tell(self.gateway, self.customer("gc_1"))
        event = self.pay(customer="gc_1")
        with freeze_time(fields.Datetime.now() + timedelta(hours=100)):
            self.env["saas.source"]._cron_sweep()
        self.assertState(event, "quarantined", "missing_reference")
        self.tell(self.platform, self.invoice())
        self.assertState(event, "done")
        self.assertEqual(self.open_items(), [])

    def test_sweep(self):
        """The sweep frees what no drain has freed, and once only."""
        event = self.pay()
        self.deliver(self.make_event(self.invoice()), source=self.platform)
        event._set_state(State.PARKED, waiting_for="linked_invoice:in_1")
        self.env["saas.source"]._cron_sweep()
        self.drain_all()
        self.assertState(event, "done")
        self.assertBooks(PAID)

    # -- links ------------------------------------------------------------------

    def test_link_of_another_company(self):
        other = self.setup_other_company(name="Elsewhere")["company"]
        journal = self.env["account.journal"].search(
            [("company_id", "=", other.id), ("type", "=", "bank")], limit=1
        )
        foreign = (
            self.env["saas.source"]
            .with_company(other)
            .create(
                {"name": "x", "company_id": other.id, "clearing_journal_id": journal.id}
            )
        )
        with self.assertRaises(UserError):
            self.gateway.issuer_ids = [Command.link(foreign.id)]
            self.env.flush_all()

    def test_link_by_a_manager(self):
        """Who sets up sources links them; the log of both says so."""
        self.platform.write({"payer_ids": [Command.clear()]})
        manager = create_person(self, "linker", "manager")
        source = self.gateway.with_user(manager).with_context(
            allowed_company_ids=self.company.ids
        )
        source.issuer_ids = [Command.link(self.platform.id)]
        self.assertTrue(self.platform.is_linked)
        rows = self.env["saas.sync.log"].search([("action", "=", "source_linked")])
        self.assertEqual(rows.source_id, self.gateway | self.platform)
        self.assertIn("linker", rows.mapped("actor"))

    def test_link_that_was_used(self):
        self.tell(self.platform, self.invoice())
        self.pay()
        with self.assertRaises(ValidationError):
            self.gateway.issuer_ids = [Command.clear()]

    def test_linked_late(self):
        """What was processed before is processed again."""
        self.platform.write({"payer_ids": [Command.clear()]})
        self.tell(self.gateway, self.customer("gc_1"))
        event = self.pay(customer="gc_1")
        self.tell(self.platform, self.invoice())
        self.assertEqual(self.open_items(), ["ch_1 -119.00", "in_1 +119.00"])
        self.link()
        self.assertState(event, "done")
        self.assertBooks(PAID)
