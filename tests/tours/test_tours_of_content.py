"""What is not what it should be, or belongs somewhere else, is settled in a browser.

Covers views/review, views/inbox and static/src/review.
"""

from odoo.tests import tagged

from ..review.deciding import load
from ..review.reasons import ReasonsOfContent
from ..review.reasons_subscriptions import ReasonsOfSubscriptions
from .touring import ReasonTours


@tagged("post_install", "-at_install")
class TestToursOfContent(ReasonsOfContent, ReasonsOfSubscriptions, ReasonTours):
    """Each case is opened from the queue, and taken its next step on."""

    def test_who_is_named_settles_it_and_others_are_refused(self):
        self._play_all()

    def _prepare_missing_reference(self, event):
        """The source has it by now."""
        for name in ("charge.succeeded", "payment_intent.succeeded"):
            self.api.put(load(name)["data"]["object"])
