"""Whatever changes of what was proposed makes it void.

Covers canonical/review/shown and models/approvals/approval_sign.
"""

import random

from odoo.tests import tagged

from ...canonical.reasons import Reason, State
from ..preview.previewing import PreviewingMixin
from ..support.common import SEED
from .approving import ApprovingCommon, load


@tagged("post_install", "-at_install")
class TestApprovalVoid(PreviewingMixin, ApprovingCommon):
    """Whatever changes of what was proposed, nobody signs it any more: it is asked as
    it is now, or not at all. If nothing changes, it is signed.
    """

    def _changes(self):
        """Return what may happen meanwhile, by name; each changes the decision."""
        return {
            "the record": self._change_record,
            "what was entered": lambda: self.approval.write(
                {"form_values": {**self.approval.form_values, "note": "Other."}}
            ),
            "the choice": lambda: self.approval.write(
                {
                    "form_values": {
                        **self.approval.form_values,
                        "move_id": self._enter_document(price=100).id,
                    }
                }
            ),
            "the event": lambda: self.event._set_state(
                State.DEAD, Reason.RETRIES_EXHAUSTED
            ),
            "what comes of it": lambda: self.deliver(load("invoice_payment.paid")),
            "what was shown": lambda: self.approval.write({"subject_digest": "0" * 64}),
        }

    def _change_record(self):
        self.move.button_draft()
        self.move.invoice_line_ids.price_unit = 90
        self.move.action_post()

    def test_any_change_voids(self):
        order = list(self._changes())
        random.Random(SEED).shuffle(order)
        for name in [*order, None]:
            with self.subTest(change=name), self.undone():
                self._walk(name)

    def _walk(self, name):
        self.event = self.waiting_invoice()
        # Money that waits for the invoice is what else comes of it.
        self.deliver(load("charge.succeeded"))
        self.move = self._enter_document()
        self.approval = self.propose(
            self.event, "action_bind_record", move_id=self.move.id, note="By hand."
        )
        if name:
            self._changes()[name]()
        before = self._sum()
        self.sign(self.approval)
        decided = self.env["saas.resolution"].search([])
        if not name:
            self.assertEqual(self.approval.state, "approved")
            self.assertEqual(len(decided), 1)
            return
        self.assertEqual(self.approval.state, "void", name)
        self.assertTrue(self.approval.answer)
        self.assertFalse(self.approval.decided_by_1)
        self.assertFalse(decided)
        self.assertEqual(self._sum(), before)
        again = self.env["saas.approval"].search(
            [("previous_id", "=", self.approval.id)]
        )
        if again:
            self.assertEqual((again.state, again.author_id), ("waiting", self.reviewer))
            self.sign(again)
            self.assertEqual(again.state, "approved", name)
            self.assertState(self.event, "done")
        self.assertWhole()
