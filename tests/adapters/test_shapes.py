"""An event's version says which shape its object has. Covers adapters/stripe/event and
adapters/stripe/const.
"""

from odoo.tests import BaseCase, tagged

from ...adapters.stripe.event import StripeEvent


@tagged("post_install", "-at_install")
class TestShapes(BaseCase):
    def test_version_decides(self):
        """What has no version was written by something older."""
        for version, is_basil in (
            ("2025-03-31.basil", True),
            ("2025-04-30.basil", True),
            ("2026-10-28.endive", True),
            ("2025-03-30", False),
            ("2024-06-20", False),
            ("unversioned", False),
            (None, False),
        ):
            with self.subTest(version=version):
                event = StripeEvent({"api_version": version})
                self.assertEqual(event.is_basil, is_basil)

    def test_events_of_one_second_have_an_order(self):
        first, second, later = (
            StripeEvent({"created": created, "id": event_id}).version
            for created, event_id in ((9, "evt_1"), (9, "evt_2"), (10, "evt_0"))
        )
        self.assertLess(first, second)
        self.assertLess(second, later)
