"""Covers adapters/stripe/notices/notice and handlers/notices/notice."""

from odoo.tests import tagged

from ...dev.make_believe.stripe.shapes.notice import make_notice
from ..golden.case import MAIN_PAID
from ..support import stripe_fixtures
from ..support.pulling import PullCommon


@tagged("post_install", "-at_install")
class TestThinEvents(PullCommon):
    """Notices without content, and the snapshot events that have it: together one
    fact, booked once, whichever comes first.
    """

    def setUp(self):
        super().setUp()
        self.snapshots = {
            name: stripe_fixtures.load("basil", name)
            for name in ("invoice.finalized", "invoice_payment.paid", "invoice.paid")
        }
        self.thin = [self._thin(event) for event in self.snapshots.values()]
        self.expected = sorted(MAIN_PAID.replace("M-", "2026-11-").strip().splitlines())

    def _thin(self, event, **changes):
        """Return the notice of a snapshot event, as stripe-python reads it."""
        notice = make_notice(event, event["id"].replace("evt_", "evt_thin_"))
        # Unlike a snapshot's, its time has fractions of a second.
        return {**notice, "created": "2026-11-02T10:01:02.123Z", **changes}

    def _check_booked_once(self, events):
        self.run_jobs()
        self.assertState(events, "done")
        self.assertEqual(sorted(self.books().splitlines()), self.expected)
        self.assertWhole()

    def test_thin_alone(self):
        self.api.put(*self.snapshots.values())
        self._check_booked_once(self.deliver(*self.thin))
        paths = {call.path for call in self.api.calls}
        self.assertEqual(
            paths, {f"/v1/events/{event['id']}" for event in self.snapshots.values()}
        )

    def test_snapshot_first(self):
        self.deliver(*self.snapshots.values())
        self._check_booked_once(self.deliver(*self.thin))
        self.assertFalse(self.api.calls)

    def test_thin_first(self):
        """The snapshot comes while it is being asked for."""
        self.api.put(*self.snapshots.values())
        thin = self.deliver(*self.thin)
        self.assertState(thin, "parked")
        self.deliver(*self.snapshots.values())
        self.assertState(thin, "done")
        self._check_booked_once(thin)

    def test_all_together(self):
        events = self.deliver(*self.thin, *self.snapshots.values())
        self._check_booked_once(events)

    def test_webhook_does_not_name_the_snapshot(self):
        """Then the API does."""
        self.api.put(*self.snapshots.values(), *self.thin)
        for thin in self.thin:
            thin.pop("snapshot_event")
        self._check_booked_once(self.deliver(*self.thin))

    def test_without_snapshot(self):
        """The object itself says how it is now."""
        self.api.put(
            *(self._thin(e, snapshot_event=None) for e in self.snapshots.values()),
            stripe_fixtures.load("basil", "invoice.finalized")["data"]["object"],
        )
        thin = self._thin(self.snapshots["invoice.finalized"], snapshot_event=None)
        event = self.deliver(thin)
        self.run_jobs()
        self.assertState(event, "done")
        moves = self.env["account.move"].search(
            [("saas_source_id", "=", self.source.id)]
        )
        self.assertEqual(moves.amount_total, 119)

    def test_without_key(self):
        self.source.api_key = False
        known, unknown = self.deliver(
            self.thin[0],
            self._thin(self.snapshots["invoice.paid"], snapshot_event=None),
        )
        self.assertState(known, "parked")
        self.assertState(unknown, "quarantined", "incomplete_setup")
        self.deliver(self.snapshots["invoice.finalized"])
        self.assertState(known, "done")

    def test_what_is_not_understood(self):
        event = self.snapshots["invoice.paid"]
        for number, name in enumerate(
            ("v1.coupon.created", "v2.core.account[requirements].updated")
        ):
            thin = self._thin(event, id=f"evt_thin_{number}", type=name)
            self.assertState(self.deliver(thin), "ignored", "unsupported_type")
        self.assertFalse(self.api.calls)

    def test_mode_and_account(self):
        event = self.snapshots["invoice.paid"]
        live = self.deliver(self._thin(event, livemode=True))
        self.assertState(live, "quarantined", "wrong_mode")
        other = self.deliver(self._thin(event, id="evt_o", context="org_1/acct_other"))
        self.assertState(other, "quarantined", "unknown_account")
