"""What time alone brings: trials end, changes begin, terms follow each other; and what
renews or ends soon is shown with what is missing.
"""

from collections import Counter

from freezegun import freeze_time

from odoo.sql_db import Cursor
from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError

from .selling import SellingCommon, at


@tagged("post_install", "-at_install")
class TestSubscriptionTime(SellingCommon):
    def test_trial_ends(self):
        self.tell(self.activate(at(2026, 11, 20), trial_end=at(2026, 12, 20)))
        subscription = self.find()
        self.assertEqual(subscription.state, "trialing")
        self.pass_time("2026-12-19 23:59:59")
        self.assertEqual(subscription.state, "trialing")
        self.pass_time("2026-12-20 00:00:00")
        self.assertEqual(subscription.state, "active")
        self.assertEqual(str(subscription.period_end), "2027-01-20 00:00:00")
        row = self.env["saas.sync.log"].search([], limit=1)
        self.assertEqual(
            (row.action, row.detail, row.actor),
            ("subscription_moved_on", "trialing → active", "pipeline"),
        )
        self.assertWhole()

    def test_scheduled_change_begins(self):
        self.tell(
            self.activate(),
            self.event(
                "changed", at(2027, 1, 1), told=at(2026, 11, 1), **self.held("9")
            ),
            self.event("canceled", at(2027, 3, 1), told=at(2026, 11, 2)),
        )
        subscription = self.find()
        for moment, state, seats in (
            ("2026-12-31 12:00:00", "active", "5"),
            ("2027-01-01 00:00:00", "active", "9"),
            ("2027-03-01 00:00:00", "canceled", "9"),
        ):
            self.pass_time(moment)
            self.assertEqual(subscription.state, state, moment)
            [line] = subscription.line_ids.filtered_domain(
                [("external_id", "=", "seats")]
            )
            self.assertEqual(line.stated_quantity, seats)
        self.assertFalse(subscription.period_end)
        self.assertFalse(subscription.moves_on_at)

    def test_periods_and_terms_go_on(self):
        self.tell(self.activate(term={"months": 12, "auto_renew": True}))
        subscription = self.find()
        self.assertEqual(subscription.renewal, "renews")
        for moment, period, term in (
            ("2026-12-15 00:00:00", "2027-01-15", "2027-01-15"),
            ("2027-01-15 00:00:00", "2027-02-15", "2028-01-15"),
            ("2029-06-01 00:00:00", "2029-06-15", "2030-01-15"),
        ):
            self.pass_time(moment)
            self.assertEqual(str(subscription.period_end.date()), period)
            self.assertEqual(str(subscription.term_end.date()), term)
            self.assertEqual(str(subscription.renewal_date), term)

    def test_a_copied_database_holds_still(self):
        self.tell(self.activate(at(2026, 11, 20), trial_end=at(2026, 12, 20)))
        self.patch(
            type(self.env["saas.environment"]), "_is_confirmed", lambda _self: False
        )
        with freeze_time("2027-01-01 00:00:00"):
            self.env["saas.subscription"]._cron_move_on()
        jobs = [("method_name", "=", "_job_move_on")]
        self.assertFalse(self.env["queue.job"].search(jobs))
        with self.assertRaises(RetryableJobError):
            self.pass_time("2027-01-01 00:00:00")
        self.assertEqual(self.find().state, "trialing")

    def test_queries_of_the_cron(self):
        """Time is brought to many in as many queries as to few."""
        counts = []
        for first, last in ((2, 6), (6, 46)):
            told = []
            for number in range(first, last):
                self.meet(f"C-{number}", f"Light {number}")
                told.append(
                    self.activate(
                        at(2026, 11, 20),
                        f"S-{number}",
                        customer=f"C-{number}",
                        trial_end=at(2026, 12, 20 + first // 6),
                    )
                )
            self.tell(*told, batch=True)
            counts.append(
                self._count(lambda day=first // 6: self.pass_time(f"2026-12-2{day}"))
            )
            moved = self.env["saas.subscription"].search([("state", "=", "active")])
            self.assertEqual(len(moved), last - 2)
        self.assertLessEqual(counts[1].total(), counts[0].total() + 4, counts)

    def test_queries_of_a_batch(self):
        """One more subscription in a batch takes no query of its own."""
        for number in range(2, 72):
            self.meet(f"C-{number}", f"Light {number}")
        counts = []
        for first, last in ((2, 12), (12, 72)):
            each = []
            for what in ("activated", "changed", "paused"):
                told = []
                for number in range(first, last):
                    data = {} if what == "paused" else self.held(str(number))
                    told.append(
                        self.event(
                            what,
                            at(2026, 3, 1 if what == "activated" else 2),
                            f"S-{number}",
                            customer=f"C-{number}",
                            **data,
                        )
                    )
                each.append(self._count(lambda told=told: self.tell(*told, batch=True)))
            counts.append(each)
        for few, many in zip(*counts, strict=True):
            more = (many.total() - few.total()) / 50
            self.assertLessEqual(more, 0.1, (many - few).most_common(6))

    def _count(self, act):
        self.env.flush_all()
        self.env.invalidate_all()
        queries = Counter()
        original = Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            queries[str(getattr(query, "code", query))[:140]] += 1
            return original(cursor, query, *args, **kwargs)

        self.patch(Cursor, "execute", execute)
        act()
        self.env.flush_all()
        Cursor.execute = original
        return queries


@tagged("post_install", "-at_install")
class TestRenewals(SellingCommon):
    def _start(self, ref="S-1", **data):
        self.tell(self.activate(ref=ref, **data))
        return self.find(ref)

    def test_what_the_next_term_costs(self):
        """What is held now, at the prices that are valid then, for the whole term."""
        term = {"months": 12, "auto_renew": True}
        subscription = self._start(term=term)
        self.assertEqual(subscription.next_amount, 12 * (10 + 5 * 5))
        yearly = self._start("S-2", term=term, **self.held("3", "firm"))
        self.assertEqual(yearly.next_amount, 10 + 3 * 5)
        open_ended = self._start("S-3", **self.held("2"))
        self.assertEqual(open_ended.next_amount, 10 + 2 * 5)

    def test_own_price_of_then(self):
        term = {"months": 12, "auto_renew": True}
        subscription = self._start(term=term)
        seats = self.team.component_ids.filtered(lambda part: part.code == "seats")
        subscription.sudo().recompute_from = False
        price = self.env["saas.price"].create(
            {
                "component_id": seats.id,
                "currency_id": self.usd.id,
                "tenant_id": subscription.tenant_id.id,
                "valid_from": "2027-01-01 00:00:00",
                "unit_price": "4",
            }
        )
        self.env.invalidate_all()
        self.assertEqual(subscription.next_amount, 12 * (10 + 5 * 4))
        # Billing looks again since then; and since before, if it is to begin earlier.
        self.assertEqual(str(subscription.recompute_from), "2027-01-01 00:00:00")
        price.valid_from = "2026-12-15 00:00:00"
        self.assertEqual(str(subscription.recompute_from), "2026-12-15 00:00:00")
        subscription.sudo().recompute_from = False
        price.unlink()
        self.assertEqual(str(subscription.recompute_from), "2026-12-15 00:00:00")

    def test_what_is_missing(self):
        subscription = self._start(term={"months": 12, "auto_renew": True})
        tenant = subscription.tenant_id
        self.assertEqual(subscription.renewal_missing, "no way to pay, no owner")
        tenant.needs_purchase_order = True
        subscription.user_id = self.responsible
        tenant.payment_term_id = self.env["account.payment.term"].create({"name": "30"})
        subscription.invalidate_recordset()
        self.assertEqual(subscription.renewal_missing, "no purchase order")
        tenant.purchase_order = "PO-1"
        subscription.invalidate_recordset()
        self.assertFalse(subscription.renewal_missing)

    def test_who_has_a_mandate_can_pay(self):
        subscription = self._start(term={"months": 12, "auto_renew": True})
        self.env["saas.mandate"].create(
            {
                "source_id": self.source.id,
                "external_id": "M-1",
                "tenant_id": subscription.tenant_id.id,
                "state": "active",
            }
        )
        subscription.invalidate_recordset()
        self.assertEqual(subscription.renewal_missing, "no owner")

    def test_what_ends_needs_nothing(self):
        subscription = self._start(term={"months": 12})
        self.assertEqual(subscription.renewal, "ends")
        self.assertFalse(subscription.renewal_missing)

    def test_list_of_days(self):
        """What renews or ends within 30, 60 and 90 days, and the first day of
        notice.
        """
        ends = (at(2026, 12, 18), at(2027, 1, 17), at(2027, 2, 16), at(2027, 6, 16))
        for number, end in enumerate(ends, 1):
            term = {"ends_at": end, "auto_renew": number % 2 == 0, "notice_days": 10}
            self._start(f"S-{number}", term=term)
        self._start("S-9")
        action = self.env.ref("saas_billing_sync.saas_renewal_action")
        domain = [("is_managed", "=", True), ("renewal_date", "!=", False)]
        self.assertEqual(action.domain.replace("'", '"'), str(domain).replace("'", '"'))
        for days, count in ((30, 1), (60, 2), (90, 3), (365, 4)):
            soon = [("renewal_date", "<=", f"today +{days}d")]
            found = self.env["saas.subscription"].search(domain + soon)
            self.assertEqual(len(found), count, days)
        self.assertEqual(str(self.find("S-1").notice_date), "2026-12-08")
