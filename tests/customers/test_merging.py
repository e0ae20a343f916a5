"""Two that turn out to be one: nothing booked changes, and nothing waits.

Covers handlers/customers/merge, handlers/customers/customer_merged,
handlers/customers/field_owner, ledger/customers/tenants and
models/customers/tenant_settling.
"""

from datetime import UTC, datetime

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ...canonical.facts import CustomerMerged, DocumentLine, Invoice, Payment
from .telling import TellingCommon

_VAT = "DE811907980"
_MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)


class BooksCommon(TellingCommon):
    """Invoices and payments of a customer."""

    def invoice(self, ref, customer, total=10000, party=None, **vals):
        """Return an invoice without tax; ``party`` is what it says of its customer."""
        return Invoice(
            external_id=ref,
            number=ref,
            customer=customer,
            party=self.customer(customer, "", stub=True, **(party or {})),
            state="open",
            issued_at=_MARCH,
            currency="USD",
            exponent=2,
            total=total,
            lines=(DocumentLine(description="Seats", net=total),),
            **vals,
        )

    def payment(self, ref, customer, invoice, amount=10000):
        """Return a payment of an invoice."""
        return Payment(
            external_id=ref,
            customer=customer,
            invoices=(invoice,),
            amount=amount,
            currency="USD",
            exponent=2,
            paid_at=_MARCH,
        )

    def move(self, ref):
        """Return the document of an id at the source."""
        return self.env["account.move"].search([("saas_external_id", "=", ref)])


