"""An incident is one alert and one mail, however its value flaps; what there is to
tell is told together, to those whom it concerns; and it costs as much for many sources
as for one.

Covers models/alerts/alert, models/alerts/alert_follow, models/alerts/alert_tell.
"""

import random
from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, Command
from odoo.sql_db import Cursor
from odoo.tests import new_test_user, tagged

from ...canonical.review.alerts import DEFAULTS, AlertKind, Limits, Measured
from ..support.common import SEED
from .alert_common import AlertCommon

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
#: Odoo itself looks the type up for each activity that it creates.
_OF_EACH_ACTIVITY = 'SELECT "mail_activity_type"."id" FROM "mail_activity_type" WHERE'


@tagged("post_install", "-at_install")
class TestFlapping(AlertCommon):
    def test_a_day_of_flapping_is_one_incident(self):
        """Events are given up and freed every ten minutes: one alert, one mail and one
        activity in 24 hours, and it is over when it stops.
        """
        for _time in range(72):
            self.kill()
            self.watch_quickly()
            self.revive()
            self.watch_quickly(10 * _MINUTE)
            self.clock.tick(10 * _MINUTE - timedelta(seconds=1))
        self.assertEqual(len(self.alerts()), 1)
        self.assertEqual(self.alerts().times, 72)
        self.assertEqual(len(self.mails("operator")), 1)
        self.assertEqual(len(self.activities()), 1)
        self.watch_quickly(61 * _MINUTE)
        self.watch_quickly(61 * _MINUTE)
        self.assertEqual(self.alerts().state, "cleared")
        self.assertFalse(self.activities())
        self.assertEqual(len(self.mails("operator")), 1)

    def watch_quickly(self, after=timedelta()):
        """Look at what changes within minutes."""
        self.clock.tick(after)
        self.env["saas.alert.watch"].with_user(SUPERUSER_ID)._cron_watch_quick()

    def test_every_kind_flaps(self):
        """At random, by minutes or by hours, so that some are over in between: each
        kind is one alert and is told once in 24 hours.
        """
        rules = self.env["saas.alert.rule"].search(
            [("company_id", "=", self.company.id)]
        )
        rng = random.Random(SEED)
        bad = dict.fromkeys(rules, True)
        for _time in range(95):
            measured = {}
            for rule in rules:
                limits = Limits(AlertKind(rule.kind), *DEFAULTS[rule.kind][:2])
                if rng.random() < 0.3:
                    bad[rule] = not bad[rule]
                value = self._get_bad(limits) if bad[rule] else limits.clear
                measured[limits.kind] = {self.source.id: Measured(value, "a word")}
            self.env["saas.alert"]._follow(rules, measured)
            self.clock.tick(15 * _MINUTE)
        self.assertEqual(Counter(self.alerts().mapped("kind")), Counter(AlertKind))
        told = Counter()
        for alert in self.alerts():
            mails = self.mails(alert.rule_id.role)
            link = f'saas-alerts/{alert.id}"'
            told[alert.kind] = sum(link in mail.body_html for mail in mails)
        self.assertEqual(told, Counter(AlertKind), SEED)
        self.assertGreater(max(self.alerts().mapped("times")), 5)

    def _get_bad(self, limits):
        """Return a value that raises an alert, less than twice as bad as any other."""
        return limits.threshold - 1 if limits.is_below else limits.threshold + 1

    def test_comes_back_while_it_is_known(self):
        """It was over for hours and comes back the same day: it is seen again, and no
        mail tells of it a second time.
        """
        self.kill()
        self.watch()
        alert = self.alerts()
        self.revive()
        self.watch(_MINUTE)
        self.watch(2 * _HOUR)
        self.assertEqual(alert.state, "cleared")
        self.assertFalse(alert.activity_id)
        self.kill()
        self.watch(3 * _HOUR)
        self.assertEqual(self.alerts(), alert)
        self.assertEqual((alert.state, alert.cleared_at), ("open", False))
        self.assertEqual(self.activities(), alert.activity_id)
        self.assertEqual(len(self.mails("operator")), 1)
        self.revive()
        self.watch(_MINUTE)
        self.watch(2 * _HOUR)
        self.kill()
        self.watch(24 * _HOUR)
        self.assertEqual(len(self.alerts()), 2, "a day later it is another incident")
        self.assertEqual(len(self.mails("operator")), 2)

    def test_told_again(self):
        """When it is twice as bad as what was told, or after a day."""
        self.kill(2)
        self.watch()
        self.kill(1)
        self.watch(_HOUR)
        self.assertEqual(len(self.mails("operator")), 1)
        self.kill(1)
        self.watch(_HOUR)
        self.assertEqual(len(self.mails("operator")), 2)
        self.watch(23 * _HOUR)
        self.assertEqual(len(self.mails("operator")), 2)
        self.watch(_HOUR)
        self.assertEqual(len(self.mails("operator")), 3)
        self.assertEqual(len(self.activities()), 1)
        self.assertEqual(len(self.alerts()), 1)

    def test_between_the_limits(self):
        """There an alert is neither raised nor over."""
        self.rule(AlertKind.EVENTS_DEAD).write({"threshold": 5})
        self.kill(4)
        self.watch()
        self.assertFalse(self.alerts())
        self.kill(2)
        self.watch(_HOUR)
        self.env.cr.execute(
            """UPDATE saas_subscription_event SET state = 'done' WHERE id IN (
               SELECT id FROM saas_subscription_event WHERE source_id = %s LIMIT 4)""",
            (self.source.id,),
        )
        for _time in range(3):
            self.watch(2 * _HOUR)
        self.assertEqual(self.alerts().state, "open")
        self.assertEqual((self.alerts().value, self.alerts().worst), (2, 6))


