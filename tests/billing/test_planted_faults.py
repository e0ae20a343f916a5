"""The faults that other billing engines had are seen by the examples and random lives.

Covers canonical/subscriptions.
"""

from odoo.tests import BaseCase, tagged

from .planted import is_seen

_EXAMPLE = "billing.test_proration", "TestProration"
_LIFE = "billing.test_lives", "TestLives"
_USAGE = "usage.test_usage_difference", "TestUsageDifference"
_PLACE = "canonical/subscriptions"

#: What is planted: the fault in words, the file, its text, the wrong one, and a test.
_FAULTS = [
    (
        "the day of a change belongs to both",
        f"{_PLACE}/held.py",
        "start, end = ruler.position(hold.start), ruler.position(hold.end)",
        "start, end = ruler.position(hold.start), min(ruler.position(hold.end) + 1, "
        "ruler.length)",
        (*_EXAMPLE, "test_kill_bill_repair"),
    ),
    (
        "a period begins where a short month has dragged it",
        f"{_PLACE}/period.py",
        "moment = first + self.cadence.times(number)",
        "moment = first\n"
        "        for _ in range(number):\n"
        "            moment += self.cadence.times(1)",
        ("billing.test_periods", "TestPeriods", "test_month_ends"),
    ),
    (
        "each part is rounded for itself",
        f"{_PLACE}/held.py",
        "return share(self.full, self.end, length) - share(self.full, self.start, "
        "length)",
        "return share(self.full, self.end - self.start, length)",
        (*_LIFE, "test_charges_are_price_times_time"),
    ),
    (
        "a credit is of today's price",
        f"{_PLACE}/difference.py",
        "            _add(steps, row.layer, 1 if row.is_credit else -1)",
        "            now = target[-1] if target else row.layer\n"
        "            layer = Layer(now.rate, now.full, row.layer.start, "
        "row.layer.end)\n            _add(steps, layer, 1 if row.is_credit else -1)",
        (*_EXAMPLE, "test_a_price_that_changed_since"),
    ),
    (
        "more is credited than is left",
        f"{_PLACE}/difference.py",
        "amount = -min(-line.amount, max(left.get(kind, 0), 0))",
        "amount = line.amount",
        (*_EXAMPLE, "test_kill_bill_never_more_than_is_left"),
    ),
    (
        "what comes first is taken for what was known last",
        f"{_PLACE}/lifecycle.py",
        "(c for c in changes if c.kind == Event.CANCELED), key=lambda c: c.knowledge",
        "(c for c in changes if c.kind == Event.CANCELED), key=lambda c: 0",
        (*_LIFE, "test_any_order_makes_the_same_charges"),
    ),
    (
        "a canceled subscription is revived",
        f"{_PLACE}/states.py",
        "            _R.ALREADY_CANCELED,\n        ),",
        "            _S.ACTIVE,\n        ),",
        (*_LIFE, "test_lives_have_no_gap"),
    ),
    (
        "a change of time zone leaves a hole",
        f"{_PLACE}/period.py",
        "                full_start = self.since\n",
        "                pass\n",
        (*_LIFE, "test_periods_have_no_gap"),
    ),
    (
        "volume is not priced anew",
        "canonical/usage/difference.py",
        '_REPRICED = ("volume",)',
        "_REPRICED = ()",
        (*_USAGE, "test_volume_is_priced_anew"),
    ),
]


@tagged("post_install", "-at_install")
class TestPlanted(BaseCase):
    """A test that no fault fails would prove nothing."""

    def test_each_fault_is_seen(self):
        for fault, path, old, new, test in _FAULTS:
            with self.subTest(fault):
                self.assertTrue(is_seen(path, old, new, test))

    def test_without_a_fault_nothing_is_seen(self):
        for test in {fault[-1] for fault in _FAULTS}:
            with self.subTest(test):
                unchanged = '"""Service periods:'
                path = f"{_PLACE}/period.py"
                self.assertFalse(is_seen(path, unchanged, unchanged, test))
