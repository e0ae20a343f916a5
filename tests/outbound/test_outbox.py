"""What is booked is told, once, in the same transaction.

Covers outbound/message.
"""

import itertools
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..customers.facts_common import FactsCommon


@tagged("post_install", "-at_install")
class TestOutbox(FactsCommon):
    def _create_target(self, name="CRM", **vals):
        return self.env["saas.outbound.target"].create(
            {"name": name, "company_id": self.company.id, **vals}
        )

    @property
    def messages(self):
        return self.env["saas.outbound.message"].search([], order="target_id, sequence")

    def _tell_story(self):
        return [
            self.tell(self.platform, self.customer(email="a@fjord.example")),
            self.tell(self.platform, self.invoice()),
            self.tell(self.platform, self.payment(invoices=("I-1",))),
            self.tell(
                self.platform,
                self.invoice(state="paid", version="2", payments=("P-1",)),
            ),
        ]

    def test_without_a_target_nothing_is_written(self):
        self._tell_story()
        self.assertFalse(self.messages)

    def test_each_target_is_told_what_was_booked(self):
        targets = self._create_target() + self._create_target("Warehouse")
        self._tell_story()
        for target in targets:
            own = self.messages.filtered(lambda m, t=target: m.target_id == t)
            self.assertEqual(
                own.mapped("type"),
                [
                    "tenant.updated",
                    "invoice.posted",
                    "payment.received",
                    "invoice.paid",
                ],
            )
            self.assertEqual(own.mapped("sequence"), [1, 2, 3, 4])
            self.assertEqual(own.tenant_id, self.tenant)
            self.assertEqual(target.last_sequence, 4)
        posted = self.messages.filtered(lambda m: m.type == "invoice.posted")[0]
        stated = posted.payload["object"]
        self.assertEqual(
            (stated["external_id"], stated["total"], stated["currency"]),
            ("I-1", 10000, "USD"),
        )
        for message in self.messages:
            self.assertNotIn("@", str(message.payload))
            self.assertNotIn("Fjord", str(message.payload))

    def test_the_same_fact_twice_makes_one_message(self):
        self._create_target()
        events = self._tell_story()
        count = len(self.messages)
        for event in events:
            self.again(event)
        self.assertEqual(len(self.messages), count)

    def test_rolled_back_books_leave_no_message(self):
        self._create_target()
        self.tell(self.platform, self.customer())
        count = len(self.messages)
        ledger = self.env.registry["saas.ledger.document"]
        bind = ledger._bind

        def _bind(this, source, documents, moves):
            bind(this, source, documents, moves)
            if any(document.fact.external_id == "I-2" for document in documents):
                raise ValueError("nobody foresaw this")

        with (
            patch.object(ledger, "_bind", _bind),
            self.assertLogs("odoo.addons.saas_billing_sync", "ERROR"),
        ):
            event = self.tell(self.platform, self.invoice(), self.invoice("I-2"))
        self.assertState(event, "quarantined", "posting_failed")
        told = self.messages[count:]
        self.assertEqual(told.mapped("payload")[0]["object"]["external_id"], "I-1")
        self.assertEqual(len(told), 1)
        self.assertEqual(told.sequence, count + 1)

    def test_any_order_tells_the_same(self):
        self._create_target()
        paid = self.invoice(state="paid", version="2", payments=("P-1",))
        told = [self.invoice(), paid, self.payment(invoices=("I-1",))]
        found = set()
        for order in itertools.permutations(told):
            with self.env.cr.savepoint(flush=True) as savepoint:
                for fact in (*order, order[0]):
                    self.tell(self.platform, fact)
                self.drain()
                found.add(tuple(sorted(self.messages.mapped("type"))))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(
            found,
            {("invoice.paid", "invoice.posted", "payment.received", "tenant.updated")},
        )

    def test_a_void_invoice_is_told_as_itself(self):
        self._create_target()
        self.tell(self.platform, self.invoice())
        self.tell(self.platform, self.invoice(state="void", version="2"))
        [void] = self.messages.filtered(lambda m: m.type == "invoice.voided")
        self.assertEqual(void.payload["object"]["external_id"], "I-1")
        self.assertEqual(void.payload["object"]["state"], "void")

    def test_another_company_is_told_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["saas.outbound.target"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        self._tell_story()
        self.assertFalse(self.messages)

    def test_only_code_writes_messages(self):
        target = self._create_target()
        self._tell_story()
        manager = new_test_user(
            self.env,
            "outbox_manager",
            groups="saas_billing_sync.group_saas_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        message = self.messages[0].with_user(manager)
        self.assertEqual(message.target_id.name, target.name)
        with self.assertRaises(AccessError):
            message.state = "sent"
        with self.assertRaises(AccessError):
            message.unlink()
