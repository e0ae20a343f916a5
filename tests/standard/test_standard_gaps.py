"""Numbers of events that do not come. Covers models/reading/sender."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import StandardCommon, write_example


@tagged("post_install", "-at_install")
class TestStandardGaps(StandardCommon):
    """A sender that counts its events is told on when one did not come."""

    def _tell_numbers(self, *numbers, source="https://app.example/a", minutes=20):
        """Send events with numbers, as they came some minutes ago."""
        events = self.tell(
            *(
                write_example("contract.won", id=f"D-{n}")
                | {"sequence": str(n), "id": f"n-{n}", "source": source}
                for n in numbers
            )
        )
        events.received_at = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env["saas.sender"]._cron_find_gaps()
        self.env.invalidate_all()

    def _read(self):
        return {
            sender.name: (sender.sequence, sender.missing, len(sender.activity_ids))
            for sender in self.source.sender_ids
        }

    def test_gap(self):
        """It is shown after ten minutes, and not once it is filled."""
        sender = "https://app.example/a"
        self._tell_numbers(1, 3, 2, 4)
        self.assertEqual(self._read(), {sender: (4, False, 0)})
        self._tell_numbers(6, minutes=3)
        self.assertEqual(self._read(), {sender: (4, False, 0)})
        self._tell_numbers(9, 10, 14)
        self.assertEqual(self._read(), {sender: (4, "5, 7-8, 11-13", 1)})
        activity = self.source.sender_ids.activity_ids
        self.assertEqual(activity.user_id, self.responsible)
        self._tell_numbers(5, 7, 8, 11, 12)
        self.assertEqual(self._read(), {sender: (12, "13", 1)})
        self._tell_numbers(13)
        self.assertEqual(self._read(), {sender: (14, False, 0)})

    def test_senders_apart(self):
        """Each sender counts for itself, and may begin with any number."""
        self._tell_numbers(100, 101)
        self._tell_numbers(7, 9, source="https://app.example/b")
        self.assertEqual(
            self._read(),
            {
                "https://app.example/a": (101, False, 0),
                "https://app.example/b": (7, "8", 1),
            },
        )

    def test_given_up(self):
        """A person says that the numbers never were events."""
        self._tell_numbers(1, 5, 9)
        self.source.sender_ids.action_give_up()
        self.env["saas.sender"]._cron_find_gaps()
        self.env.invalidate_all()
        self.assertEqual([*self._read().values()], [(9, False, 0)])

    def test_usage_is_not_counted(self):
        """Many of them are one event here, so a sender leaves them out of its count."""
        [usage] = self.tell(write_example("usage.recorded") | {"sequence": "5"})
        self.assertFalse(usage.sequence)
        self.env["saas.sender"]._cron_find_gaps()
        self.assertFalse(self.source.sender_ids)
