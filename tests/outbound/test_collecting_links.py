"""Where the customer has to act they get the gateway's page by mail, once.

Covers outbound/collect_follow and models/payments/collection_acts.
"""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...canonical import facts
from ...canonical.errors import Quarantine, Transient
from ...canonical.payments.collecting import (
    Collected,
    CollectionReason,
    CollectionRefused,
    CollectionState,
)
from ...canonical.reasons import Reason
from .collecting_common import LINK, CollectingCommon, needs_customer, replace


@tagged("post_install", "-at_install")
class TestCollectingLinks(CollectingCommon):
    """From the refusal to the link, and what may come of it."""

    def get_mails(self, command):
        """Return the mails that went out for a command."""
        return self.env["mail.mail"].search(
            [("model", "=", command._name), ("res_id", "=", command.id)]
        )

    # -- the link -----------------------------------------------------------------

    def test_the_customer_gets_a_link(self):
        command = self.collect(needs_customer())
        move = command.move_id
        self.assertCommand(command, "needs_customer", "authentication")
        self.assertEqual(move.payment_state, "not_paid")
        mail = self.get_mails(command)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.tenant.partner_id)
        self.assertIn(LINK, mail.body_html)
        self.assertIn(move.name, mail.subject)
        self.assertIn("35.70", mail.body_html)
        self.assertTrue(command.mailed_at)
        self.assertFalse(move.activity_ids)
        self.assertIn("confirm", self.tenant.collection_problem)
        self.assertIn("confirm", move.saas_collection_note)
        self.assertEqual(move.saas_collection_state, "needs_customer")
        self.assertEqual(
            self.read_actions(command),
            ["collection_ordered", "collection_needs_customer"],
        )
        # Whoever looks again writes no second mail.
        command._enqueue_tell()
        command._cron_collect()
        self.run_all()
        self.assertEqual(self.get_mails(command), mail)

    def test_paid_by_the_link(self):
        command = self.collect(needs_customer())
        self.tell(self.gateway, *self.paid(command, "pay_7"))
        self.assertCommand(command, "succeeded")
        self.assertEqual(command.external_id, "pay_7")
        self.assertEqual(command.move_id.amount_residual, 0)
        self.assertFalse(self.tenant.collection_problem)

    def test_attempts_on_the_page(self):
        """What fails on the page ends nothing, nor does what was canceled before."""
        command = self.collect(needs_customer())
        self.tell(self.gateway, self.outcome(command, "canceled", "pay_0"))
        self.tell(self.gateway, self.outcome(command, "failed", "pay_7", day=2))
        self.assertCommand(command, "needs_customer", "authentication")
        self.tell(self.gateway, self.outcome(command, "pending", "pay_7", day=3))
        self.assertCommand(command, "pending")
        self.tell(self.gateway, self.outcome(command, "failed", "pay_7", day=4))
        self.assertCommand(command, "failed", "declined")
        self.assertTrue(command.move_id.activity_ids)

    def test_templates(self):
        """The payer's own mail, or else the company's, or else the app's."""
        own, companys = (
            self.env["mail.template"].create(
                {
                    "name": name,
                    "model_id": self.env["ir.model"]._get_id("saas.collection"),
                    "subject": name,
                    "body_html": "Pay",
                    "partner_to": "{{ object.partner_id.id }}",
                }
            )
            for name in ("Own", "Company's")
        )
        command = self.collect(needs_customer())
        self.company.sudo().saas_collection_mail_template_id = companys
        command.action_mail_link()
        self.tenant.collection_mail_template_id = own
        command.action_mail_link()
        subjects = self.get_mails(command).sorted("id").mapped("subject")
        self.assertEqual(subjects[1:], ["Company's", "Own"])

    def test_no_address(self):
        """A person is asked, and is told what is missing."""
        self.tenant.partner_id.email = False
        command = self.collect(needs_customer())
        self.assertFalse(self.get_mails(command))
        self.assertTrue(command.move_id.activity_ids)
        with self.assertRaisesRegex(UserError, "e-mail address"):
            command.action_mail_link()
        self.tenant.partner_id.email = "ada@fjord.example"
        command.action_mail_link()
        self.assertEqual(len(self.get_mails(command)), 1)

    def test_no_page(self):
        """Where the gateway has none, a person is asked, and can collect again at
        once.
        """
        answer = Collected(
            CollectionState.NEEDS_CUSTOMER, reason=CollectionReason.MANDATE_ENDED
        )
        command = self.collect(answer)
        move = command.move_id
        self.assertCommand(command, "needs_customer", "mandate_ended")
        self.assertIn("mandate has ended", move.activity_ids.summary)
        with self.assertRaisesRegex(UserError, "no payment link"):
            command.action_mail_link()
        again = self.start(move)
        self.run_jobs()
        self.assertCommand(command, "canceled", "replaced")
        self.assertCommand(again, "pending")
        self.assertEqual(again.number, 2)
        self.assertNotEqual(again.key, command.key)

    def test_a_mandate_comes(self):
        """What waits for a mandate goes on with it, for what is due by then."""
        answer = replace(
            needs_customer(CollectionReason.NO_MANDATE), detail="There is none."
        )
        command = self.collect(answer)
        self.assertCommand(command, "needs_customer", "no_mandate")
        self.pay_by_hand(command.move_id, 5)
        # The gateway has made nothing under the key.
        self.stand_in.made.clear()
        self.stand_in.orders.clear()
        for state, version in (("cancelled", "2"), ("active", "1"), ("active", "3")):
            self.assertCommand(command, "needs_customer", "no_mandate")
            fact = facts.Mandate(
                external_id="MD1",
                customer="c_ada",
                state=state,
                version=version,
                scheme="sepa_core",
            )
            self.tell(self.gateway, fact)
            self.run_jobs()
        self.assertCommand(command, "pending")
        [order] = self.stand_in.orders.values()
        self.assertEqual((order.key, order.amount), (command.key, 3070))
        self.assertEqual(order.mandates, (("MD1", "sepa_core", "active"),))

    # -- the end of a link ----------------------------------------------------------

    def test_expired(self):
        """It ends with a next step, and then another one can begin."""
        command = self.collect(needs_customer(hours=1))
        self.pass_hours(command, 2)
        command._cron_collect()
        self.run_jobs()
        self.assertEqual(self.stand_in.calls[-1], ("withdraw", "page_1"))
        self.assertCommand(command, "failed", "link_expired")
        self.assertIn("Collect again", self.tenant.collection_next_step)
        self.assertTrue(command.move_id.activity_ids)
        again = self.start(command.move_id)
        self.run_jobs()
        self.assertCommand(again, "pending")

    def test_paid_after_it_was_given_up(self):
        """Late money is booked all the same, and nothing more is collected."""
        command = self.collect(needs_customer(hours=1))
        self.pass_hours(command, 2)
        command._cron_collect()
        self.run_jobs()
        again = self.start(command.move_id)
        self.tell(self.gateway, *self.paid(command, "pay_7"))
        self.run_jobs()
        self.assertCommand(command, "succeeded")
        self.assertCommand(again, "canceled", "nothing_due")
        self.assertEqual(
            [key for call, key in self.stand_in.calls if call == "collect"],
            [command.key],
        )

    def test_paid_just_before_it_is_taken_back(self):
        """The gateway knows better: it waits for the event."""
        command = self.collect(needs_customer())
        self.stand_in.closed = Collected(CollectionState.PENDING, "pay_7")
        command.action_cancel()
        self.run_jobs()
        self.assertCommand(command, "pending")
        self.assertFalse(command.is_withdrawn)
        self.tell(self.gateway, *self.paid(command))
        self.assertCommand(command, "succeeded")

    def test_settled_in_another_way(self):
        """Nobody can pay by the link what was paid by transfer."""
        command = self.collect(needs_customer())
        self.pay_by_hand(command.move_id, 35.70)
        self.assertTrue(command.is_withdrawn)
        self.assertCommand(command, "needs_customer", "authentication")
        self.run_jobs()
        self.assertCommand(command, "canceled", "nothing_due")
        self.assertEqual(self.stand_in.calls[-1], ("withdraw", "page_1"))

    def test_due_falls(self):
        """A link for more than is due is taken back."""
        command = self.collect(needs_customer())
        self.pay_by_hand(command.move_id, 5)
        command._cron_collect()
        self.run_jobs()
        self.assertCommand(command, "canceled", "nothing_due")
        again = self.start(command.move_id)
        self.run_jobs()
        self.assertEqual(again.total, 30.70)

    def test_not_taken_back(self):
        """While the customer can pay by it, nothing else is collected."""
        for error in (
            Transient("Down."),
            CollectionRefused(CollectionReason.KEY_REFUSED, "No key."),
            Quarantine(Reason.SOURCE_REFUSED, "No."),
        ):
            savepoint = self.env.cr.savepoint()
            command = self.collect(needs_customer())
            self.stand_in.closed = error
            command.action_cancel()
            self.run_jobs()
            self.assertCommand(command, "needs_customer", "authentication")
            self.assertTrue(command.next_try)
            self.assertFalse(self.env["saas.collection"]._request(command.move_id))
            # It can't any more, whatever the gateway says.
            self.pass_hours(command, 25)
            if not isinstance(error, Transient):
                command._cron_collect()
                self.run_all()
                self.assertCommand(command, "canceled", "by_person")
            savepoint.close(rollback=True)
            self.env.invalidate_all()
            self.stand_in.answers.clear()
