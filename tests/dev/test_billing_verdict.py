"""What make faults says of a billing run that was killed: whatever is missing, is there
twice or is other than it should be is seen.
"""

import copy
from collections import Counter

from odoo.tests import BaseCase, tagged

from ..support.live import dev


@tagged("post_install", "-at_install")
class TestBillingVerdict(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.verdict = dev("faults.billing.verdict")
        company = cls.verdict.company
        names = [f"Tenant {number:03}" for number in range(company.COUNT)]
        cls.bad, [cls.first, *_rest] = company.BAD, names
        billed = [name for name in names if name != cls.bad]
        cls.whole = {
            "charges": Counter((name, 3000) for name in billed),
            "documents": Counter((name, "35.70") for name in billed),
            "items": [(name, "done", None, 1, False) for name in billed]
            + [(cls.bad, "failed", company.REASON, 3, True)],
            "wrong": [],
        }

    def judge(self, change):
        """Return how much is lost, doubled and different after a change."""
        found = copy.deepcopy(self.whole)
        change(found)
        verdict = self.verdict.judge(found, self.whole)
        return verdict.lost, verdict.doubled, verdict.differences

    def test_what_is_whole_is_good(self):
        self.assertEqual(self.judge(lambda found: None), (0, 0, 0))

    def test_what_is_lost_or_there_twice(self):
        row = (self.first, 3000)
        self.assertEqual(self.judge(lambda f: f["charges"].update([row])), (0, 1, 0))
        self.assertEqual(self.judge(lambda f: f["charges"].subtract([row])), (1, 0, 0))

    def test_another_document(self):
        def change(found):
            found["documents"][self.first, "35.70"] = 0
            found["documents"][self.first, "35.71"] = 1

        self.assertEqual(self.judge(change), (0, 0, 2))

    def test_a_gap(self):
        self.assertEqual(self.judge(lambda f: f["wrong"].append("gap")), (0, 0, 1))

    def test_who_is_billed_by_two_runs_or_none(self):
        def twice(found):
            found["items"][0] = (self.first, "done", None, 2, False)

        def never(found):
            del found["items"][0]

        for change in (twice, never):
            self.assertEqual(self.judge(change), (0, 0, 1))

    def test_the_bad_one(self):
        """It is billed by nobody, and says why."""

        def billed(found):
            found["items"][-1] = (self.bad, "done", None, 1, False)

        def silent(found):
            found["items"][-1] = (self.bad, "failed", "posting_failed", 1, True)

        self.assertEqual(self.judge(billed), (0, 0, 2))
        self.assertEqual(self.judge(silent), (0, 0, 1))