@tagged("post_install", "-at_install")
class TestTelling(AlertCommon):
    def test_one_mail_for_all_there_is(self):
        """A digest of all that came up, for each person what concerns them."""
        second = self._add_sources(1)
        self.kill(1)
        self.kill(1, second)
        self.put_events(
            1, state="'received'", received_at="'2030-05-15 11:00:00'::timestamp"
        )
        secret = self.source.secret_ids
        secret.write({"valid_from": False, "valid_until": "2030-05-20 12:00:00"})
        self.watch()
        self.assertEqual(len(self.alerts()), 3)
        [quick] = self.mails("operator")
        for alert in (self.alerts() - self.alerts(AlertKind.KEY_ENDS)) | self.alerts(
            source=second
        ):
            self.assertIn(alert.summary, quick.body_html)
        self.assertTrue(quick.subject.endswith("And 2 more alerts."), quick.subject)
        # A manager is an operator, too: another mail of the slower watch, none a third.
        self.assertEqual(len(self.mails("manager")), 2)
        self.assertFalse(self.mails("reviewer"))
        self.assertEqual(quick.state, "outgoing")

    def _add_sources(self, count):
        return self.env["saas.source"].create(
            [
                {
                    "name": f"Source {number}",
                    "company_id": self.company.id,
                    "tz": "UTC",
                    "responsible_id": self.responsible.id,
                }
                for number in range(count)
            ]
        )

    def test_named_people_alone(self):
        self.rule(AlertKind.EVENTS_DEAD).user_ids = self.users["reviewer"]
        self.kill()
        self.watch()
        self.assertEqual(self.mails().recipient_ids, self.users["reviewer"].partner_id)

    def test_language_of_each_person(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.users["operator"].lang = "de_DE"
        self.rule(AlertKind.EVENTS_DEAD).user_ids = self.users["operator"]
        self.kill(1200)
        self.watch()
        self.assertIn("1.200", self.mails("operator").subject)
        self.assertIn("1,200", self.alerts().summary)

    def test_other_companies_are_not_told(self):
        other = self.env["res.company"].create({"name": "Other"})
        new_test_user(
            self.env,
            "alert_other",
            email="other@example.com",
            groups="saas_billing_sync.group_saas_operator",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.kill()
        self.watch()
        self.assertEqual(
            self.mails().recipient_ids.mapped("email_normalized"),
            ["operator@example.com"] + ["manager@example.com"],
        )
        rule = self.rule(AlertKind.EVENTS_DEAD)
        rule.user_ids = self.env["res.users"].search([("login", "=", "alert_other")])
        self.assertFalse(rule._find_people()[rule] & rule.user_ids)

    def test_a_copy_of_the_database_tells_nobody(self):
        self.kill()
        with patch.object(
            type(self.env["saas.environment"]), "_is_confirmed", lambda _self: False
        ):
            self.watch()
        self.assertFalse(self.alerts())
        self.assertFalse(self.mails())

    def test_done_activity_is_not_asked_anew_before_it_is_told(self):
        self.kill()
        self.watch()
        self.activities().action_feedback(feedback="I look into it.")
        self.watch(_HOUR)
        self.assertFalse(self.activities())
        self.watch(24 * _HOUR)
        self.assertEqual(len(self.activities()), 1)

    def test_costs_the_same_for_many_sources(self):
        """Looking, raising, keeping and clearing: as many queries for 30 sources with
        trouble of three kinds as for two.
        """
        few = self._count_a_life(self._add_sources(2))
        many = self._count_a_life(self._add_sources(30))
        for step in few:
            with self.subTest(step=step):
                more = many[step] - few[step]
                self.assertFalse(more, dict(more))
                self.assertLess(few[step].total(), 120)

    def _count_a_life(self, sources):
        for source in sources:
            self.kill(1, source)
            self.put_events(
                1,
                source,
                state="'received'",
                received_at="'2030-05-15 11:00:00'::timestamp",
            )
        self.env["saas.difference"].create(
            [
                {
                    "source_id": source.id,
                    "kind": "invoice",
                    "external_id": "in_1",
                    "result": "different",
                    "field": "total",
                }
                for source in sources
            ]
        )
        self.analyze()
        counts = {"raise": self._count(), "keep": self._count()}
        alerts = self.env["saas.alert"].search([("source_id", "in", sources.ids)])
        self.assertEqual(len(alerts), 3 * len(sources))
        self.env.cr.execute("UPDATE saas_subscription_event SET state = 'done'")
        self.env.cr.execute("UPDATE saas_difference SET state = 'resolved'")
        counts["calm"] = self._count()
        counts["clear"] = self._count(61 * _MINUTE)
        self.env.invalidate_all()
        self.assertEqual(set(alerts.mapped("state")), {"cleared"})
        alerts.told_at = False
        return counts

    def _count(self, after=_MINUTE):
        queries = Counter()
        original = Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            text = str(getattr(query, "code", query))
            if not text.startswith(_OF_EACH_ACTIVITY):
                queries[text[:60]] += 1
            return original(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", execute):
            self.watch(after)
        return queries
