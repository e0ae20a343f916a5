"""What each step does, what holds it up, and what it must not hold up.

Covers dunning/acts.
"""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from .common import DunningCommon, on


@tagged("post_install", "-at_install")
class TestDunningActs(DunningCommon):
    def test_the_mail(self):
        """It is what Odoo makes of the template, and goes through its queue."""
        first = self.owe()
        second = self.owe(days=1, amount=50)
        self.dun(4)
        step = self.env["saas.dunning.step"].search([])
        mail = self.env["mail.mail"].search(
            [("mail_message_id", "=", step.message_id.id)]
        )
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.recipient_ids, self.ada.partner_id)
        self.assertIn("Reminder", mail.subject)
        for text in (first.name, second.name, "Ada", "150.00", "50.00", "03/02/2026"):
            self.assertIn(text, mail.body_html)

    def test_without_an_address_somebody_is_asked(self):
        self.ada.partner_id.email = False
        self.owe()
        self.dun(3)
        step = self.env["saas.dunning.step"].search([])
        self.assertFalse(step.message_id)
        self.assertIn("no e-mail address", step.detail)
        self.assertEqual(step.activity_id.user_id, self.responsible)
        self.assertIn(step.detail, step.activity_id.note)

    def test_calls_and_proposals(self):
        """Somebody is asked once, and nobody any more once it is paid."""
        move = self.owe()
        for days in (3, 10, 15, 16, 30, 60, 61):
            self.dun(days)
        types = self.ada.activity_ids.activity_type_id
        self.assertEqual(
            sorted(types.mapped("name")),
            ["Call about what is overdue", "Decide about what is overdue"],
        )
        self.assertEqual(len(self.ada.activity_ids), 2)
        calls = self.env.ref("saas_billing_sync.saas_dunning_state_view_search")
        self.assertIn("phonecall", calls.arch)
        self.pay(move)
        self.assertFalse(self.ada.activity_ids)

    def test_one_that_cannot_be_done_holds_up_nobody(self):
        self.owe()
        self.owe(self.bob)
        acts = self.env.registry["saas.collections.acts"]
        mail = acts._mail

        def fail(this, step):
            if step.tenant_id == self.ada:
                raise ValueError("The template is broken.")
            mail(this, step)

        with patch.object(acts, "_mail", fail):
            self.assertEqual(self.dun(3), ["Bob: Reminder, 100.00"])
        self.assertEqual(self.get_state().problem, "The template is broken.")
        self.assertEqual(self.dun(4), ["Ada: Reminder, 100.00"])
        self.assertFalse(self.get_state().problem)

    def test_a_gateway_that_tries_by_itself(self):
        """A mirrored invoice is left alone until two days after its source will try."""
        move = self.owe()
        move.saas_next_attempt = f"{on(5)} 10:00:00"
        self.owe(self.bob)
        self.assertEqual(self.dun(3), ["Bob: Reminder, 100.00"])
        self.assertEqual(self.get_state().waits_for, "retried")
        self.assertEqual(self.get_state().total_retried, 100)
        self.assertEqual(self.dun(6), [])
        self.assertEqual(self.dun(7), ["Ada: Reminder, 100.00"])

    def test_collections_under_way(self):
        """While money may come of an order, nobody is asked for it; where the gateway
        will try again by itself, too.
        """
        move = self.owe()
        command = self.env["saas.collection"].create(
            {
                "move_id": move.id,
                "source_id": self.source.id,
                "tenant_id": self.ada.id,
                "currency_id": move.currency_id.id,
                "number": 1,
                "key": "saas-1",
                "amount": 10000,
                "exponent": 2,
                "state": "pending",
                "told_at": f"{on(2)} 12:00:00",
            }
        )
        for days, vals, waits in (
            (3, {}, "retried"),
            (4, {"state": "failed", "is_retried": True}, "retried"),
            (5, {"state": "needs_customer", "is_retried": False}, False),
        ):
            with self.subTest(days=days):
                command.write(vals)
                steps = self.dun(days)
                self.assertEqual(self.get_state().waits_for or False, waits)
                self.assertEqual(bool(steps), not waits)

    def test_risk_stops_it(self):
        self.owe()
        tenants = self.env.registry["saas.tenant"]
        with patch.object(tenants, "_filter_collection_stopped", lambda this: this):
            self.assertEqual(self.dun(5), [])
            self.assertEqual(self.get_state().waits_for, "stopped")
        self.assertEqual(self.dun(6), ["Ada: Reminder, 100.00"])

    def test_two_tenants_become_one(self):
        """What was said to either was said, and what both owe is owed together. A
        promise of either holds.
        """
        self.owe()
        self.owe(self.bob, amount=50)
        self.owe(self.bob, amount=20, currency=self.eur)
        self.dun(3)
        self.get_state(self.bob)._set_promise(on(9999), "Bob, by phone", False)
        self.env["saas.customers.merge"]._merge(self.bob, self.ada)
        self.end_transaction()
        self.assertFalse(self.bob.dunning_state_ids)
        self.assertEqual(self.read_state(), ("150.00", 0, 2))
        self.assertEqual(self.read_state(currency=self.eur), ("20.00", 0, 1))
        state = self.get_state()
        self.assertEqual(len(state.step_ids), 2)
        self.assertEqual(state.step_ids.tenant_id, self.ada)
        self.assertEqual(state.promise_note, "Bob, by phone")
        self.assertEqual(self.dun(11), ["Ada: Second reminder, 20.00"])

    def test_a_restricted_tenant_becomes_another(self):
        """The tenant that goes on is restricted, and others are told."""
        self.owe(self.bob)
        self.dun(3)
        self.dun(10)
        self.dun(15)
        self.dun(30)
        self.assertTrue(self.bob.is_restricted)
        with freeze_time(f"{on(30)} 12:00:00"):
            self.env["saas.customers.merge"]._merge(self.bob, self.ada)
            self.end_transaction()
        self.assertEqual(
            (self.ada.is_restricted, self.bob.is_restricted), (True, False)
        )
        self.assertEqual(self.ada.restriction_number, 1)
        self.assertEqual(self.env["saas.sync.log"]._verify_chain(self.own), 0)
