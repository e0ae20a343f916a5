"""A correction takes the place of a record, whichever comes first; nothing that was
told is overwritten, and the days are what counts now.

Covers handlers/usage/usage.
"""

import itertools
from fractions import Fraction

from odoo.tests import tagged

from .usage_common import DAY, HOUR, NOON, UsageCommon

_WEEK = (NOON - 3 * DAY, NOON + 3 * DAY)


@tagged("post_install", "-at_install")
class TestCorrections(UsageCommon):
    def test_each_aggregation_is_what_it_would_have_been(self):
        """Of 5, 3 and 9, the 9 is corrected to 4 on the day before."""
        every = ("sum", "count", "max", "last", "unique", "time_weighted")
        meters = self.set_up(*every)
        was = {"sum": 17, "count": 3, "max": 9, "last": 9, "unique": 3}
        becomes = {"sum": 12, "count": 3, "max": 5, "last": 3, "unique": 2}
        # Over six days: 5 for 3 days and an hour, and so on.
        was["time_weighted"] = Fraction(5 * 73 + 3 * 72 + 9 * 71, 144)
        becomes["time_weighted"] = Fraction(5 * 73 + 3 * 72 + 4 * 96, 144)
        for meter in meters:
            code = meter.code
            self.use(
                *(
                    self.record(
                        f"{code} {n}",
                        quantity,
                        NOON + hours * HOUR,
                        meter=code,
                        dimensions={"user": user},
                    )
                    for n, quantity, hours, user in (
                        (1, "5", -1, "a"),
                        (2, "3", 0, "b"),
                        (3, "9", 1, "c"),
                    )
                )
            )
            self.assertEqual(self.used(meter, *_WEEK), was[code], code)
            event = self.use(
                self.correction(
                    f"{code} 4",
                    f"{code} 3",
                    "4",
                    at=NOON - DAY,
                    meter=code,
                    dimensions={"user": "a"},
                )
            )
            self.assertState(event, "done")
            self.assertEqual(self.used(meter, *_WEEK), becomes[code], code)
        old = self.records.filtered(lambda r: r.external_id.endswith("3"))
        self.assertEqual(set(old.mapped("why")), {"corrected"})
        self.assertEqual(set(old.mapped("stated_quantity")), {"9"}, "it stays")
        logged = self.env["saas.sync.log"].search([("action", "=", "usage_corrected")])
        self.assertEqual(logged.mapped("detail"), ["1"] * 6)
        self.check_whole()

    def test_any_order_and_any_batches(self):
        """A chain of corrections, told in every order, one by one and at once."""
        [meter] = self.set_up("sum")
        told = [
            {"ref": "O", "quantity": "1"},
            {"ref": "C1", "quantity": "10", "corrects": "O"},
            {"ref": "C2", "quantity": "100", "corrects": "C1"},
        ]
        expected = 0
        for number, order in enumerate(itertools.permutations(told)):
            for way in ("alone", "one request", "one batch"):
                records = [self._name(f"{number} {way} ", **vals) for vals in order]
                if way == "alone":
                    for record in records:
                        self.use(record)
                elif way == "one request":
                    self.use(*records)
                else:
                    for record in records:
                        self.store_told(self.bundle(record))
                    self.drain()
                expected += 100
                self.assertEqual(self.used(meter, *_WEEK), expected, (number, way))
        self.check_whole()

    def _name(self, prefix, ref, quantity, corrects=""):
        corrects = corrects and prefix + corrects
        return self.record(prefix + ref, quantity, meter="sum", corrects=corrects)

    def test_a_correction_waits_for_what_it_corrects(self):
        self.set_up("sum")
        self.use(self.correction("C", "O", "5", meter="sum"))
        self.assertEqual(self.states(), ["C parked unknown_record"])
        self.assertEqual(self.records.waiting_for, "usage:O")
        self.use(self.record("O", "2", meter="sum"))
        self.assertEqual(self.states(), ["C counted", "O superseded corrected"])
        self.assertEqual(self.buckets.exact_sum, "5")

    def test_what_waits_can_be_corrected(self):
        """Usage for a code that was a mistake."""
        self.set_up("sum")
        self.use(self.record("O", "2", meter="sun"))
        self.use(self.correction("C", "O", "2", meter="sum"))
        self.assertEqual(self.states(), ["C counted", "O superseded corrected"])

    def test_a_record_can_be_withdrawn(self):
        """Also where each record counts as one, and before it comes."""
        [meter] = self.set_up("count")
        told = [
            self.record("O", meter="count"),
            self.record("P", meter="count"),
            self.correction("W", "O", meter="count", withdraws=True),
        ]
        self.use(*told[:2])
        self.use(told[2])
        self.assertEqual(self.used(meter, *_WEEK), 1)
        self.use(self.correction("V", "Q", meter="count", withdraws=True))
        self.use(self.record("Q", meter="count"))
        self.assertEqual(self.used(meter, *_WEEK), 1)
        self.assertEqual(
            self.states(),
            [
                "O superseded corrected",
                "P counted",
                "Q superseded corrected",
                "V superseded withdrawal",
                "W superseded withdrawal",
            ],
        )
        self.check_whole()

    def test_nobody_corrects_another_customers_usage(self):
        """Neither after it nor before it."""
        self.set_up("sum")
        other = self.customer("C-2", vat_numbers=("DE136695976",), name="Other")
        self.tell(self.platform, other, self.subscription("S-2", customer="C-2"))
        theirs = {"customer": "C-2", "subscription": "S-2", "meter": "sum"}
        self.use(self.record("O", "2", meter="sum"))
        event = self.use(self.correction("C", "O", "5", **theirs))
        self.assertState(event, "quarantined", "invalid_payload")
        self.use(self.correction("D", "P", "5", **theirs))
        self.use(self.record("P", "3", meter="sum"))
        self.assertEqual(
            self.states(),
            [
                "C conflict corrects_other",
                "D conflict corrects_other",
                "O counted",
                "P counted",
            ],
        )
        self.assertEqual(self.buckets.exact_sum, "5")

    def test_a_second_correction_of_one_record_is_left_to_a_person(self):
        self.set_up("sum")
        self.use(self.record("O", "2", meter="sum"))
        first = self.correction("C1", "O", "5", meter="sum")
        second = self.correction("C2", "O", "7", meter="sum")
        event = self.use(first, second)
        self.assertState(event, "quarantined", "invalid_payload")
        self.assertState(self.use(first), "done")
        self.assertEqual(
            self.states(),
            ["C1 counted", "C2 conflict second_correction", "O superseded corrected"],
        )
        self.assertEqual(self.buckets.exact_sum, "5")

    def test_a_correction_settles_what_contradicts(self):
        """Whether the second content comes before it or after it."""
        self.set_up("sum")
        self.use(self.record("O", "2", meter="sum"))
        event = self.use(self.record("O", "3", meter="sum"))
        self.assertState(event, "quarantined", "invalid_payload")
        self.use(self.correction("C", "O", "4", meter="sum"))
        self.drain()
        self.assertState(event, "done")
        late = self.use(self.record("O", "9", meter="sum"))
        self.assertState(late, "done")
        self.assertEqual(self.states()[0], "C counted")
        self.assertEqual(set(self.states()[1:]), {"O superseded corrected"})
        self.assertEqual(self.buckets.exact_sum, "4")
        self.check_whole()

    def test_a_bucket_that_gets_empty_stays_with_what_it_has_seen(self):
        """Who has read it before sees that it has changed."""
        [meter] = self.set_up("sum")
        self.use(self.record("O", "2", meter="sum"))
        version = self.buckets.version
        self.use(self.correction("C", "O", "2", at=NOON + DAY, meter="sum"))
        empty, full = self.buckets
        self.assertEqual(
            (empty.count, empty.exact_sum, empty.first_at), (0, "0", False)
        )
        self.assertEqual(empty.version, version)
        self.assertGreater(full.version, version)
        self.assertEqual(self.used(meter, *_WEEK), 2)
        self.check_whole()

    def test_a_record_that_corrects_itself_is_no_fact(self):
        with self.assertRaises(ValueError):
            self.correction("C", "C")
