"""Each kind of alert is raised once by what it is about, told once, and over by itself.

Covers metrics/alerts/events, metrics/alerts/sources, metrics/alerts/money,
metrics/alerts/watch, models/alerts/seen.
"""

from datetime import timedelta

from odoo.tests import tagged

from ...canonical.review.alerts import DEFAULTS, AlertKind
from ..cases.case_common import CaseCommon
from ..metrics.reading import ago
from .alert_common import NOON, AlertCommon

_MINUTE, _HOUR, _DAY = (timedelta(**{u: 1}) for u in ("minutes", "hours", "days"))


@tagged("post_install", "-at_install")
class TestAlertKinds(AlertCommon):
    def check(self, kind, mend, says, calm=None):
        """Check that what was brought about raises one alert, is told once, and is over
        when it is mended.

        :param mend: what mends it.
        :param says: the beginning of what the alert says.
        :param calm: how long after it is mended all counts as well.
        """
        self.watch()
        alert = self.alerts()
        self.assertEqual(alert.mapped("kind"), [kind])
        self.assertTrue(alert.summary.startswith(says), alert.summary)
        mails, role = self.mails(), DEFAULTS[kind].role
        # A manager is an operator, too.
        told = {role, "manager"} if role == "operator" else {role}
        people = [self.users[each].partner_id for each in told]
        self.assertEqual({mail.recipient_ids for mail in mails}, set(people))
        self.assertEqual(mails.mapped("subject"), [alert.summary] * len(told))
        for after in (5, 30):
            self.watch(after * _MINUTE)
        self.assertEqual((alert.state, alert.times), ("open", 1))
        self.assertEqual(self.mails(), mails)
        own = self.activities()
        self.assertEqual(len(own), kind != AlertKind.STREAM_STANDS)
        mend()
        self.watch(calm or _MINUTE)
        self.assertEqual(alert.state, "open", "all has to be well for an hour")
        self.assertTrue(alert.calm_since)
        self.watch(61 * _MINUTE)
        self.assertEqual(self.alerts().mapped("state"), ["cleared"])
        self.assertFalse(self.activities())
        self.assertEqual(self.mails(), mails)

    def test_fast_lane_late(self):
        self.put_events(3, state="'received'", received_at=ago(minutes=120))
        self.check(AlertKind.LANE_LATE, self._process, f"{self.source.name}: an event")

    def test_batch_lane_late(self):
        late = {"lane": "'batch'", "received_at": ago(minutes=241)}
        self.put_events(1, state="'received'", **late)
        self.check(AlertKind.BATCH_LATE, self._process, f"{self.source.name}: an event")

    def _process(self):
        self.env.cr.execute("UPDATE saas_subscription_event SET state = 'done'")
        self.env.invalidate_all()

    def test_what_is_not_due_is_not_late(self):
        """A try that comes later, an event that was freed just now, a paused source."""
        old = {"state": "'received'", "received_at": ago(days=3)}
        self.put_events(1, retry_at=f"'{NOON + _DAY}'::timestamp", **old)
        self.put_events(1, retry_at=ago(minutes=2), **old)
        self.put_events(1, write_date=ago(minutes=2), **old)
        self.watch()
        self.assertFalse(self.alerts())
        self.source.state = "paused"
        self.put_events(1, **old)
        self.watch()
        self.assertFalse(self.alerts())

    def test_source_silent(self):
        """It was heard every twelve hours, and not for thirty."""
        moment = f"{ago(hours=18)} - n * interval '12 hours'"
        self.put_events(50, received_at=moment)
        self.check(
            AlertKind.SOURCE_SILENT,
            lambda: self.put_events(1),
            f"{self.source.name} was not heard for 3 times",
        )

    def test_silence_outlasts_the_rhythm(self):
        """After weeks of silence there is no rhythm any more; it is silent still."""
        moment = f"{ago(hours=18)} - n * interval '12 hours'"
        self.put_events(50, received_at=moment)
        self.watch()
        alert = self.alerts(AlertKind.SOURCE_SILENT)
        for _day in range(4):
            self.watch(10 * _DAY)
        self.assertEqual((alert.state, alert.times), ("open", 1))
        self.put_events(1)
        self.watch(_MINUTE)
        self.watch(61 * _MINUTE)
        self.assertEqual(alert.state, "cleared")

    def test_signatures_failing(self):
        refusals = self.env["saas.refusals"]
        slot = int(NOON.timestamp()) // 600
        self.env.cr.execute(refusals._get_statement(self.source.id, slot, 11))
        self.check(
            AlertKind.SIGNATURES_FAILING,
            lambda: None,
            f"{self.source.name}: 11 requests",
            calm=_HOUR,
        )

    def test_stream_stands(self):
        cursor = self.env["saas.cursor"].create(
            {
                "source_id": self.source.id,
                "stream": "accounts",
                "label": "Accounts",
                "minutes": 10,
                "moved_at": NOON - 61 * _MINUTE,
                "is_stalled": True,
            }
        )
        self.check(
            AlertKind.STREAM_STANDS,
            cursor._restart,
            f"{self.source.name}: the stream Accounts was not read",
        )

    def test_events_dead(self):
        self.kill(3)
        self.check(
            AlertKind.EVENTS_DEAD, self.revive, f"{self.source.name}: 3 events were"
        )

    def test_payout_unproved(self):
        payout = self.env["saas.payout"].create(
            {
                "source_id": self.source.id,
                "external_id": "po_1",
                "currency_id": self.company.currency_id.id,
                "state": "paid",
                "arrival_date": "2030-05-14",
            }
        )
        self.watch()
        self.assertFalse(self.alerts(), "it arrived yesterday")
        payout.arrival_date = "2030-05-13"
        self.check(
            AlertKind.PAYOUT_UNPROVED,
            lambda: payout.write({"proof_state": "proved"}),
            f"{self.source.name}: a payout is not proved 2 days",
        )

    def test_invariant_broken(self):
        difference = self.env["saas.difference"].create(
            {
                "source_id": self.source.id,
                "kind": "invoice",
                "external_id": "in_1",
                "result": "different",
                "field": "total",
            }
        )
        movement = self.env["saas.balance.transaction"].create(
            {
                "source_id": self.source.id,
                "external_id": "txn_1",
                "currency_id": self.company.currency_id.id,
                "category": "charge",
            }
        )

        def mend():
            difference.state = "resolved"
            movement.match_state = "matched"

        self.check(
            AlertKind.INVARIANT_BROKEN, mend, f"{self.source.name}: 2 differences"
        )

    def test_key_ends(self):
        """One secret that ends while another goes on is no trouble."""
        secret = self.source.secret_ids
        secret.write({"valid_from": False, "valid_until": NOON + 10 * _DAY})
        self.check(
            AlertKind.KEY_ENDS,
            lambda: secret.copy(
                {"new_value": "whsec_of_later", "valid_until": NOON + 90 * _DAY}
            ),
            f"{self.source.name}: the last signing secret ends in ",
        )

    def test_source_drifts(self):
        """A version and a type that came for the first time; on its first day all is
        new of a source.
        """
        known = {"api_version": "'2024-06-20'", "reason": "'unsupported_type'"}
        self.put_events(3, received_at=ago(days=2), **known)
        self.env["saas.seen"]._note(since=NOON - 3 * _DAY)
        self.put_events(2, received_at=ago(minutes=90), **known)
        self.put_events(2, api_version="'2030-05-01.new'")
        self.put_events(1, event_type="'x.made'", reason="'unsupported_type'")
        self.check(
            AlertKind.SOURCE_DRIFTS,
            lambda: None,
            f"{self.source.name} sent for the first time: 2030-05-01.new, x.made.",
            calm=_DAY,
        )

    def test_a_new_source_does_not_drift(self):
        self.put_events(2, api_version="'2030-05-01.new'")
        self.watch()
        self.put_events(2, api_version="'2030-05-02.new'", received_at=ago(hours=-1))
        self.watch(2 * _HOUR)
        self.assertFalse(self.alerts())


