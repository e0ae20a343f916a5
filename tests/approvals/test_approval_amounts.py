"""From which amount on a decision is signed, and what needs no signature.

Covers canonical/review/duties, models/approvals/approval_policy and
models/odoo/res_company.
"""

from odoo.tests import tagged

from ..clearing.test_clearing import load_story
from .approving import ApprovingCommon, load


@tagged("post_install", "-at_install")
class TestApprovalAmounts(ApprovingCommon):
    # -- differences and movements ----------------------------------------------------

    def _accept_difference(self, ours, theirs="119.00 USD", field="total"):
        difference = self.env["saas.difference"].create(
            {
                "source_id": self.source.id,
                "kind": "invoice",
                "external_id": f"in_{ours}{field}",
                "result": "different",
                "field": field,
                "their_value": theirs,
                "our_value": ours,
            }
        )
        form = self.env["saas.difference.accept"].with_user(self.reviewer)
        form = form.create({"difference_ids": difference.ids, "note": "Rounding."})
        with self.enter_registry_test_mode():
            form.action_apply()
        return difference

    def test_differences(self):
        for theirs, ours, field, state in (
            ("119.00 USD", "118.01 USD", "total", "accepted"),
            ("119.00 USD", "118.00 USD", "total", "open"),
            # 0.90 EUR are 1.13 USD.
            ("119.00 EUR", "118.10 EUR", "total", "open"),
            ("119.00 EUR", "118.30 EUR", "total", "accepted"),
            ("119.00 EUR", "119.00 USD", "total", "open"),
            ("whatever", "", "object", "open"),
            ("A-1", "A-2", "number", "accepted"),
        ):
            with self.subTest(theirs=theirs, ours=ours, field=field):
                difference = self._accept_difference(ours, theirs, field)
                self.assertEqual(difference.state, state)
        approval = self.newest()
        self.assertEqual((approval.kind, approval.amount_known), ("accept_gap", False))
        self.sign(approval)
        difference = self.env["saas.difference"].search([("field", "=", "object")])
        self.assertEqual(difference.state, "accepted")
        self.assertEqual(
            self.rows(action="difference_accepted", res_id=difference.id).approver,
            "signs",
        )

    def test_difference_that_moved_on(self):
        difference = self._accept_difference("100.00 USD")
        approval = self.newest()
        difference.our_value = "50.00 USD"
        self.assertIn("void", self.sign(approval))
        self.assertEqual(difference.state, "open")
        self.sign(self.newest())
        self.assertEqual(difference.state, "accepted")

    def test_account_of_a_movement(self):
        self.deliver(*load_story("basil"))
        movement = self.env["saas.balance.transaction"].search([], limit=1)
        movement.write({"match_state": "unhandled"})
        form = self.env["saas.movement.account"].with_user(self.reviewer)
        form = form.create(
            {
                "transaction_ids": movement.ids,
                "account_id": self.company_data["default_account_expense"].id,
            }
        )
        with self.enter_registry_test_mode():
            form.action_apply()
        self.assertFalse(movement.other_account_id)
        approval = self.newest()
        self.assertEqual(approval.kind, "choose_account")
        self.assertEqual(approval.amount, abs(movement.amount))
        self.sign(approval)
        self.assertEqual(
            movement.other_account_id, self.company_data["default_account_expense"]
        )
        [row] = self.rows(action="movement_account_chosen")
        self.assertEqual((row.actor, row.approver), ("decider", "signs"))

    # -- what is no decision about books ----------------------------------------------

    def test_ignoring_without_a_stake(self):
        event = self.deliver({**load("invoice.finalized"), "livemode": True})
        self.assertEqual(event.reason, "wrong_mode")
        form = self.env["saas.event.ignore"].with_user(self.manager)
        form.create({"event_ids": event.ids, "note": "A test."}).action_apply()
        self.assertState(event, "ignored", "ignored_by_person")
        self.assertFalse(self.newest())

    def test_ignoring_what_nobody_can_read(self):
        event = load("customer.created", email=["not", "an", "address"])
        event = self.deliver({**event, "id": "evt_unreadable"})
        approval = self.propose(event, "action_ignore", note="It was sent again.")
        self.assertEqual(
            (approval.kind, approval.amount_known), ("ignore_objects", False)
        )
        self.sign(approval)
        self.assertState(event, "ignored", "ignored_by_person")

    # -- four eyes themselves ----------------------------------------------------------

    def test_four_eyes_off(self):
        approval = self.propose_change(
            self.manager, self.company, {}, four_eyes="off", note="One of us left."
        )
        self.assertEqual(self.company.saas_four_eyes, "from_amount")
        self.sign(approval)
        self.assertEqual(self.company.saas_four_eyes, "off")
        [row] = self.rows(action="four_eyes_set")
        self.assertEqual((row.actor, row.approver), ("manages", "signs"))
        self.assertEqual(row.detail, "from_amount → off: One of us left.")

    def test_company_of_one_person(self):
        """Where nobody could sign, a manager decides, and it stays in sight."""
        (self.signer | self.other).active = False
        self.propose_change(self.manager, self.company, {}, four_eyes="off")
        self.assertEqual(self.company.saas_four_eyes, "off")
        self.assertEqual(self.rows(action="four_eyes_set").actor, "manages")
        page = self.env["saas.metrics.board"].with_user(self.manager)
        page = page.with_context(allowed_company_ids=self.company.ids)
        self.assertIn(self.company.name, str(page.get_home()))

    def test_nobody_to_sign(self):
        """It says so, and what to do."""
        (self.signer | self.other).active = False
        event = self.waiting_invoice()
        form = self.env["saas.event.ignore"].with_user(self.reviewer)
        form = form.create({"event_ids": event.ids, "note": "Not ours."})
        with self.enter_registry_test_mode():
            told = form.action_apply()
        self.assertIn("not enough people", told["params"]["message"])
        self.assertEqual(self.newest().state, "waiting")