@tagged("post_install", "-at_install")
class TestMerging(BooksCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat_19.amount = 0
        cls.source.default_tax_id = cls.vat_19
        cls.crm.default_tax_id = cls.vat_19
        cls.apart = cls.env.ref("saas_billing_sync.mail_activity_sides_apart")

    def _propose(self):
        """Tell of a customer of each source with one e-mail; return the proposal."""
        self.tell(self.customer("A", email="x@acme.example"))
        self.tell(self.customer("B", email="x@acme.example"), source=self.crm)
        return self.proposals()

    def test_a_proposal_stops_no_money(self):
        self._propose()
        events = self.tell(
            self.invoice("I1", "B"), self.payment("P1", "B", "I1"), source=self.crm
        )
        self.assertState(events, "done")
        self.assertEqual(self.move("I1").payment_state, "paid")
        self.assertEqual(self.move("I1").saas_tenant_id, self.tenant("B", self.crm))

    def test_accepting_re_binds_and_books_nothing(self):
        proposal = self._propose()
        loser, winner = self.tenant("B", self.crm), self.tenant("A")
        self.tell(self.invoice("I1", "B"), source=self.crm)
        before = self.books()
        self.decide(proposal)
        self.assertEqual(self.books(), before)
        self.assertEqual(self.tenant("B", self.crm), winner)
        self.assertEqual(self.move("I1").partner_id, loser.partner_id)
        self.assertEqual(self.move("I1").saas_tenant_id, winner)
        self.assertFalse(loser.active)
        self.assertEqual(loser.merged_into_id, winner)
        self.assertEqual(proposal.state, "accepted")
        self.tell(self.invoice("I2", "B"), source=self.crm)
        self.assertEqual(self.move("I2").partner_id, winner.partner_id)
        log = self.env["saas.sync.log"].search([("action", "=", "tenant_merged")])
        self.assertEqual(set(log.mapped("res_id")), set((loser | winner).ids))
        self.assertWhole()
        self.assertWhole(self.crm)

    def test_a_payment_after_it_settles_what_was_booked_before(self):
        """The credit is transferred to the contact that owes, by an entry."""
        proposal = self._propose()
        loser = self.tenant("B", self.crm)
        self.tell(self.invoice("I1", "B"), source=self.crm)
        self.decide(proposal)
        winner = self.tenant("A")
        self.assertState(
            self.tell(self.payment("P1", "B", "I1"), source=self.crm), "done"
        )
        self.assertIn(self.move("I1").payment_state, ("paid", "in_payment"))
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.company_data["default_account_receivable"].id),
                ("parent_state", "=", "posted"),
                ("partner_id", "in", (loser | winner).partner_id.ids),
            ]
        )
        found = sorted(
            (line.partner_id == winner.partner_id, line.balance, line.amount_residual)
            for line in lines
        )
        self.assertEqual(
            found,
            [(False, -100, 0), (False, 100, 0), (True, -100, 0), (True, 100, 0)],
        )

    def test_what_stood_apart_is_settled_once_two_are_one(self):
        """The other customer paid before anybody knew: nobody has to look after it."""
        for ref in ("A", "B"):
            self.tell(self.customer(ref, email="x@acme.example"))
        proposal = self.proposals()
        self.tell(self.invoice("I1", "B"))
        self.tell(self.payment("P1", "A", "I1"))
        invoice = self.move("I1")
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(invoice.activity_type_id, self.apart)
        self.decide(proposal)
        said = self.tenant("A")._job_settle()
        self.assertEqual(said, "1 events are processed again.")
        self.drain()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertFalse(invoice.activity_ids)
        self.assertEqual(
            self.tenant("A")._job_settle(), "0 events are processed again."
        )
        self.assertWhole()

    def test_what_stood_apart_is_settled_once_a_payer_is_named(self):
        self.tell(self.customer("Group"), self.customer("One", parent="Group"))
        self.tell(self.invoice("I1", "One"))
        self.tell(self.payment("P1", "Group", "I1"))
        invoice = self.move("I1")
        self.assertEqual(invoice.activity_type_id, self.apart)
        self.tenant("One").bill_to_id = self.tenant("Group")
        self.tenant("One")._job_settle()
        self.drain()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertFalse(invoice.activity_ids)

    def test_a_contact_that_was_no_tenant(self):
        partner = self.contact(email="x@acme.example")
        self.tell(self.customer("A", email="x@acme.example"))
        loser = self.tenant("A")
        self.decide(self.proposals())
        self.assertEqual(self.tenant("A").partner_id, partner)
        self.assertEqual(loser.merged_into_id, self.tenant("A"))
        self.assertEqual(self.tenant("A").ref, "A")

    def test_what_was_merged_is_found_by_either_contact(self):
        proposal = self._propose()
        loser = self.tenant("B", self.crm)
        loser.partner_id.vat = _VAT
        self.decide(proposal)
        third = self._create_third()
        self.tell(self.customer("C", vat_numbers=(_VAT,)), source=third)
        self.assertEqual(self.tenant("C", third), self.tenant("A"))

    def _create_third(self):
        journal = self._create_clearing_journal("Third clearing", "THI")
        return self._create_source(
            name="Third", clearing_journal_id=journal.id, secret_ids=[]
        )

    def test_one_decision_frees_what_waits_in_every_source(self):
        """Two contacts with one VAT number are two customers until they are merged."""
        self.tell(
            self.customer("A", vat_numbers=(_VAT,)),
            self.customer("B", vat_numbers=(_VAT,)),
        )
        third = self._create_third()
        waiting = self.tell(self.customer("C", vat_numbers=(_VAT,)), source=self.crm)
        old = self.tell(self.customer("D", vat_numbers=(_VAT,)), source=third)
        self.assertState(waiting | old, "quarantined", "duplicate_customer")
        old.state = "dead"
        self.decide(self.proposals())
        self.drain(third)
        self.assertState(waiting | old, "done")
        found = {
            self.tenant("A"),
            self.tenant("B"),
            self.tenant("C", self.crm),
            self.tenant("D", third),
        }
        self.assertEqual(len(found), 1)

    def test_a_secret_limited_to_one_is_limited_to_the_other(self):
        proposal = self._propose()
        secret = self.env["saas.source.secret"].create(
            {
                "source_id": self.crm.id,
                "new_value": "whsec_velvetlanternquarrymoon",
                "scope_tenant_ids": self.tenant("B", self.crm).ids,
            }
        )
        self.decide(proposal)
        self.assertEqual(secret.scope_tenant_ids, self.tenant("A"))

    def test_a_refused_proposal_leaves_two(self):
        self.decide(self._propose(), "different")
        self.assertNotEqual(self.tenant("A"), self.tenant("B", self.crm))

    # -- merges at a source -----------------------------------------------------

    def _merged(self, loser, winner):
        return CustomerMerged(external_id=loser, customer=loser, winner=winner)

    def test_a_merge_at_the_source_in_any_order(self):
        told = [
            self.customer("A", email="a@acme.example"),
            self.customer("B", email="b@bolt.example"),
            self._merged("B", "A"),
            self.invoice("I1", "B"),
        ]
        for order in ((0, 1, 2, 3), (2, 0, 1, 3), (2, 3, 1, 0), (1, 3, 2, 0)):
            with self.env.cr.savepoint() as savepoint:
                events = self.env["saas.subscription.event"]
                for place in order:
                    events |= self.tell(told[place])
                self.assertState(events, "done")
                self.assertEqual(self.tenant("A"), self.tenant("B"))
                self.assertEqual(self.tenant("A").partner_id.email, "a@acme.example")
                self.assertTrue(self.tenant("A").active)
                self.assertEqual(self.move("I1").saas_tenant_id, self.tenant("A"))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_the_deletion_that_follows_archives_nothing(self):
        self.tell(self.customer("A"), self.customer("B", name="Bolt"))
        self.tell(self._merged("B", "A"))
        self.tell(self.customer("B", "2", deleted=True))
        self.assertTrue(self.tenant("A").active)

    # -- who may ----------------------------------------------------------------

    def test_only_finance_decides(self):
        proposal = self._propose()
        for role, may in (("manager", False), ("operator", False), ("reviewer", True)):
            user = new_test_user(
                self.env,
                f"proposals_{role}",
                groups=f"saas_billing_sync.group_saas_{role}",
                company_id=self.company.id,
            )
            own = proposal.with_user(user).with_context(
                allowed_company_ids=self.company.ids
            )
            self.assertEqual(own.state, "open")
            if not may:
                with self.assertRaises(AccessError):
                    own.action_decide()
                continue
            action = own.action_decide()
            wizard = own.env[action["res_model"]].with_context(**action["context"])
            wizard.create({"note": "They told us"}).action_apply()
        self.assertEqual(proposal.state, "accepted")
        self.assertEqual(proposal.decided_by_id.login, "proposals_reviewer")
