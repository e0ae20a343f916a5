"""A tenant's parent, who is billed for it, and what a group owes.

Covers handlers/customers/parents.
"""

import itertools

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_merging import BooksCommon


@tagged("post_install", "-at_install")
class TestGroups(BooksCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat_19.amount = 0
        cls.source.default_tax_id = cls.vat_19

    def _family(self):
        """Tell of a group of two parts; return the three tenants."""
        self.tell(
            self.customer("Group"),
            self.customer("One", parent="Group"),
            self.customer("Two", parent="One"),
        )
        return self.tenant("Group"), self.tenant("One"), self.tenant("Two")

    # -- parents ----------------------------------------------------------------

    def test_parents_in_any_order(self):
        told = [
            self.customer("Group"),
            self.customer("One", parent="Group"),
            self.customer("Two", parent="One"),
        ]
        for order in itertools.permutations(told):
            with self.env.cr.savepoint() as savepoint:
                for fact in order:
                    self.assertState(self.tell(fact), "done")
                self.assertEqual(self.tenant("One").parent_id, self.tenant("Group"))
                self.assertEqual(self.tenant("Two").parent_id, self.tenant("One"))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_loop_at_the_source_is_refused(self):
        group, one, _two = self._family()
        event = self.tell(self.customer("Group", "2", parent="Two"))
        self.assertState(event, "done")
        self.assertFalse(group.parent_id)
        self.assertEqual(one.parent_id, group)
        log = self.env["saas.sync.log"].search(
            [("action", "=", "tenant_parent_refused")]
        )
        self.assertEqual(log.res_id, group.id)

    def test_a_loop_by_hand_is_refused(self):
        group, _one, two = self._family()
        with self.assertRaises(UserError):
            group.parent_id = two

    def test_another_company_s_parent_is_refused(self):
        _group, one, _two = self._family()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.env["saas.tenant"].create(
            {
                "name": "Stranger",
                "company_id": other.id,
                "partner_id": self.env["res.partner"].create({"name": "S"}).id,
            }
        )
        with self.assertRaises(UserError):
            one.parent_id = stranger

    def test_a_parent_by_hand_is_kept(self):
        _group, one, _two = self._family()
        self.tell(self.customer("Other"))
        one.parent_id = self.tenant("Other")
        self.tell(self.customer("One", "2", parent="Group"))
        self.tell(self.customer("One", "3"))
        self.assertEqual(one.parent_id, self.tenant("Other"))

    def test_a_parent_that_is_taken_away(self):
        _group, one, _two = self._family()
        self.tell(self.customer("One", "2"))
        self.assertFalse(one.parent_id)

    # -- who is billed ----------------------------------------------------------

    def test_billed_to_one_above_only(self):
        group, one, two = self._family()
        two.bill_to_id = group
        with self.assertRaises(ValidationError):
            one.bill_to_id = two
        with self.assertRaises(ValidationError):
            one.parent_id = False

    def test_a_mirrored_document_stays_on_who_it_was_issued_to(self):
        group, one, _two = self._family()
        one.bill_to_id = group
        self.tell(self.invoice("I1", "One"))
        self.assertEqual(self.move("I1").partner_id, one.partner_id)

    def test_consolidated_documents_are_owed_by_who_is_billed(self):
        group, one, _two = self._family()
        one.write({"bill_to_id": group.id, "is_consolidated": True})
        self.tell(self.invoice("I1", "One"), self.payment("P1", "One", "I1"))
        move = self.move("I1")
        self.assertEqual(move.partner_id, group.partner_id)
        self.assertEqual(move.partner_shipping_id, one.partner_id)
        self.assertEqual(move.saas_tenant_id, one)
        self.assertIn(move.payment_state, ("paid", "in_payment"))
        self.assertEqual(
            self.books(),
            "2026-03-02 entry\n"
            "    AR -100.00\n"
            "    SC +100.00\n"
            "2026-03-02 out_invoice paid\n"
            "    AR +100.00\n"
            "    REV -100.00",
        )
        owing = self.env["account.move.line"].search(
            [("account_id", "=", self.company_data["default_account_receivable"].id)]
        )
        self.assertEqual(owing.partner_id, group.partner_id)

    def test_a_moved_child_changes_nothing_booked(self):
        """What the group has paid for it stays paid, whoever moves it."""
        group, one, _two = self._family()
        one.bill_to_id = group
        self.tell(self.customer("Other", parent="Group"))
        other = self.tenant("Other")
        self.tell(self.invoice("I1", "One"), self.invoice("I2", "One"))
        self.tell(self.payment("P1", "Group", "I1"))
        before = self.books()
        self.tell(self.customer("One", "2", parent="Other"))
        self.assertEqual(one.parent_id, other)
        self.assertEqual(self.books(), before)
        one.bill_to_id = other
        self.assertEqual(self.books(), before)
        one.write({"parent_id": False, "bill_to_id": False})
        self.assertEqual(self.books(), before)
        self.assertEqual(self.move("I2").partner_id, one.partner_id)

    def test_billed_anew_changes_nothing_booked(self):
        group, one, _two = self._family()
        self.tell(self.invoice("I1", "One"))
        before = self.books()
        one.write({"bill_to_id": group.id, "is_consolidated": True})
        self.assertEqual(self.books(), before)
        self.assertEqual(self.move("I1").partner_id, one.partner_id)
        self.tell(self.payment("P1", "One", "I1"))
        self.assertIn(self.move("I1").payment_state, ("paid", "in_payment"))

    def test_who_is_billed_pays_for_the_part(self):
        """The group's payment settles what its part owes, by a transfer."""
        group, one, _two = self._family()
        one.bill_to_id = group
        self.tell(self.invoice("I1", "One"))
        self.tell(self.payment("P1", "Group", "I1"))
        self.assertIn(self.move("I1").payment_state, ("paid", "in_payment"))

    # -- what a group owes ------------------------------------------------------

    def test_sums_count_the_parts(self):
        group, one, two = self._family()
        self.tell(
            self.invoice("I1", "Group", 100),
            self.invoice("I2", "One", 2000),
            self.invoice("I3", "Two", 30000),
            self.payment("P2", "One", "I2", 2000),
        )
        self.move("I3").line_ids.date_maturity = fields.Date.add(
            fields.Date.context_today(self.move("I3")), days=5
        )
        self.env.invalidate_all()
        self.assertEqual(
            [tenant.open_amount for tenant in (group, one, two)], [301, 300, 300]
        )
        self.assertEqual((group.open_not_due, group.open_due_older), (300, 1))
        self.assertEqual(group.group_move_count, 3)
        self.assertEqual(one.group_payment_count, 1)
        self.assertEqual([t.child_count for t in (group, one, two)], [2, 1, 0])

    def test_sums_take_as_many_queries_for_many(self):
        self._family()
        counts = []
        for size in (1, 3, 30):
            for number in range(size):
                self.tell(self.customer(f"{size}-{number}", parent="Group"))
            tenants = self.env["saas.tenant"].search([])
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            tenants.mapped("open_amount")
            tenants.mapped("group_move_count")
            counts.append(self.env.cr.sql_log_count - start)
        # The first time, Odoo also reads who may see what.
        self.assertEqual(counts[1], counts[2])

    def test_merged_tenants_are_one_in_the_group(self):
        group, one, two = self._family()
        two.bill_to_id = one
        merge = self.env["saas.customers.merge"]
        merge._merge(one, group)
        self.assertEqual(two.parent_id, group)
        self.assertEqual(two.bill_to_id, group)
        self.assertFalse(one.parent_id)
        merge._merge(group, two)
        self.assertFalse(two.parent_id)
