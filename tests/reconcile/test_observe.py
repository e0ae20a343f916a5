"""A month is observed beside one that people book by hand: all differences are found,
and nothing is booked.

Covers review/cutover/observing, review/cutover/observe_books,
review/cutover/observe_compare and review/cutover/observe_hand.
"""

from collections import Counter

from odoo.sql_db import Cursor
from odoo.tests import tagged

from ...canonical.review.areas import Area
from .observing import ObservingCommon, tell_customer, tell_invoice, tell_month


@tagged("post_install", "-at_install")
class TestObserve(ObservingCommon):
    """The month is compared each night."""

    def test_five_differences_are_found_and_nothing_is_booked(self):
        booked = self.enter_month()
        self.observe()
        events = self.tell(*tell_month())
        self.assertState(events, "parked", "observed")
        before, books = self.count_books(), self.books()
        run = self.night()
        self.assertEqual(run.state, "done", run.last_error)
        self.assertEqual((run.done_count, run.total_count), (len(events),) * 2)
        self.maxDiff = None
        alike = ("alike", "number", "")
        self.assertEqual(
            self.found(),
            {
                **{("invoice", f"I-{n}"): alike for n in (1, 2, 6, 7, 8, 9)},
                **{("payment", f"P-{n}"): alike for n in (1, 2, 8, 9)},
                ("invoice", "I-3"): ("different", "number", "total tax accounts"),
                ("invoice", "I-4"): ("different", "number", "total tax accounts"),
                ("invoice", "I-5"): ("only_here", "", ""),
                ("invoice", booked["extra"].name): ("only_there", "", ""),
                ("payment", "P-6"): ("different", "number", "date documents"),
                ("invoice", "I-10"): ("only_here", "", ""),
                ("payment", "P-10"): ("only_here", "", ""),
            },
        )
        self.assertEqual(self.count_books(), before)
        self.assertEqual(self.books(), books)
        self.assertState(events, "parked", "observed")
        self.assertWhole()

    def test_what_differs_is_told_with_both_sides(self):
        self.enter_invoice(3, price=110)
        self.observe()
        self.tell(tell_invoice(3))
        self.night()
        [row] = self.observations.search([])
        figures = {each["what"]: (each["ours"], each["theirs"]) for each in row.figures}
        self.assertEqual(figures["total"], ("119.00", "130.90"))
        self.assertEqual(figures["tax"], ("19% VAT: -19.00", "19% VAT: -20.90"))
        self.assertIn("130.90", row.figures_html)
        self.assertEqual((row.amount, row.is_open, row.blocks), (119, True, True))

    def test_likely_is_never_taken_as_alike(self):
        """Without its number, customer, amount and a near day only propose it."""
        self.enter_invoice(word="A", day=5, ref="by hand")
        self.enter_invoice(word="A", day=20, ref="too late")
        self.observe()
        self.tell(tell_invoice(3))
        self.night()
        row = self.observations.search([("external_id", "=", "I-3")])
        self.assertEqual((row.result, row.rule), ("different", "likely"))
        self.assertEqual(row.differs, "date")
        self.assertTrue(row.blocks)
        self.decide("apart", invoice=["I-3"])
        for _night in range(2):
            self.night()
            self.assertEqual(
                sorted(result for result, *_rest in self.found().values()),
                ["only_here", "only_there", "only_there"],
            )

    def test_likely_on_the_very_day(self):
        self.enter_invoice(word="A", day=4, ref="by hand")
        self.observe()
        self.tell(tell_invoice(3))
        self.night()
        [row] = self.observations.search([])
        self.assertEqual((row.result, row.rule), ("likely", "likely"))
        self.assertTrue(row.blocks)

    def test_what_can_not_be_booked_says_why(self):
        self.source.default_product_id = False
        self.enter_invoice(2)
        self.observe()
        self.tell(tell_invoice(1), tell_invoice(2))
        self.night()
        rows = self.observations.search([], order="external_id")
        self.assertEqual(rows.mapped("result"), ["stopped"] * 2)
        self.assertIn("Unmapped product", rows[0].detail)
        self.assertEqual(rows.mapped("blocks"), [False, True])

    def test_a_decision_is_void_when_one_side_changes(self):
        move = self.enter_invoice(3, price=110)
        self.observe()
        self.tell(tell_invoice(3))
        self.night()
        self.decide(invoice=["I-3"])
        self.night()
        [row] = self.observations.search([])
        self.assertEqual((row.decision, row.blocks), ("same", False))
        move.button_draft()
        move.invoice_line_ids.price_unit = 120
        move.action_post()
        self.night()
        self.assertEqual((row.decision, row.blocks), (False, True))

    def test_customers_are_observed_as_well(self):
        """A customer with the VAT number of a contact is that one; nobody is made."""
        self.set_stages(
            **dict.fromkeys(
                ("customers", "subscriptions", "documents", "payments", "clearing"),
                "observe",
            )
        )
        known = self.env["res.partner"].create({"name": "Known", "vat": "ATU12011204"})
        event = tell_customer("A")
        event["data"] = {**event["data"], "id": "C-K", "vat_numbers": ["ATU12011204"]}
        other = tell_customer("B")
        other["data"] = {"id": "C-N", "name": "New", "currency": "USD"}
        before = self.count_books()
        events = self.tell({**event, "id": "k"}, {**other, "id": "n"})
        self.night()
        self.assertEqual(
            self.found(),
            {
                ("customer", "C-K"): ("alike", "contact", ""),
                ("customer", "C-N"): ("only_here", "", ""),
            },
        )
        row = self.observations.search([("external_id", "=", "C-K")])
        self.assertEqual(row.res_id, known.id)
        self.assertEqual(self.count_books(), before)
        self.assertState(events, "parked", "observed")

    def test_a_chunk_takes_as_many_queries_whatever_is_in_it(self):
        self.observe()
        few = self._count_queries(range(100, 104))
        many = self._count_queries(range(200, 216))
        each = (many.total() - few.total()) / 12
        self.assertLessEqual(each, 2, (many - few).most_common(8))

    def _count_queries(self, numbers):
        """Return the queries of comparing one chunk, beside those of the pipeline."""
        events = []
        for number in numbers:
            event = tell_invoice(1, id=f"I-{number}", number=f"N-{number}")
            events.append({**event, "id": f"inv-{number}"})
            self.enter_invoice(word="A", day=2, ref=f"N-{number}")
        stored = self.tell(*events)
        run = self.runs.create({"source_id": self.source.id, "phase": "observe"})
        self.env.flush_all()
        self.env.invalidate_all()
        counts = Counter()
        original = Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            if not pipeline:
                counts[str(getattr(query, "code", query))[:200]] += 1
            return original(cursor, query, *args, **kwargs)

        preview = type(self.env["saas.preview"])
        process, pipeline = preview._process, []

        def process_uncounted(*args):
            pipeline.append(True)
            try:
                return process(*args)
            finally:
                pipeline.pop()

        self.patch(preview, "_process", process_uncounted)
        self.patch(Cursor, "execute", execute)
        with self.enter_registry_test_mode():
            self.env["saas.observe.compare"]._compare(run, stored)
        Cursor.execute, preview._process = original, process
        run._fail("It is over.")
        found = {
            key: value
            for key, value in self.found().items()
            if key[1] in {f"I-{number}" for number in numbers}
        }
        self.assertEqual({result for result, *_r in found.values()}, {"alike"})
        return counts

    def test_the_preview_shows_what_would_be_booked(self):
        self.observe()
        event = self.tell(tell_invoice(1))
        with self.enter_registry_test_mode():
            shown = (
                event.with_user(self.users["reviewer"])
                .env["saas.preview"]
                ._preview(event.with_user(self.users["reviewer"]))
            )
        self.assertEqual(len(shown["moves"]), 1)
        self.assertState(event, "parked", "observed")

    def test_every_area_has_a_name(self):
        names = {self.source._get_area_label(area) for area in Area}
        self.assertEqual(len(names), 5)
