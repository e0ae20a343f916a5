"""People collect an invoice, end a collection, and see what becomes of it.

Covers models/payments/collection_acts, models/customers/tenant_collection and
wizards/payments/saas_collection_start.
"""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..support.session import create_person
from .collecting_common import CollectingCommon, needs_customer, replace


@tagged("post_install", "-at_install")
class TestCollectingPeople(CollectingCommon):
    """The buttons and the wizard, by role."""

    def test_canceled_by_a_person(self):
        move = self.bill_ada()
        command = move.saas_collection_ids
        self.assertFalse(move.saas_can_collect)
        command.action_cancel()
        self.assertCommand(command, "canceled", "by_person")
        self.run_jobs()
        self.assertFalse(self.stand_in.calls)
        self.assertTrue(move.saas_can_collect)
        self.assertIn("collection_canceled", self.read_actions(command))
        again = self.start(move)
        self.run_jobs()
        self.assertCommand(again, "pending")
        with self.assertRaisesRegex(UserError, "with the gateway already"):
            again.action_cancel()

    def test_one_rule_for_the_button_and_the_dialog(self):
        """Where the customer has to act and got no page, nothing stands in the way of
        another order; where they got one, it has to be canceled first.
        """
        page = needs_customer()
        command = self.collect(replace(page, link="", link_ref="", link_until=None))
        move = command.move_id
        self.assertCommand(command, "needs_customer", "authentication")
        self.assertTrue(move.saas_can_collect)
        self.stand_in.answers.append(page)
        again = self.start(move)
        self.assertCommand(command, "canceled", "replaced")
        self.assertFalse(move.saas_can_collect)
        self.run_jobs()
        self.assertCommand(again, "needs_customer", "authentication")
        self.assertFalse(move.saas_can_collect)
        with self.assertRaisesRegex(UserError, "cancel that first"):
            self.start(move)

    def test_the_wizard_says_what_happens(self):
        self.tenant.collection_source_id = False
        move = self.bill_ada()
        with self.assertRaisesRegex(UserError, "pays by transfer"):
            self.start(move)
        self.tenant.collection_source_id = self.gateway
        command = self.start(move)
        self.assertIn("35.70", self.last_preview)
        self.assertIn("c_ada", self.last_preview)
        with self.assertRaisesRegex(UserError, "being collected already"):
            self.start(move)
        self.run_jobs()
        self.tell(self.gateway, *self.paid(command))
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self.start(move)

    def test_roles(self):
        """Reviewers and approvers collect; the others look."""
        move = self.bill_ada()
        command = move.saas_collection_ids
        command.action_cancel()
        groups = {"group_ids": [(4, self.env.ref("account.group_account_invoice").id)]}
        for role in ("operator", "manager", "auditor"):
            person = create_person(self, f"collects_{role}", role)
            person.write(groups)
            self.assertEqual(command.with_user(person).state, "canceled")
            for act in (
                move.with_user(person).action_collect_saas,
                command.with_user(person).action_cancel,
                command.with_user(person).action_mail_link,
            ):
                with self.assertRaises(AccessError):
                    act()
        reviewer = create_person(self, "collects_reviewer", "reviewer")
        reviewer.write(groups)
        again = self.start(move, reviewer)
        self.assertCommand(again, "waiting")
        again.with_user(reviewer).action_cancel()
        self.assertCommand(again, "canceled", "by_person")

    def test_the_gateway_has_to_know_the_tenant(self):
        stranger = self.create_tenant("Cleo")
        with self.assertRaisesRegex(UserError, "can't collect from Cleo"):
            stranger.collection_source_id = self.gateway
        self.assertNotIn(self.platform, self.tenant.collection_choice_ids)

    def test_screens(self):
        """What the buttons open."""
        command = self.collect(needs_customer())
        action = command.action_view_move()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("account.move", command.move_id.id),
        )
        action = self.tenant.action_view_collections()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, command)
        self.assertEqual(self.tenant.collection_count, 1)
        self.assertEqual(command.display_name, command.move_id.display_name)
