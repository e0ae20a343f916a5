"""What each company has a rule for, who may change it, and how an alert is shown.

Covers models/alerts/alert_rule, models/alerts/alert_open, metrics/alerts/figure.
"""

from collections import Counter
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...canonical.review.alerts import AlertKind
from .alert_common import AlertCommon

_HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestAlertRules(AlertCommon):
    def test_every_company_has_rules(self):
        """One that is there, and one that is new; a second time nothing is added."""
        other = self.env["res.company"].create({"name": "Other"})
        rules = self.env["saas.alert.rule"]
        for company in (self.company, other):
            own = rules.search([("company_id", "=", company.id)])
            self.assertEqual(Counter(own.mapped("kind")), Counter(AlertKind))
        count = rules.with_context(active_test=False).search_count([])
        self.rule(AlertKind.LANE_LATE).active = False
        rules._ensure_all()
        self.assertEqual(rules.with_context(active_test=False).search_count([]), count)

    def test_who_may_change_a_rule(self):
        rule = self.rule(AlertKind.LANE_LATE)
        rule.with_user(self.users["manager"]).sudo(False).threshold = 30
        for role in ("operator", "reviewer"):
            with self.assertRaises(AccessError):
                rule.with_user(self.users[role]).sudo(False).threshold = 40
        log = self.env["saas.sync.log"].search(
            [("res_model", "=", rule._name), ("res_id", "=", rule.id)]
        )
        self.assertEqual(
            log.mapped("action"), ["changed_by_person"], "a limit decides who is told"
        )
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.rule(AlertKind.LANE_LATE, other)
        with self.assertRaises(AccessError):
            foreign.with_user(self.users["manager"]).sudo(False).read(["threshold"])

    def test_limits_that_contradict(self):
        rule = self.rule(AlertKind.LANE_LATE)
        for vals in ({"clear_threshold": 16}, {"threshold": 4}):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                rule.write(vals)
        rule = self.rule(AlertKind.SIGNATURES_FAILING)
        for minutes in (0, 1441):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                rule.window_minutes = minutes

    def test_a_rule_that_is_switched_off(self):
        """Its alerts are over: nobody looks any more."""
        self.kill()
        self.watch()
        self.rule(AlertKind.EVENTS_DEAD).active = False
        self.assertEqual(self.alerts().state, "cleared")
        self.assertFalse(self.activities())
        self.watch(_HOUR)
        self.assertEqual(self.alerts().state, "cleared")

    def test_alerts_are_not_deleted(self):
        self.kill()
        self.watch()
        with self.assertRaises(UserError):
            self.alerts().unlink()

    def test_leads_to_what_it_is_about(self):
        """The list that an alert opens holds what it counts."""
        self.kill(3)
        self.watch()
        alert = self.alerts().with_user(self.users["operator"]).sudo(False)
        action = alert.action_open_matter()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(found), alert.value)
        links = {"source_id": self.source.id, "state": "cleared"}
        for kind in AlertKind:
            with self.subTest(kind=kind):
                links["rule_id"] = self.rule(kind).id
                other = self.env["saas.alert"].create(links)
                action = other.with_user(self.users["operator"]).action_open_matter()
                self.assertIn("res_model", action)

    def test_figure(self):
        self.kill()
        self.watch()
        self.assertEqual(
            self.read_figures()["saas_alerts_open", AlertKind.EVENTS_DEAD], 1
        )
        board = self.env["saas.metrics.board"].with_user(self.users["operator"])
        for page in (board.get_home(), board.get_operations()):
            [tile] = [
                tile
                for section in page["sections"]
                for tile in section["tiles"]
                if tile["name"] == "alerts"
            ]
            self.assertEqual((tile["value"], tile["tone"]), ("1", "danger"))
