"""What stands in the way of a collection: it is tried again, or ends with a reason.

Covers outbound/collect_answers and models/payments/collection_jobs.
"""

from datetime import timedelta

from odoo.tests import tagged

from ...canonical.errors import Quarantine, Transient
from ...canonical.payments.collecting import (
    Collected,
    CollectionReason,
    CollectionRefused,
    CollectionState,
)
from ...canonical.reasons import Cause, Reason
from .collecting_common import CollectingCommon, needs_customer


@tagged("post_install", "-at_install")
class TestCollectingTrouble(CollectingCommon):
    """A gateway that is down, refuses, or may not be called."""

    def test_trouble_that_passes(self):
        """It is tried again, ever less often, and then given up for a person."""
        self.stand_in.answers += [Transient("Too many calls.")] * 11
        command = self.collect()
        first = command.next_try - command.write_date
        self.assertLess(first, timedelta(minutes=2))
        self.assertEqual(command.detail, "Too many calls.")
        self.run_all()
        self.assertCommand(command, "pending")
        self.assertEqual(command.attempts, 12)

    def test_trouble_that_stays(self):
        self.stand_in.answers += [Transient("Down.")] * 12
        command = self.collect()
        self.run_all()
        self.assertCommand(command, "failed", "unreachable")
        self.assertEqual(command.detail, "Down.")
        self.assertEqual(self.stand_in.orders, {})

    def test_refused(self):
        """An order that the gateway refuses ends with what it says, on the invoice and
        the tenant, and a person is asked.
        """
        refusal = CollectionRefused(CollectionReason.AMOUNT, "Too small.")
        command = self.collect(refusal)
        move = command.move_id
        self.assertCommand(command, "failed", "amount_refused")
        self.assertEqual(command.detail, "Too small.")
        self.assertEqual(move.payment_state, "not_paid")
        self.assertEqual((move.saas_state, move.saas_failed_attempts), ("open", 1))
        self.assertIn("does not collect this amount", move.saas_collection_note)
        self.assertIn("does not collect", self.tenant.collection_problem)
        self.assertTrue(self.tenant.collection_next_step)
        self.assertIn("does not collect", move.activity_ids.summary)
        self.assertEqual(
            self.read_actions(command), ["collection_ordered", "collection_refused"]
        )

    def test_set_up(self):
        """What can't be sent at all says what is missing."""
        for error, reason in (
            (
                Quarantine(Reason.SOURCE_REFUSED, "No.", cause=Cause.KEY_REFUSED.of()),
                "key_may_not_collect",
            ),
            (Quarantine(Reason.INCOMPLETE_SETUP, "No key."), "set_up"),
            (Quarantine(Reason.SOURCE_REFUSED, "No."), "refused"),
        ):
            with self.subTest(reason):
                savepoint = self.env.cr.savepoint()
                self.assertCommand(self.collect(error), "failed", reason)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_unlinked_and_unknown(self):
        """Money that would not find its invoice is not asked for."""
        self.gateway.invoice_id_keys = False
        command = self.collect()
        self.assertCommand(command, "failed", "set_up")
        self.assertIn("Linked Sources", command.detail)
        self.gateway.invoice_id_keys = "order, invoice_id"
        self.env["saas.binding"].search([("res_id", "=", self.tenant.id)]).unlink()
        again = self.env["saas.collection"]._request(command.move_id)
        self.run_jobs()
        self.assertCommand(again, "failed", "customer_unknown")
        self.assertEqual(again.number, 2)
        self.assertFalse(self.stand_in.calls)

    def test_paused(self):
        """Nothing goes to a gateway that is paused; later it does."""
        self.gateway.state = "paused"
        command = self.collect()
        self.assertCommand(command, "waiting")
        self.gateway.state = "active"
        self.env["saas.collection"]._cron_collect()
        self.run_jobs()
        self.assertCommand(command, "pending")

    def test_lost_jobs(self):
        """Commands whose job is gone are found."""
        command = self.bill_ada().saas_collection_ids
        jobs = self.env["queue.job"]
        jobs.search([]).unlink()
        command._cron_collect()
        self.run_jobs()
        self.assertCommand(command, "pending")
        self.pass_hours(command, 25)
        command._cron_collect()
        self.assertEqual(
            jobs.search([("state", "=", "pending")]).mapped("method_name"),
            ["_job_send"],
        )

    def test_answer_without_money(self):
        """A gateway's own words never become states: unknown ones are none."""
        answer = Collected(CollectionState.FAILED, "pay_9", CollectionReason.DECLINED)
        command = self.collect(answer)
        self.assertCommand(command, "failed", "declined")
        self.assertEqual(command.external_id, "pay_9")

    def test_link_that_is_no_web_address(self):
        """What a gateway gives as a link is no script."""
        answer = needs_customer()
        object.__setattr__(answer, "link", "javascript:alert(1)")
        command = self.collect(answer)
        self.assertFalse(command.link)
