"""What the books can't take, what a person decided about, and what is only observed is
settled in a browser.

Covers views/review, wizards/saas_object_bind, wizards/saas_object_reopen and
wizards/cutover.
"""

from odoo.tests import tagged

from ...canonical.reasons import Reason
from ..review.reasons import OF_NO_EVENT
from ..review.reasons_books import ReasonsOfBooks
from ..review.reasons_stages import ReasonsOfStages
from . import test_tours_of_content, test_tours_of_set_up
from .touring import ReasonTours


@tagged("post_install", "-at_install")
class TestToursOfBooks(ReasonsOfStages, ReasonsOfBooks, ReasonTours):
    """Each case is opened from the queue, and what is in none from the list of events;
    its next step is taken there.
    """

    def test_who_is_named_settles_it_and_others_are_refused(self):
        self._play_all()

    def test_every_reason_has_a_tour(self):
        """The other classes play the tours of the reasons that they bring about. Where
        there is no tour of a reason, its class fails.
        """
        # As names of this module, they would be played by it as well.
        content = test_tours_of_content.TestToursOfContent
        set_up = test_tours_of_set_up.TestToursOfSetUp
        classes = (content, set_up, type(self))
        played = [reason for each in classes for reason in each._get_reasons()]
        self.assertEqual(sorted(played), sorted(set(Reason) - OF_NO_EVENT))

    def _finish_observed(self, event):
        self._bring_on(self.env["saas.observation.run"].search([]))

    def _finish_area_off(self, event):
        """It is taken up, and booked in the end."""
        self._take_up(event)