@tagged("post_install", "-at_install")
class TestAlertsOfCases(AlertCommon, CaseCommon):
    def test_many_cases_and_much_money(self):
        """An invoice over 357.00 US dollars that waits for three causes is three cases,
        and counts once.
        """
        rule = self.rule(AlertKind.CASES_OPEN)
        rule.write({"threshold": 2, "clear_threshold": 1})
        rule = self.rule(AlertKind.AMOUNT_AT_STAKE)
        rule.write({"clear_threshold": 100, "threshold": 400})
        self.deliver(self.invoice(1, "price_a", "price_b", "price_c"))
        self.watch()
        cases = self.alerts()
        self.assertEqual(cases.mapped("kind"), [AlertKind.CASES_OPEN])
        stake = sum({event.stake_company for event in self._get_events()})
        rule.threshold = int(stake) - 1
        self.watch(_MINUTE)
        money = self.alerts() - cases
        self.assertEqual(money.kind, AlertKind.AMOUNT_AT_STAKE)
        self.assertIn(self.company.currency_id.name, money.summary)
        self.assertEqual(len(self.mails("reviewer")), 2)
        for price in ("price_a", "price_b", "price_c"):
            self.map_product(price, self.users["manager"])
        self.drain()
        self.assertFalse(self.cases(state="open"))
        for after in (1, 61):
            self.watch(after * _MINUTE)
        self.assertEqual(set(self.alerts().mapped("state")), {"cleared"})
        self.assertEqual(len(self.mails()), 2)
        self.assertFalse(self.activities())

    def _get_events(self):
        return self.cases(state="open").link_ids.event_id
