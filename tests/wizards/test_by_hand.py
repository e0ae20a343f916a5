"""What people do to subscriptions is what systems tell: the same changes by the same
code, with a look at the timeline before.
"""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..standard.common import write_event
from ..subscriptions.selling import at
from ..support.session import create_person
from .by_hand_common import PeopleCommon, plain


@tagged("post_install", "-at_install")
class TestByHand(PeopleCommon):
    def test_begun_by_hand(self):
        subscription = self.begin(term_months=12, auto_renew=True, notice_days=30)
        self.assertTrue(subscription.is_managed)
        self.assertEqual(subscription.state, "active")
        self.assertEqual(subscription.user_id, self.reviewer)
        self.assertEqual(subscription.held["quantities"], {"base": "1", "seats": "5"})
        self.assertEqual(str(subscription.term_end), "2027-01-15 00:00:00")
        row = subscription.change_ids
        self.assertEqual(
            (row.user_id, row.told_by), (self.reviewer, self.reviewer.name)
        )
        binding = self.env["saas.binding"]._find(
            self.source, "subscription", [subscription.external_id]
        )
        self.assertTrue(binding)
        log = self.env["saas.sync.log"].search(
            [("res_model", "=", "saas.subscription")], order="id"
        )
        self.assertEqual(
            [(row.action, row.actor) for row in log],
            [
                ("subscription_created", "sub_reviewer"),
                ("subscription_change_kept", "sub_reviewer"),
            ],
        )
        self.assertWhole()

    def test_buttons_are_events(self):
        """A life that is told and one that is pressed are one and the same."""
        self.tell(
            self.activate(),
            self.event("changed", at(2026, 2, 1), **self.held("8")),
            self.event("paused", at(2026, 3, 1)),
            self.event("resumed", at(2026, 4, 1)),
            self.event("changed", at(2026, 5, 1), **self.held("3", "firm")),
            self.event("renewed", at(2026, 6, 1), term={"months": 24}),
            self.event("canceled", at(2026, 11, 20)),
        )
        mine = self.begin()
        date = {"when": "date"}
        form = self.open(mine, "action_change", moment="2026-02-01 00:00:00", **date)
        self.set_seats(form, "8").action_apply()
        self.press(mine, "action_pause", moment="2026-03-01 00:00:00", **date)
        self.press(mine, "action_resume", moment="2026-04-01 00:00:00", **date)
        form = self.open(
            mine,
            "action_change",
            moment="2026-05-01 00:00:00",
            plan_version_id=self.firm.id,
            **date,
        )
        self.set_seats(form, "3").action_apply()
        self.press(
            mine,
            "action_renew",
            moment="2026-06-01 00:00:00",
            term_months=24,
            **date,
        )
        self.press(mine, "action_cancel", moment="2026-11-20 00:00:00", **date)
        theirs = self.find()
        self.assertEqual(self.timeline(mine), self.timeline(theirs))
        for name in ("state", "date_end", "term_end", "held", "plan_version_id"):
            self.assertEqual(mine[name], theirs[name], name)

    def test_trial_ended_and_activated(self):
        trial = self.begin("2026-11-20 00:00:00", trial_end="2026-12-20 00:00:00")
        self.assertEqual(trial.state, "trialing")
        self.press(trial, "action_end_trial")
        self.assertEqual(trial.state, "active")
        deal = {"id": "D-1", "customer": "C-1", "won_at": at(2026, 1, 1), **self.held()}
        self.tell(write_event("contract.won", deal, "1", time=deal["won_at"]))
        pending = self.find("D-1")
        self.press(
            pending, "action_activate", moment="2026-11-01 00:00:00", when="date"
        )
        self.assertEqual(self.states(pending), "2026-01-01 pending, 2026-11-01 active")

    def test_at_the_end_of_the_period(self):
        subscription = self.begin()
        form = self.open(subscription, "action_change", when="period_end")
        self.set_seats(form, "9").action_apply()
        self.assertEqual(str(self.timeline(subscription)[-1][0])[:10], "2026-12-15")
        self.press(subscription, "action_cancel", when="period_end")
        self.assertEqual(str(subscription.date_end), "2026-12-15 00:00:00")
        self.assertTrue(subscription.cancel_at_period_end)

    def test_withdrawn_by_hand(self):
        """Whoever told it; and what waited for that goes on."""
        self.tell(self.activate(), self.event("canceled", at(2026, 3, 1)))
        event = self.tell(self.event("changed", at(2026, 4, 1), **self.held("8")))
        self.assertState(event, "quarantined", "not_allowed")
        cancel = self.find().change_ids.filtered(lambda row: row.kind == "canceled")
        self.press(cancel, "action_withdraw", note="It was a mistake.")
        self.drain()
        self.assertState(event, "done")
        self.assertEqual((cancel.outcome, self.find().state), ("withdrawn", "active"))
        withdrawal = self.find().change_ids.filtered("user_id")
        self.assertEqual(withdrawal.note, "It was a mistake.")
        self.assertEqual(withdrawal.summary, "takes back: Canceled on 03/01/2026")

    def test_what_can_not_be_so(self):
        """It is refused with why, and nothing is kept."""
        subscription = self.begin()
        self.press(
            subscription, "action_cancel", when="date", moment="2026-11-01 00:00:00"
        )
        count = len(subscription.change_ids)
        with self.assertRaises(UserError) as caught:
            self.press(subscription, "action_pause")
        self.assertIn("nothing revives it", str(caught.exception))
        self.assertEqual(len(subscription.change_ids), count)
        with self.assertRaisesRegex(UserError, "no period"):
            self.press(subscription, "action_change", when="period_end")
        with self.assertRaisesRegex(UserError, "Choose a change"):
            self.press(subscription, "action_withdraw")
        other = self.begin()
        foreign = other.change_ids.id
        with self.assertRaisesRegex(UserError, "Choose a change of this"):
            self.press(subscription, "action_withdraw", withdraw_id=foreign)

    def test_after_all_that_is_known(self):
        """Who presses a button has seen what a sender told, whose clock is ahead."""
        told = at(2026, 11, 28, 12, 3)
        self.tell(self.activate(), self.event("canceled", at(2026, 11, 1), told=told))
        with self.assertRaises(UserError) as caught:
            self.press(self.find(), "action_pause")
        self.assertIn("nothing revives it", str(caught.exception))

    def test_slips(self):
        """A number that is none, a year that is mistyped, a reference that is taken."""
        for seats in ("five", "-1", "1e3", "", "1,5", "1" + "0" * 30):
            with self.assertRaisesRegex(UserError, "is no quantity of Seats"):
                self.begin(seats=seats or " ")
        with self.assertRaisesRegex(UserError, "more than ten years"):
            self.begin("2062-01-15 00:00:00")
        with self.assertRaisesRegex(UserError, "Choose a plan"):
            self.begin(plan_version_id=False)
        draft = self.team.copy({"plan_id": self.team.plan_id.id})
        with self.assertRaisesRegex(UserError, "is a draft"):
            self.begin(plan_version_id=draft.id)
        with self.assertRaisesRegex(UserError, "has no price in EUR"):
            self.begin(plan_version_id=self.firm.id, currency_id=self.eur.id)
        known = self.begin()
        with self.assertRaisesRegex(UserError, "already"):
            self.begin(reference=known.external_id)
        with self.assertRaisesRegex(UserError, "can't be so: months"):
            self.begin(term_months=-3)

    def test_form_follows_what_is_chosen(self):
        """It begins with what is held now, and lists what the chosen plan has."""
        subscription = self.begin(seats="7")
        action = subscription.with_user(self.reviewer).sudo(False).action_change()
        forms = self.env[action["res_model"]].with_user(self.reviewer).sudo(False)
        with Form(forms.with_context(**action["context"])) as form:
            self.assertEqual(form.plan_version_id, self.team)
            self.assertEqual(self._read(form), {"base": "1", "seats": "7"})
            form.plan_version_id = self.firm
            self.assertEqual(self._read(form), {"base": "1", "seats": "7"})
            self.assertIn("Firm 1", plain(form.timeline))
            with form.line_ids.edit(1) as line:
                line.quantity = "9"
            self.assertIn("9 × seats", plain(form.timeline))
        form.record.action_apply()
        self.assertEqual(subscription.held["quantities"], {"base": "1", "seats": "9"})

    def _read(self, form):
        lines = [form.line_ids.edit(n) for n in range(len(form.line_ids))]
        return {line.code: line.quantity for line in lines}

    def test_timeline_before_it_is_done(self):
        """The form shows what would come of it, and nothing is kept by looking."""
        subscription = self.begin()
        form = self.open(
            subscription, "action_cancel", when="date", moment="2027-02-01 00:00:00"
        )
        page = plain(form.timeline)
        self.assertIn("Active", page)
        self.assertRegex(page, r" 02/01/2027 12:00:00 AM +Canceled ")
        self.assertIn("5 × seats", page)
        self.assertEqual(len(subscription.change_ids), 1)
        form.action_apply()
        form = self.open(
            subscription, "action_pause", when="date", moment="2027-03-01 00:00:00"
        )
        self.assertIn("nothing revives it", plain(form.timeline))

    def test_timeline_afterwards(self):
        """Each change says what it did, who told it, and why it has no effect."""
        cancel = self.event("canceled", at(2027, 2, 1), told=at(2026, 11, 1))
        paused = self.event("paused", at(2027, 3, 1), told=at(2026, 11, 2))
        self.tell(self.activate(purchase_order="PO-1"), cancel, paused)
        rows = self.find().change_ids.sorted("takes_effect_at")
        self.assertEqual(rows.mapped("is_future"), [False, True, False])
        self.assertEqual(rows.mapped("outcome"), ["applied", "applied", "refused"])
        self.assertEqual(rows[0].summary, "Team 1, 1 × base, 5 × seats, USD, PO-1")
        self.assertEqual(rows[2].refusal, "already_canceled")
        self.assertEqual(set(rows.mapped("told_by")), {"Own platform"})
        self.assertEqual(rows[0].action_open_event()["res_id"], rows[0].event_id.id)

    # -- who may -----------------------------------------------------------------------

    def test_only_finance_may(self):
        subscription = self.begin()
        for role in ("user", "operator", "manager", "auditor", "privacy"):
            user = create_person(self, f"sub_{role}", role)
            for method in ("action_cancel", "action_grant_discount"):
                with self.assertRaises(AccessError):
                    self.open(subscription, method, user)
            with self.assertRaises(AccessError):
                self.env["saas.subscription.amend"].with_user(user).sudo(False).create(
                    {"subscription_id": subscription.id, "kind": "cancel"}
                )
            with self.assertRaises(AccessError):
                subscription.with_user(user).sudo(False).billing_hold = True

    def test_nobody_of_another_company(self):
        subscription = self.begin()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "sub_stranger",
            groups="saas_billing_sync.group_saas_approver",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            self.open(subscription, "action_cancel", stranger)
        forms = self.env["saas.subscription.amend"].with_user(stranger).sudo(False)
        with self.assertRaises(AccessError):
            forms.create({"subscription_id": subscription.id, "kind": "cancel"})

    def test_usage_that_waited(self):
        """What a person begins, changes or ends frees the usage that waits for it."""
        told = {"customer": "C-1", "meter": "calls", "quantity": "1"}
        for moment, named in (
            (at(2026, 2, 1), {}),
            (at(2026, 2, 2), {"subscription": "S-9"}),
        ):
            usage = {**told, **named, "occurred_at": moment}
            self.tell(write_event("usage.recorded", usage))
        records = self.env["saas.usage.record"].search([], order="id")
        whys = ["no_subscription", "unknown_subscription"]
        self.assertEqual(records.mapped("why"), whys)
        first = self.begin(reference="S-9")
        self.env.invalidate_all()
        self.assertEqual(records.mapped("state"), ["counted", "counted"])
        second = self.begin()
        self.tell(
            write_event("usage.recorded", {**told, "occurred_at": at(2026, 3, 1)})
        )
        last = self.env["saas.usage.record"].search([], order="id")[-1]
        self.assertEqual(last.why, "several_subscriptions")
        date = {"when": "date", "moment": "2026-02-15 00:00:00"}
        self.press(second, "action_cancel", **date)
        self.env.invalidate_all()
        self.assertEqual((last.state, last.subscription_id), ("counted", first))

    def test_what_people_set(self):
        """Its owner, and whether its invoices are held back; nothing else of it."""
        subscription = self.begin().with_user(self.reviewer).sudo(False)
        subscription.billing_hold = True
        subscription.user_id = self.responsible
        for vals in ({"state": "canceled"}, {"plan_version_id": self.firm.id}):
            with self.assertRaises(AccessError):
                subscription.write(vals)

    def test_four_eyes(self):
        """Where every decision is signed, so is this one."""
        subscription = self.begin()
        self.company.sudo().saas_four_eyes = "strict"
        signer = create_person(self, "sub_signer", "approver")
        with self.enter_registry_test_mode():
            self.press(subscription, "action_cancel", note="They left.")
        self.assertEqual(subscription.state, "active")
        approval = self.env["saas.approval"].search([], limit=1)
        self.assertIn(subscription.external_id, approval.summary)
        self.assertIn("Canceled", plain(approval.preview))
        with self.enter_registry_test_mode():
            approval.with_user(signer).sudo(False).action_approve()
        self.env.invalidate_all()
        self.assertEqual(approval.state, "approved", approval.answer)
        self.assertEqual(subscription.state, "canceled")
        self.assertEqual(subscription.change_ids[0].user_id, self.reviewer)
