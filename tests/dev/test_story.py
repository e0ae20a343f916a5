"""The demonstration's month, and the people who work with it."""

from decimal import Decimal

from odoo.tests import BaseCase, TransactionCase, tagged

from ..support.live import dev


@tagged("post_install", "-at_install")
class TestStory(BaseCase):
    """The month is told twice: as it is at first, and after people have acted."""

    def setUp(self):
        super().setUp()
        month = dev("demo.story.month")
        self.first = month.tell(has_api=True)
        self.after = month.tell(has_api=True, is_resolved=True)

    def test_what_people_do_changes_nothing_that_is_sent(self):
        for first, after in zip(self.first, self.after, strict=True):
            self.assertEqual(
                [(event.id, event.body) for event in first.events],
                [(event.id, event.body) for event in after.events],
            )
            self.assertEqual(first.list_objects(), after.list_objects())

    def test_nothing_waits_in_the_end(self):
        for account in self.after:
            told = [*account.events, *account.balance.movements]
            waiting = {thing.fate for thing in told}
            self.assertLessEqual({fate.state for fate in waiting}, {"done", "ignored"})

    def test_something_waits_at_first(self):
        reasons = {e.fate.reason for account in self.first for e in account.events}
        decisions = dev("demo.people.decisions").DECISIONS
        self.assertLessEqual(set(decisions), reasons)

    def test_the_clearing_account_is_what_stripe_holds(self):
        check = dev("demo.books.check_clearing")
        done = dev("make_believe.stripe.fate").DONE
        for account in (*self.first, *self.after):
            held = check.sum_unpaid(account, lambda movement: movement.fate is done)
            for currency, totals in account.ledger.totals.items():
                self.assertEqual(totals["clearing"], held.get(currency, Decimal(0)))

    def test_stripe_pays_out_and_takes_nothing(self):
        for account in self.first:
            for payout in account.balance.payouts:
                self.assertGreater(payout.amount, 0, payout.id)


@tagged("post_install", "-at_install")
class TestPeople(TransactionCase):
    def test_each_has_one_role_and_no_bot(self):
        users = dev("demo.people.users")
        people = users.prepare(self.env, [self.env.company])
        roles = {
            login: {
                role
                for role in ("operator", "manager", "reviewer")
                if user.has_group(f"saas_billing_sync.group_saas_{role}")
            }
            for login, user in people.items()
        }
        self.assertEqual(roles["finance"], {"reviewer"})
        self.assertEqual(roles["billing"], {"operator", "manager"})
        for user in people.values():
            self.assertEqual(user.notification_type, "inbox")
            if "odoobot_state" in user._fields:
                self.assertEqual(user.odoobot_state, "disabled")
