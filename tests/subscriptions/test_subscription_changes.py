"""What happens to subscriptions is told, kept, and has the effect that it should.

Covers handlers/subscriptions/subscription_change, handlers/subscriptions/finder and
handlers/subscriptions/subscription.
"""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...canonical.reasons import Reason, State
from ..standard.common import write_event, write_example
from .selling import SellingCommon, at


@tagged("post_install", "-at_install")
class TestSubscriptionChanges(SellingCommon):
    def test_activated(self):
        """All that is told of it is shown, and the billing run is to look at it."""
        [event] = self.tell(
            self.activate(
                purchase_order="PO-7",
                timezone="Europe/Berlin",
                term={"months": 12, "auto_renew": True, "notice_days": 30},
            )
        )
        self.assertState(event, "done")
        subscription = self.find()
        self.assertTrue(subscription.is_managed)
        self.assertEqual(subscription.state, "active")
        self.assertEqual(subscription.plan_version_id, self.team)
        self.assertEqual(subscription.plan_id.code, "team")
        self.assertEqual(subscription.currency_id, self.usd)
        self.assertEqual(subscription.purchase_order, "PO-7")
        self.assertEqual(subscription.tz, "Europe/Berlin")
        self.assertEqual(str(subscription.term_end), "2027-01-15 00:00:00")
        self.assertEqual(str(subscription.notice_date), "2026-12-16")
        self.assertEqual(self._read_lines(subscription), {"base": "1", "seats": "5"})
        self.assertTrue(subscription.next_billing_at)
        self.assertEqual(str(subscription.recompute_from), "2026-01-15 00:00:00")
        self.assertFalse(self.env["account.move"].search([("state", "=", "posted")]))

    def _read_lines(self, subscription):
        return {
            line.external_id: line.stated_quantity for line in subscription.line_ids
        }

    def test_upgrade_downgrade_and_quantities(self):
        """What is told holds from then on; what is left out stays."""
        self.tell(
            self.activate(purchase_order="PO-7", timezone="Asia/Tokyo"),
            self.event("changed", at(2026, 2, 1), **self.held("8")),
            self.event("changed", at(2026, 3, 1), **self.held("2.5", "firm")),
        )
        subscription = self.find()
        self.assertEqual(subscription.plan_version_id, self.firm)
        self.assertEqual(self._read_lines(subscription), {"base": "1", "seats": "2.5"})
        self.assertEqual(subscription.purchase_order, "PO-7")
        self.assertEqual(
            {row[4] for row in self.timeline(subscription)}, {"Asia/Tokyo"}
        )

    def test_told_twice_and_late(self):
        """The same again is nothing new."""
        start = self.activate()
        up = self.event("changed", at(2026, 2, 1), **self.held("8"))
        self.tell(start, up)
        before = self.timeline(self.find())
        self.find().sudo().write({"next_billing_at": False, "recompute_from": False})
        again = self.env["saas.subscription.event"].search([], limit=1).action_replay()
        self.drain()
        self.assertTrue(again)
        subscription = self.find()
        self.assertEqual(self.timeline(subscription), before)
        self.assertEqual(len(subscription.change_ids), 2)
        self.assertFalse(subscription.next_billing_at or subscription.recompute_from)

    def test_back_dated(self):
        """What is known late counts since then, and billing looks again from there."""
        self.tell(
            self.activate(), self.event("changed", at(2026, 4, 1), **self.held("8"))
        )
        self.find().sudo().recompute_from = False
        late = self.event(
            "changed", at(2026, 2, 1), told=at(2026, 6, 1), **self.held("6")
        )
        self.tell(late)
        subscription = self.find()
        seats = [row[3]["seats"] for row in self.timeline(subscription)]
        self.assertEqual(seats, [5, 6, 8])
        self.assertEqual(str(subscription.recompute_from), "2026-02-01 00:00:00")

    def test_scheduled_and_withdrawn(self):
        """What was to come never does, and nothing of it is left but the record."""
        up = self.event(
            "changed", at(2027, 6, 1), told=at(2026, 2, 1), **self.held("8")
        )
        self.tell(self.activate(), up)
        subscription = self.find()
        self.assertEqual(len(self.timeline(subscription)), 2)
        row = subscription.change_ids.filtered("is_future")
        self.assertEqual(row.kind, "changed")
        self.tell(self.withdraw(up, at(2026, 3, 1)))
        self.assertEqual(len(self.timeline(subscription)), 1)
        self.assertEqual((row.outcome, row.is_future), ("withdrawn", False))

    def test_withdrawn_before_it_came(self):
        up = self.event("changed", at(2026, 2, 1), **self.held("8"))
        self.tell(self.activate(), self.withdraw(up, at(2026, 3, 1)), up)
        self.assertEqual(len(self.timeline(self.find())), 1)

    def test_only_its_sender_withdraws(self):
        """An id is the sender's own: another's event of that id is another one."""
        up = self.event("changed", at(2026, 2, 1), **self.held("8"))
        gone = self.withdraw(up, at(2026, 3, 1))
        self.tell(self.activate(), up, {**gone, "source": "https://else.example"})
        self.assertEqual(len(self.timeline(self.find())), 2)

    def test_withdrawing_makes_room(self):
        """What was not allowed because of a cancellation is, once that is withdrawn."""
        cancel = self.event("canceled", at(2026, 3, 1))
        up = self.event("changed", at(2026, 4, 1), **self.held("8"))
        self.tell(self.activate(), cancel)
        event = self.tell(up)
        self.assertState(event, "quarantined", "not_allowed")
        self.assertIn("nothing revives it", event.detail)
        [case] = event.case_link_ids.filtered("is_open").case_id
        self.assertEqual(case.cause_key, "subscription:S-1")
        self.tell(self.withdraw(cancel, at(2026, 5, 1)))
        self.assertState(event, "done")
        self.assertEqual(case.state, "resolved")
        self.assertEqual(self.find().state, "active")
        self.assertEqual(self.timeline(self.find())[-1][3]["seats"], 8)

    def test_what_can_not_be_so_any_more(self):
        """A late cancellation leaves no room for what came before it: the event that
        was done is for a person, as if it had come in order.
        """
        up = self.event("changed", at(2026, 4, 1), **self.held("8"))
        [_start, event] = self.tell(self.activate(), up)
        self.assertState(event, "done")
        self.tell(self.event("canceled", at(2026, 3, 1)))
        self.assertState(event, "quarantined", "not_allowed")

    def test_overtaken(self):
        """An upgrade was scheduled, and then the subscription was canceled: nobody is
        asked about the upgrade.
        """
        up = self.event(
            "changed", at(2026, 6, 1), told=at(2026, 2, 1), **self.held("8")
        )
        cancel = self.event("canceled", at(2026, 4, 1), told=at(2026, 3, 1))
        for order in ((up, cancel), (cancel, up)):
            with self.env.cr.savepoint() as savepoint:
                events = self.tell(self.activate(), *order)
                self.assertState(events, "done")
                outcomes = self.outcomes(self.find())
                self.assertEqual(outcomes[up["id"]], ("moot", "already_canceled"))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_ignored_has_no_effect(self):
        """What a person has ignored never counts, whatever makes room for it; unless
        somebody tries it again.
        """
        cancel = self.event("canceled", at(2026, 3, 1))
        self.tell(self.activate(), cancel)
        event = self.tell(self.event("changed", at(2026, 4, 1), **self.held("8")))
        event._set_state(State.IGNORED, Reason.IGNORED_BY_PERSON)
        self.tell(self.withdraw(cancel, at(2026, 5, 1)))
        self.assertState(event, "ignored", "ignored_by_person")
        self.assertEqual(len(self.timeline(self.find())), 1)
        event.action_retry()
        self.drain()
        self.assertState(event, "done")
        self.assertEqual(len(self.timeline(self.find())), 2)

    def test_ends_with_its_period(self):
        """It ends with the period that it was told in, of whatever plan that is."""
        cancel = self.event("canceled", at(2026, 11, 20), at_period_end=True)
        for plan, ends in (("team", "2026-12-15"), ("firm", "2027-01-15")):
            with self.env.cr.savepoint() as savepoint:
                self.tell(self.activate(**self.held("5", plan)), cancel)
                subscription = self.find()
                self.assertEqual(subscription.state, "active")
                self.assertEqual(str(subscription.date_end.date()), ends)
                self.assertTrue(subscription.cancel_at_period_end)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_paused_and_resumed(self):
        self.tell(
            self.activate(),
            self.event("paused", at(2026, 3, 1)),
            self.event("changed", at(2026, 3, 5), **self.held("8")),
            self.event("resumed", at(2026, 4, 1)),
        )
        self.assertEqual(
            self.states(self.find()),
            "2026-01-15 active, 2026-03-01 paused, 2026-03-05 paused, "
            "2026-04-01 active",
        )

    def test_term_renewed(self):
        """Without a renewal it ends with its term; with one, with the next."""
        self.tell(self.activate(term={"months": 12}))
        subscription = self.find()
        self.assertEqual(str(subscription.date_end.date()), "2027-01-15")
        self.assertEqual(subscription.renewal, "ends")
        renewed = self.event(
            "renewed",
            at(2027, 1, 15),
            told=at(2026, 11, 1),
            term={"months": 24},
            terms=self.held("20"),
        )
        self.tell(renewed)
        self.assertEqual(str(subscription.date_end.date()), "2029-01-15")
        self.assertEqual(self.timeline(subscription)[1][3]["seats"], 20)

    def test_snapshots_of_what_is_managed(self):
        """A platform's snapshot says nothing of what is managed here."""
        self.tell(self.activate())
        before = self.timeline(self.find())
        snapshot = write_example("subscription.updated", state="canceled")
        event = self.tell(snapshot)
        self.assertState(event, "ignored", "not_owner")
        self.assertEqual(
            (self.timeline(self.find()), self.find().state), (before, "active")
        )

    def test_mirror_becomes_managed(self):
        """A platform that told snapshots tells changes from a day on."""
        self.tell(write_example("subscription.created"))
        mirror = self.find()
        self.assertFalse(mirror.is_managed)
        early = self.tell(self.event("paused", at(2026, 12, 1)))
        self.assertState(early, "quarantined", "not_allowed")
        self.assertEqual((mirror.state, mirror.is_managed), ("active", False))
        self.tell(self.activate(at(2026, 11, 1)))
        self.assertState(early, "done")
        self.assertEqual(self.find(), mirror)
        self.assertTrue(mirror.is_managed)
        self.assertEqual(self._read_lines(mirror), {"base": "1", "seats": "5"})

    def test_what_is_kept_stays(self):
        """Nobody changes or deletes a change, also not as superuser."""
        self.tell(self.activate())
        row = self.find().change_ids.sudo()
        with self.assertRaises(AccessError):
            row.effective_at = "2026-02-01"
        with self.assertRaises(AccessError):
            row.with_user(self.responsible).write({"outcome": "refused"})
        with self.assertRaises(UserError):
            row.unlink()

    def test_log_says_what_was_done(self):
        events = self.tell(self.activate(), self.event("paused", at(2026, 3, 1)))
        rows = self.env["saas.sync.log"].search(
            [
                ("event_id", "in", events.ids),
                ("res_model", "=", "saas.subscription"),
            ],
            order="id",
        )
        told = [(row.action, row.detail) for row in rows]
        self.assertIn(("subscription_created", "S-1"), told)
        self.assertIn(("subscription_change_kept", "paused"), told)
        self.assertWhole()

    def test_usage_that_waited(self):
        """What a change makes clear is counted, though nothing else arrives for it."""
        self.tell(self.activate(), self.activate(ref="S-2"))
        used = {"customer": "C-1", "meter": "calls", "quantity": "1"}
        records = self.env["saas.usage.record"]

        def use(moment, **named):
            usage = {**used, **named, "occurred_at": moment}
            self.tell(write_event("usage.recorded", usage))
            return records.search([], order="id desc", limit=1)

        nameless = use(at(2026, 3, 1))
        self.assertEqual(nameless.why, "several_subscriptions")
        cancel = self.event("canceled", at(2026, 2, 1), "S-2")
        self.tell(cancel)
        self.env.invalidate_all()
        self.assertEqual(nameless.subscription_id, self.find("S-1"))
        late = use(at(2026, 3, 2), subscription="S-2")
        self.assertEqual((nameless.state, late.why), ("counted", "too_late"))
        self.tell(self.withdraw(cancel, at(2026, 3, 3), "S-2"))
        self.env.invalidate_all()
        self.assertEqual(late.state, "counted")
