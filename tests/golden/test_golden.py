from odoo.tests import tagged

from ..support import stripe_fixtures
from ..support.books import ACTIVITY_MODELS
from ..support.common import SaasCommon
from ..support.taxes import set_up_taxes
from .case import sort_books
from .parts import CASES

_MONTHS = {"before": "2024-06", "basil": "2026-11"}


@tagged("post_install", "-at_install")
class TestGolden(SaasCommon):
    """Each kind of event, in both shapes, makes exactly the journal items that the
    accounting rules say, however its events are cut into batches.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_up_taxes(cls)

    def _check_case(self, case, shape, one_by_one):
        self.source.write({"tz": case.tz, **dict(case.setup)})
        names = list(case.fixtures(shape))
        payloads = [stripe_fixtures.load(shape, name) for name in names]
        if one_by_one:
            for payload in payloads:
                self.deliver(payload)
        else:
            self.deliver(*payloads)
        self.assertEqual(self.books(), _expect(case, shape))
        self._check_states(case)
        self._check_activities(case)
        self._check_partners()
        self.assertWhole()

    def _check_states(self, case):
        events = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)]
        )
        waiting = events.filtered(lambda event: event.event_type in case.waiting)
        self.assertState(waiting, "parked")
        self.assertState(events - waiting, "done")

    def _check_activities(self, case):
        """Check what a person is asked for, and that the right one is."""
        activities = self.env["mail.activity"].search(
            [("res_model", "in", ACTIVITY_MODELS)]
        )
        types = [
            self.env.ref(f"saas_billing_sync.mail_activity_{name}").id
            for name in case.activities
        ]
        asked = [activity.activity_type_id.id for activity in activities]
        self.assertEqual(sorted(asked), sorted(types))
        if activities:
            self.assertEqual(activities.user_id, self.responsible)

    def _check_partners(self):
        """Every journal item is the tenant's: the stories have one customer."""
        tenants = (
            self.env["saas.tenant"]
            .with_context(active_test=False)
            .search([("company_id", "=", self.company.id)])
        )
        self.assertLessEqual(len(tenants), 1)
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(
            lines.partner_id, tenants.partner_id if lines else lines.browse().partner_id
        )


def _expect(case, shape):
    """Return the expected books as :meth:`SaasCommon.books` writes them."""
    return sort_books(case.books.replace("M-", f"{_MONTHS[shape]}-"))


def _add_tests():
    """Make a test of each case and shape, with all events in one batch; and for the
    newer shape one in which each event has a batch of its own.
    """
    for name, case in CASES.items():
        for shape in case.shapes:
            ways = (
                {"batch": False, "single": True}
                if shape == "basil"
                else {"batch": False}
            )
            for way, one_by_one in ways.items():

                def test(self, case=case, shape=shape, one_by_one=one_by_one):
                    self._check_case(case, shape, one_by_one)

                setattr(TestGolden, f"test_{name}_{shape}_{way}", test)


_add_tests()
