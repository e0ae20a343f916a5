"""What one person decides and another signs: proposed, signed or refused, and applied
in the author's name, or void because what it was about has changed.

Covers models/approvals/approval, models/approvals/approval_ask,
models/approvals/approval_sign, canonical/review/shown and
wizards/review/saas_decision_mixin.
"""

from psycopg2.errors import CheckViolation

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .approving import ApprovingCommon, load

#: What the invoice is in the books, and what a person's own is.
_INVOICE = {"AR": 119.0, "REV": -100.0, "TAX": -19.0}


@tagged("post_install", "-at_install")
class TestApprovals(ApprovingCommon):
    def setUp(self):
        super().setUp()
        self.event = self.waiting_invoice()
        self.move = self._enter_document()

    def _bind_it(self):
        return self.propose(
            self.event, "action_bind_record", move_id=self.move.id, note="By hand."
        )

    def test_proposed_is_not_done(self):
        approval = self._bind_it()
        self.assertState(self.event, "quarantined", "unmapped_product")
        self.assertFalse(self.env["saas.resolution"].search([]))
        self.assertEqual(
            (approval.state, approval.kind, approval.amount, approval.amount_known),
            ("waiting", "bind_by_hand", 119.0, True),
        )
        self.assertEqual(approval.author_id, self.reviewer)
        self.assertIn(self.move.name, approval.lines)
        self.assertIn("This is a preview", approval.preview)
        self.assertEqual(self.event.with_user(self.signer).approval_id, approval)
        case = self.event.case_link_ids.case_id
        self.assertEqual(case.with_user(self.signer).approval_id, approval)
        self.assertEqual(self.rows(approval).mapped("actor"), ["decider"])

    def test_the_next_case_is_not_one_that_waits_to_be_signed(self):
        other = self.deliver(load("invoice.finalized-eur"))
        case, following = (
            event.case_link_ids.case_id.with_user(self.reviewer).sudo(False)
            for event in (self.event, other)
        )
        self.assertEqual(following.get_next(), case.id)
        self._bind_it()
        self.assertFalse(following.get_next())
        self.assertEqual(case.get_next(), following.id)

    def test_signed_is_done_in_the_author_s_name(self):
        before = self._sum()
        approval = self._bind_it()
        told = self.sign(approval)
        self.assertIn("Approved and applied: 1.", told)
        self.assertState(self.event, "done")
        self.assertEqual(self._sum(), before)
        self.assertEqual(before, _INVOICE)
        decision = self.env["saas.resolution"].search([])
        self.assertEqual(decision.author_id, self.reviewer)
        self.assertEqual(decision.res_id, self.move.id)
        [bound] = self.rows(action="object_bound")
        self.assertEqual((bound.actor, bound.approver), ("decider", "signs"))
        signed = [
            (row.action, row.actor, row.approver or "") for row in self.rows(approval)
        ]
        self.assertEqual(
            signed,
            [
                ("decision_proposed", "decider", ""),
                ("decision_signed", "signs", ""),
                ("decision_applied", "decider", "signs"),
            ],
        )
        self.assertEqual(approval.state, "approved")
        self.assertEqual(approval.decided_by_1, self.signer)
        self.assertWhole()

    def test_log_proves_who_signed(self):
        """Whoever changes the approver of a row breaks the chain."""
        self.sign(self._bind_it())
        [row] = self.rows(action="object_bound")
        cr = self.env.cr
        cr.execute("ALTER TABLE saas_sync_log DISABLE TRIGGER USER")
        cr.execute(
            "UPDATE saas_sync_log SET approver = 'somebody' WHERE id = %s", [row.id]
        )
        found = self.env["saas.sync.log"]._verify_chain(self.source)
        self.assertEqual(found, row.sequence)

    def test_refused_is_never_done(self):
        approval = self._bind_it()
        approval.with_user(self.signer).action_refuse("The amounts differ.")
        self.assertState(self.event, "quarantined", "unmapped_product")
        self.assertEqual(approval.state, "refused")
        asked = approval.activity_ids
        self.assertEqual(asked.user_id, self.reviewer)
        self.assertIn("The amounts differ.", str(asked.note))
        with self.assertRaisesRegex(UserError, "decided this meanwhile"):
            self.sign(approval, self.other)
        # Another proposal of the same is a new one.
        again = self._bind_it()
        self.sign(again)
        self.assertState(self.event, "done")

    def test_nobody_signs_their_own(self):
        self.reviewer.group_ids |= self.env.ref("saas_billing_sync.group_saas_approver")
        approval = self._bind_it()
        for method in ("action_approve", "action_refuse"):
            with self.assertRaisesRegex(AccessError, "decided or proposed this"):
                getattr(approval.with_user(self.reviewer), method)()
        for name in ("author_id", "requested_by"):
            with (
                self.subTest(name=name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(flush=False),
            ):
                self.env.cr.execute(
                    """UPDATE saas_approval
                          SET state = 'approved', decided_by_1 = %s,
                              author_id = %s, requested_by = %s WHERE id = %s""",
                    [
                        self.reviewer.id,
                        *(
                            self.reviewer.id if name == each else self.manager.id
                            for each in ("author_id", "requested_by")
                        ),
                        approval.id,
                    ],
                )

    def test_database_wants_all_signatures(self):
        approval = self._bind_it()
        for sets in (
            "state = 'approved'",
            "state = 'refused'",
            f"state = 'approved', needed = 2, decided_by_1 = {self.signer.id}",
            f"decided_by_1 = {self.signer.id}, decided_by_2 = {self.signer.id}",
            "needed = 0",
        ):
            with (
                self.subTest(sets=sets),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(flush=False),
            ):
                self.env.cr.execute(
                    f"UPDATE saas_approval SET {sets} WHERE id = {approval.id}"
                )

    def test_only_an_approver_who_is_a_person(self):
        approval = self._bind_it()
        for user in (self.reviewer, self.manager):
            with self.assertRaises(AccessError):
                approval.with_user(user).action_approve()
        for env in (
            self.env(user=SUPERUSER_ID, su=True),
            self.env(user=SUPERUSER_ID, su=False),
            self.env(user=self.manager.id, su=True),
        ):
            with self.assertRaises(AccessError):
                approval.with_env(env).action_approve()
        stranger = self._make_person(
            "approver", "stranger", self.env["res.company"].create({"name": "Far"})
        )
        with self.assertRaises(AccessError):
            approval.with_user(stranger).action_approve()
        self.assertEqual(approval.state, "waiting")

    def test_nobody_writes_it(self):
        approval = self._bind_it()
        for user in (self.reviewer, self.manager, self.signer):
            mine = approval.with_user(user)
            for call in (
                lambda a=mine: a.write({"state": "approved"}),
                lambda a=mine: a.write({"form_values": {}}),
                lambda a=mine: a.unlink(),
                lambda a=mine: a.copy(),
                lambda a=mine: a.with_context(saas_signed=True).write({"needed": 1}),
            ):
                with self.assertRaises(UserError):
                    call()

    def test_two_people(self):
        self._set_policy("bind_by_hand", approvals=2)
        approval = self._bind_it()
        self.assertIn("second person", self.sign(approval))
        self.assertState(self.event, "quarantined", "unmapped_product")
        with self.assertRaisesRegex(AccessError, "signed this already"):
            self.sign(approval)
        self.sign(approval, self.other)
        self.assertState(self.event, "done")
        [bound] = self.rows(action="object_bound")
        self.assertEqual(bound.approver, "signs, signs_too")

    def test_author_who_may_no_more(self):
        approval = self._bind_it()
        self.reviewer.group_ids -= self.env.ref("saas_billing_sync.group_saas_reviewer")
        self.assertIn("void", self.sign(approval))
        self.assertEqual(approval.state, "void")
        self.assertState(self.event, "quarantined", "unmapped_product")

    def test_all_of_a_case_at_once(self):
        """One proposal is about all that was decided, and a list of proposals is signed
        at once; each approver is asked once.
        """
        second = self.waiting_invoice("invoice.finalized-zero")
        both = self.event | second
        approval = self.propose(both, "action_ignore", note="In the old books.")
        self.assertEqual(approval.event_ids, both)
        third = self.waiting_invoice("invoice.finalized-discount")
        other = self.propose(third, "action_ignore", note="As well.")
        asked = self.env["mail.activity"].search(
            [
                ("res_model", "=", "saas.approval"),
                ("res_id", "in", [approval.id, other.id]),
            ]
        )
        self.assertEqual(sorted(asked.mapped("user_id.login")), ["signs", "signs_too"])
        self.assertEqual(asked.mapped("res_id"), [approval.id] * 2)
        self.sign(approval)
        # It moves on to what waits next.
        self.assertEqual(
            sorted(other.activity_ids.mapped("user_id.login")), ["signs", "signs_too"]
        )
        self.assertState(both, "ignored", "ignored_by_person")
        self.sign(other)
        self.assertFalse(other.activity_ids)
        mine = self.env["saas.approval"].with_user(self.signer)
        self.assertFalse(mine.search([("waits_for_me", "=", True)]))

    def test_many_at_once(self):
        second = self.waiting_invoice("invoice.finalized-discount")
        approvals = self._bind_it()
        approvals |= self.propose(second, "action_ignore", note="Not ours.")
        self.assertIn("Approved and applied: 2.", self.sign(approvals))
        self.assertState(self.event, "done")
        self.assertState(second, "ignored", "ignored_by_person")

    def test_one_that_changed_does_not_stop_the_others(self):
        second = self.waiting_invoice("invoice.finalized-discount")
        approvals = self._bind_it()
        approvals |= self.propose(second, "action_ignore", note="Not ours.")
        self.move.button_draft()
        told = self.sign(approvals)
        self.assertIn("Approved and applied: 1.", told)
        self.assertIn("therefore void: 1.", told)
        self.assertState(second, "ignored", "ignored_by_person")
        self.assertState(self.event, "quarantined", "unmapped_product")

    def test_off_is_at_once_and_strict_is_always(self):
        self.company.sudo().saas_four_eyes = "off"
        self._bind(self.event, self.move, note="By hand.")
        self.assertState(self.event, "done")
        self.company.sudo().saas_four_eyes = "strict"
        money = self.deliver(load("charge.succeeded-guest"))
        partner = self.env["res.partner"].create({"name": "Guest"})
        approval = self.propose(
            money, "action_choose_customer", choice="partner", partner_id=partner.id
        )
        self.assertEqual(approval.kind, "choose_whose")
        self.assertFalse(self.rows(action="owner_chosen"))
        self.sign(approval)
        self.assertEqual(self.rows(action="owner_chosen").approver, "signs")

    def test_samples(self):
        """What needed no signature counts at once, and somebody looks at it."""
        self._set_policy("bind_by_hand", min_amount=500, sample=100)
        approval = self.propose(
            self.event, "action_bind_record", move_id=self.move.id, note="By hand."
        )
        self.assertState(self.event, "done")
        self.assertTrue(approval.is_sample)
        self.assertEqual(approval.activity_ids.user_id, self.signer | self.other)
        approval.with_user(self.signer).action_refuse("Not that one.")
        self.assertEqual(approval.activity_ids.user_id, self.reviewer)
        self._set_policy("bind_by_hand", sample=0)
        newest = self.newest()
        other = self.waiting_invoice("invoice.finalized-zero")
        move = self._enter_document(price=0)
        self.propose(other, "action_bind_record", move_id=move.id, note="By hand.")
        self.assertEqual(self.newest(), newest)
