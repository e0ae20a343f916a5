import json
import random

from odoo.tests import tagged

from ...canonical.display.texts import showable
from ..support import stripe_fixtures
from ..support.at_rest import AtRestMixin
from ..support.common import FULL, SEED
from ..support.mutants import build_fuzzed_story
from ..support.screens import ScreensMixin
from ..support.webhook import SaasHttpCommon

_COUNT = 4_000 if FULL else 400
_GULP = 50
_ENDED = ("done", "ignored", "parked", "quarantined", "dead")


@tagged("post_install", "-at_install")
class TestFuzzEvents(AtRestMixin, ScreensMixin, SaasHttpCommon):
    """Authentic events with damage of any kind, over HTTP and through the drain: each
    ends in a state, can be seen on every screen, and comes to rest.
    """

    def test_events(self):
        rand = random.Random(SEED)
        self.log_in()
        for shape in stripe_fixtures.SHAPES:
            self.deliver(stripe_fixtures.load(shape, "customer.created"))
        statuses = []
        for start in range(0, _COUNT, _GULP):
            for number in range(start, start + _GULP):
                for event in build_fuzzed_story(rand, number):
                    body = json.dumps(event).encode()
                    statuses.append(self.post_webhook(body).status_code)
            self.drain()
            self.analyze()
        self.assertLessEqual(set(statuses), {200, 400}, f"SEED={SEED}")
        self.assertGreater(statuses.count(200), _COUNT, f"SEED={SEED}")
        events = self.env["saas.subscription.event"].search([])
        for event in events:
            self._check_event(event)
        self.assertGreater(
            len(events.filtered(lambda e: e.state == "done")), _COUNT // 3
        )
        self.assertWhole()
        self.assertAtRest()
        for event in events:
            self.assertNotIn(event.state, ("parked", "received"), f"SEED={SEED}")
        for start in range(0, len(events), 500):
            self.assertReadable(events[start : start + 500])
        self.assertWhole()

    def _check_event(self, event):
        """It ended as stated, and no code was surprised."""
        told = f"SEED={SEED} {event.external_id} {event.detail} {event.trace or ''}"
        self.assertIn(event.state, _ENDED, told)
        self.assertFalse(event.trace, told)
        for text in (event.detail, event.waiting_for, event.payload):
            self.assertEqual(showable(text or ""), text or "", told)
