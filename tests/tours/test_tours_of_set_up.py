"""A customer or a set-up that is not clear is settled in a browser.

Covers views/review, wizards/catalogue, wizards/saas_customer_choose and
wizards/saas_case_settle.
"""

from odoo.tests import tagged

from ..review.reasons import ReasonsOfSetUp
from .touring import ReasonTours


@tagged("post_install", "-at_install")
class TestToursOfSetUp(ReasonsOfSetUp, ReasonTours):
    """Each case is opened from the queue, and taken its next step on."""

    def test_who_is_named_settles_it_and_others_are_refused(self):
        self._play_all()

    def _finish_source_refused(self, event):
        self._fetch_again()
