"""Each night it is proved that all usage is counted; where it is not, somebody is told,
and what is wrong can be counted anew.

Covers handlers/usage/usage.
"""

from odoo.tests import tagged

from ...canonical.review.alerts import AlertKind
from .usage_common import DAY, NOON, UsageCommon


@tagged("post_install", "-at_install")
class TestUsageCheck(UsageCommon):
    def setUp(self):
        super().setUp()
        self.meters = self.set_up("sum", "unique")
        for meter in self.meters:
            self.use(
                *(
                    self.record(
                        f"{meter.code} {n}",
                        at=NOON + n * DAY,
                        meter=meter.code,
                        dimensions={"user": f"{n}"},
                    )
                    for n in range(3)
                )
            )
        self.use(self.record("W", meter="none"))
        self.use(self.record("sum 0", "7", meter="sum"))
        self.use(self.correction("C", "sum 1", meter="sum"))
        self.check_whole()

    def _break(self, statement):
        """Damage what is stored, by SQL alone, and check; return what differs."""
        self.env.cr.execute(statement)
        self.env.invalidate_all()
        self.env["saas.usage.check"]._check()
        return self.buckets.filtered("differs")

    def test_all_that_was_accepted_is_in_one_state(self):
        counts = self.env["saas.usage.record"]._read_group([], ["state"], ["__count"])
        self.assertEqual(
            dict(counts), {"counted": 6, "parked": 1, "conflict": 1, "superseded": 1}
        )
        logged = self.env["saas.sync.log"].search([("action", "=", "usage_stored")])
        self.assertEqual(sum(map(int, logged.mapped("detail"))), 9)
        self.assertTrue(self.platform.usage_checked_at)

    def test_each_damage_of_a_day_is_found_and_mended(self):
        for column, value in (
            ("sum", "99"),
            ("count", "99"),
            ("max", "99"),
            ("last", "99"),
            ("first_at", "'2026-01-01'"),
            ("last_at", "NULL"),
        ):
            with self.subTest(column=column):
                bucket = self.buckets[:1]
                found = self._break(
                    f"UPDATE saas_usage_bucket SET {column} = {value}"
                    f" WHERE id = {bucket.id}"
                )
                self.assertEqual(found, bucket)
                found.action_count_anew()
                self.check_whole()
                self.assertEqual(found.exact_sum, "2")

    def test_a_lost_day_and_a_lost_value_are_found_and_mended(self):
        for statement in (
            "DELETE FROM saas_usage_bucket WHERE day = '2026-06-17'",
            "DELETE FROM saas_usage_distinct WHERE day = '2026-06-17'",
            "UPDATE saas_usage_distinct SET value_hash = gen_random_uuid()"
            " WHERE day = '2026-06-17'",
        ):
            with self.subTest(statement):
                found = self._break(statement)
                self.assertTrue(found)
                found.action_count_anew()
                self.check_whole()
                for meter in self.meters:
                    used = self.used(meter, NOON - DAY, NOON + 5 * DAY)
                    self.assertEqual(used, 3, meter.code)

    def test_lost_records_are_found_and_replayed(self):
        self._break("DELETE FROM saas_usage_record WHERE external_id = 'unique 1'")
        self.assertEqual(self.platform.usage_missing, 1)
        self.buckets.filtered("differs").action_count_anew()
        self.assertEqual(self.used(self.meters[1], NOON - DAY, NOON + 5 * DAY), 2)
        events = self.env["saas.subscription.event"].search([("state", "=", "done")])
        for event in events:
            self.again(event)
        self.assertEqual(self.used(self.meters[1], NOON - DAY, NOON + 5 * DAY), 3)
        # The log tells what was stored, and this was stored twice.
        self.env["saas.usage.check"]._check()
        self.assertEqual(self.platform.usage_missing, 1)
        self.platform.action_note_usage_loss()
        self.check_whole()

    def test_an_alert_tells_of_it(self):
        watch = self.env["saas.alert.watch"]
        alerts = self.env["saas.alert"]
        kinds = (AlertKind.USAGE_DIFFERS, AlertKind.USAGE_WAITS)
        self.env["saas.alert.rule"]._ensure_all()
        found = [("kind", "in", kinds), ("state", "=", "open")]
        watch._watch(kinds)
        self.assertFalse(alerts.search(found))
        self._break("UPDATE saas_usage_bucket SET sum = 99 WHERE day = '2026-06-17'")
        self.env.cr.execute(
            "UPDATE saas_subscription_event SET received_at = received_at"
            " - interval '30 hours'"
        )
        watch._watch(kinds)
        raised = alerts.search(found, order="kind")
        self.assertEqual(raised.mapped("kind"), ["usage_differs", "usage_waits"])
        self.assertEqual(raised.mapped("value"), [2, 30])
        opened = raised[0].action_open_matter()
        buckets = self.env["saas.usage.bucket"].search(opened["domain"])
        self.assertEqual(len(buckets), 2)
        opened = raised[1].action_open_matter()
        records = self.env["saas.usage.record"].search(opened["domain"])
        self.assertEqual(set(records.mapped("external_id")), {"W", "sum 0"})
        buckets.action_count_anew()
        self.meter("none")
        records.filtered(lambda r: r.state == "conflict")._decide("keep_first")
        watch._watch(kinds)
        self.assertTrue(all(raised.mapped("calm_since")))
