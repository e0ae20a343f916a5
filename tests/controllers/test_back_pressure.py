from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support import stripe_fixtures
from ..support.common import OTHER_SECRET
from ..support.webhook import SaasHttpCommon


@tagged("post_install", "-at_install")
class TestBackPressure(SaasHttpCommon):
    """A source that sends faster than its events are booked is slowed down, and
    loses nothing.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payload = stripe_fixtures.load("basil", "customer.updated")

    def _post(self, number, **options):
        """Send an event of its own number; return the response."""
        body = {**self.payload, "id": f"evt_{number}"}
        return self.post_webhook(body, **options)

    def _read_states(self):
        events = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id)], order="id"
        )
        return [(event.external_id, event.state) for event in events]

    def test_no_limit(self):
        self.assertEqual(self.source.max_backlog, 0)
        self.assertEqual({self._post(n).status_code for n in range(5)}, {200})

    def test_told_to_come_back(self):
        self.source.max_backlog = 3
        self.assertEqual([self._post(n).status_code for n in range(3)], [200] * 3)
        response = self._post(3)
        self.assertEqual(response.status_code, 429)
        self.assertEqual(response.text, "too many")
        self.assertEqual(response.headers["Retry-After"], "30")
        self.assertEqual(len(self._read_states()), 3)

    def test_nothing_lost(self):
        """What was accepted is processed, and then there is room for the rest."""
        self.source.max_backlog = 2
        answers = [self._post(n).status_code for n in range(4)]
        self.assertEqual(answers, [200, 200, 429, 429])
        self.drain()
        answers = [self._post(n).status_code for n in (2, 3)]
        self.assertEqual(answers, [200, 200])
        self.drain()
        self.assertEqual(self._read_states(), [(f"evt_{n}", "done") for n in range(4)])

    def test_exceptions_do_not_count(self):
        """Only what a drain will take counts: an event that waits for a person must
        not shut the door.
        """
        self.source.max_backlog = 1
        body = stripe_fixtures.load("basil", "invoice.finalized")
        body["livemode"] = not self.source.livemode
        self.assertEqual(self.post_webhook(body).status_code, 200)
        self.drain()
        self.assertEqual(self._read_states(), [(body["id"], "quarantined")])
        self.assertEqual(self._post(1).status_code, 200)

    def test_other_source(self):
        """One source's flood is not another one's."""
        journal = self._create_clearing_journal("Other clearing", "STO")
        other = self._create_source(clearing_journal_id=journal.id, max_backlog=1)
        self.source.max_backlog = 1
        self.assertEqual(self._post(1).status_code, 200)
        self.assertEqual(self._post(2).status_code, 429)
        self.assertEqual(self._post(2, token=other.token).status_code, 200)

    def test_paused(self):
        """While nothing is processed, no more is taken than the operator allows."""
        self.source.write({"max_backlog": 1, "state": "paused"})
        self.assertEqual(self._post(1).status_code, 200)
        self.assertEqual(self._post(2).status_code, 429)

    @mute_logger("odoo.addons.saas_billing_sync.controllers.webhook")
    def test_forger(self):
        """A forger is told nothing of it."""
        self.source.max_backlog = 1
        self.assertEqual(self._post(1).status_code, 200)
        self.assertEqual(self._post(2, secrets=[OTHER_SECRET]).status_code, 401)

    @mute_logger("odoo.sql_db")
    def test_negative(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.source.max_backlog = -1
            self.source.flush_recordset()
