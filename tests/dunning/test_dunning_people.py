"""What people see and do about tenants that owe, and who may.

Covers models/dunning/state_people, wizards/payments/saas_dunning_promise,
wizards/payments/saas_dunning_dispute, wizards/payments/saas_dunning_look.
"""

from ast import literal_eval

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..support.session import create_person
from .common import DunningCommon, on


@tagged("post_install", "-at_install")
class TestDunningPeople(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            role: create_person(cls, f"dunning_{role}", role)
            for role in ("reviewer", "manager", "operator", "auditor")
        }

    def promise(self, until, note="By phone", user=None, lifts=False):
        """Note a promise by the form."""
        state = self.get_state().with_user(user or self.people["reviewer"])
        action = state.action_promise()
        wizards = state.env["saas.dunning.promise"]
        form = Form(wizards.with_context(**action["context"]))
        form.until, form.note = until, note
        if lifts:
            form.lifts = True
        form.save().action_apply()

    def test_a_promise(self):
        self.owe()
        self.dun(3)
        with freeze_time(f"{on(4)} 12:00:00"):
            self.promise(on(12))
        state = self.get_state()
        self.assertEqual(
            (state.waits_for, state.promise_user_id, state.next_day),
            ("promised", self.people["reviewer"], on(13)),
        )
        self.assertEqual(self.dun(12), [])
        self.assertEqual(self.dun(13), ["Ada: Second reminder, 100.00"])
        [row] = self.env["saas.sync.log"].search([("detail", "ilike", "By phone")])
        self.assertEqual(row.res_id, self.ada.id)
        with freeze_time(f"{on(14)} 12:00:00"):
            with self.assertRaises(UserError):
                self.promise(on(13))
            self.promise(on(20))
            state.with_user(self.people["reviewer"]).action_forget_promise()
        self.assertEqual(self.dun(18), ["Ada: Call, 100.00"])

    def test_a_promise_is_over_with_the_debt(self):
        move = self.owe()
        self.dun(3)
        with freeze_time(f"{on(4)} 12:00:00"):
            self.promise(on(40))
            self.pay(move)
        self.assertFalse(self.get_state().promised_until)

    def test_a_promise_lifts_the_restriction(self):
        self.owe()
        for days in (3, 10, 15, 30):
            self.dun(days)
        with freeze_time(f"{on(31)} 12:00:00"):
            self.promise(on(35), lifts=True)
        self.assertFalse(self.ada.is_restricted)
        self.dun(35)
        self.assertFalse(self.ada.is_restricted)
        self.dun(36)
        self.assertTrue(self.ada.is_restricted)

    def test_a_disputed_invoice(self):
        """It is left out, and what it has brought about ends at once."""
        move = self.owe()
        for days in (3, 10, 15, 30):
            self.dun(days)
        own = move.with_user(self.people["reviewer"])
        with freeze_time(f"{on(31)} 12:00:00"):
            action = own.action_dispute_saas()
            wizards = own.env["saas.dunning.dispute"]
            form = Form(wizards.with_context(**action["context"]))
            form.note = "Wrong quantity"
            form.save().action_apply()
            self.end_transaction()
            self.assertFalse(self.ada.is_restricted)
            self.assertEqual(self.get_state().waits_for, "disputed")
            self.assertEqual(self.get_state().total_disputed, 100)
            own.action_end_dispute_saas()
            self.end_transaction()
        self.assertTrue(self.ada.is_restricted)
        self.assertEqual(self.get_state().last_step_id.name, "Restriction")

    def test_who_may(self):
        move = self.owe()
        self.dun(3)
        state = self.get_state()
        for role in ("manager", "operator", "auditor"):
            user = self.people[role]
            with self.subTest(role):
                own = state.with_user(user).with_env(
                    state.with_user(user).env(su=False)
                )
                self.assertEqual(own.total, 100)
                with self.assertRaises(AccessError):
                    own.action_promise()
                with self.assertRaises(AccessError):
                    own.env["saas.dunning.run"].action_run_today()
                with self.assertRaises(AccessError):
                    own.env["saas.dunning.policy"].create({"name": "Mine"})
                with self.assertRaises(AccessError):
                    own.promised_until = on(90)
        with self.assertRaises(AccessError):
            move.with_user(self.people["operator"]).action_dispute_saas()

    def test_another_company_sees_nothing(self):
        self.owe()
        self.dun(3)
        other = self.env["res.company"].create({"name": "Other"})
        outsider = new_test_user(
            self.env,
            "dunning_outsider",
            groups="saas_billing_sync.group_saas_reviewer",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        env = self.env(user=outsider, su=False)
        for name in ("state", "step", "run", "policy", "policy.step", "age"):
            with self.subTest(name):
                self.assertFalse(env[f"saas.dunning.{name}"].search([]))
                self.assertTrue(self.env[f"saas.dunning.{name}"].search([]))
        with self.assertRaises(AccessError):
            self.get_state().with_env(env).action_promise()

    def test_whom_to_call(self):
        """The list has who is to be called, until that is done or promised."""
        self.owe()
        self.owe(self.bob)
        for days in (3, 10, 15):
            self.dun(days)
        view = self.env.ref("saas_billing_sync.saas_dunning_state_view_search")
        [node] = view._get_combined_arch().xpath("//filter[@name='to_call']")
        with freeze_time(f"{on(16)} 12:00:00"):
            domain = literal_eval(node.get("domain"))
            states = self.env["saas.dunning.state"]
            self.assertEqual(states.search(domain).tenant_id, self.ada | self.bob)
            self.promise(on(20))
            self.assertEqual(states.search(domain).tenant_id, self.bob)
            self.bob.activity_ids.action_feedback("Will pay.")
            self.assertFalse(states.search(domain))

    def test_by_age(self):
        """Each invoice is as old as Finance says, and adds up by currency."""
        for days in (61, 60, 30, 0, -40):
            self.owe(days=days)
        self.owe(days=0, amount=8, currency=self.eur)
        with freeze_time(f"{on(60)} 12:00:00"):
            self.env.invalidate_all()
            rows = self.env["saas.dunning.age"]._read_group(
                [("company_id", "=", self.company.id)],
                ["currency_id", "age"],
                ["amount:sum"],
            )
            found = {(c.name, age): amount for c, age, amount in rows}
        self.assertEqual(
            found,
            {
                ("USD", "0"): 200,
                ("USD", "30"): 100,
                ("USD", "60"): 100,
                ("USD", "older"): 100,
                ("EUR", "60"): 8,
            },
        )

    def test_policies_by_hand(self):
        """A reviewer makes a policy; steps that were taken can't be deleted."""
        env = self.env(user=self.people["reviewer"], su=False)
        with Form(env["saas.dunning.policy"]) as form:
            form.name = "Strict"
            with form.step_ids.new() as step:
                step.name, step.after_days, step.action = "Call", 2, "call"
        policy = form.record
        self.assertEqual(policy.company_id, self.company)
        self.bob.dunning_policy_id = policy
        self.owe(self.bob)
        self.assertEqual(self.dun(2), ["Bob: Call, 100.00"])
        self.assertEqual((policy.tenant_count, policy.is_default), (1, False))
        with self.assertRaises(UserError):
            self.env["saas.dunning.step"].search([]).unlink()

    def test_a_preview_is_what_comes_and_leaves_nothing(self):
        self.listen()
        self.policy.step_ids[0].action = "restrict"
        self.owe()
        self.owe(self.bob, days=-20)
        # A preview has a cursor of its own.
        self.env.flush_all()
        wizards = self.env(user=self.people["reviewer"], su=False)["saas.dunning.look"]
        with freeze_time(f"{on(3)} 12:00:00"), self.enter_registry_test_mode():
            action = wizards.action_look()
        page = wizards.browse(action["res_id"]).preview
        for text in ("Ada", "Bob", "Reminder: 100.00 USD", "collection_state.changed"):
            self.assertIn(text, page)
        self.assertFalse(self.env["saas.dunning.step"].search([]))
        self.assertFalse(self.env["saas.dunning.state"].search([]))
        self.assertFalse(self.env["saas.outbound.message"].search([]))
        self.assertEqual(
            self.dun(3), ["Ada: Reminder, 100.00", "Bob: Reminder, 100.00"]
        )
