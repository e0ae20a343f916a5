"""From which amounts a case is grave is the company's to say, and what is at stake in
all counts each document once.

Covers models/odoo/res_company_alerts, models/review/exception_totals,
metrics/documents/stakes.
"""

from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...canonical.review.severity import AMOUNTS, HIGH, LOW, MEDIUM
from ..support.session import create_person
from .case_common import CaseCommon


@tagged("post_install", "-at_install")
class TestCaseAmounts(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: create_person(cls, f"amounts_{role}", role)
            for role in ("manager", "reviewer")
        }

    def grade(self, medium, high):
        """Set the company's amounts; return how grave all open cases are."""
        self.company.write(
            {"exception_medium_amount": medium, "exception_high_amount": high}
        )
        self.env.invalidate_all()
        [severity] = set(self.cases(state="open").mapped("severity"))
        return severity

    def test_defaults_are_as_ever(self):
        new = self.env["res.company"].create({"name": "New"})
        for company in (self.company, new):
            self.assertEqual(
                (company.exception_medium_amount, company.exception_high_amount),
                (AMOUNTS[MEDIUM], AMOUNTS[HIGH]),
            )

    def test_open_cases_are_graded_anew(self):
        """119.00 US dollars wait: the grade follows the company's amounts, and the day
        on which the case is due follows the grade.
        """
        self.deliver(self.invoice(1, "price_a"))
        case = self.cases()
        self.assertEqual((case.amount, case.severity), (119.0, MEDIUM))
        due = case.date_due
        self.assertEqual(self.grade(100, 119), HIGH)
        self.assertLess(case.date_due, due)
        self.assertEqual(self.grade(120, 130), MEDIUM, "the reason's own grade")
        self.assertEqual(case.date_due, due)
        self.deliver(self.invoice(2, "price_b"))
        self.grade(10, 20)
        self.deliver(self.invoice(3, "price_c"))
        self.assertEqual(set(self.cases().mapped("severity")), {HIGH})

    def test_the_reason_is_the_floor(self):
        """What is of low severity by its reason becomes graver by its amount alone."""
        self.deliver(self.invoice(1, "price_a"))
        case = self.cases()
        case.reason = "wrong_mode"
        self.env.flush_all()
        self.assertEqual(self.grade(1000, 2000), LOW)
        self.assertEqual(self.grade(100, 2000), MEDIUM)

    @mute_logger("odoo.sql_db")
    def test_amounts_in_order(self):
        for medium, high in ((0, 10), (11, 10)):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.grade(medium, high)

    # -- in all ------------------------------------------------------------------

    def tile(self):
        """Return the tile of the page *Home*, as a reviewer sees it."""
        board = self.env["saas.metrics.board"].with_user(self.users["reviewer"])
        [tile] = [
            tile
            for section in board.get_home()["sections"]
            for tile in section["tiles"]
            if tile["name"] == "stakes"
        ]
        return tile

    def test_each_document_counts_once(self):
        """An invoice of 238.00 US dollars that waits for two causes, and one of 119.00
        that waits for one of them: two cases of 357.00 and 238.00, and 357.00 in all.
        """
        self.assertEqual(self.tile()["value"], "0")
        self.deliver(self.invoice(1, "price_a", "price_b"))
        self.deliver(self.invoice(2, "price_a"))
        self.assertEqual(sorted(self.cases().mapped("amount")), [238.0, 357.0])
        tile = self.tile()
        self.assertEqual((tile["value"], tile["note"]), ("357.00", "2 exceptions"))
        self.assertEqual(
            self.env["saas.exception"].search_count(tile["opens"]["domain"]), 2
        )

    def test_what_nobody_knows_is_said(self):
        self.deliver(self.invoice(1, "price_a"))
        event = self.cases().link_ids.event_id
        event.write({"is_stake_known": False, "object_ref": False})
        self.assertEqual(self.tile()["note"], "1 exceptions; more may be at stake")

    def test_what_is_settled_counts_no_more(self):
        self.deliver(self.invoice(1, "price_a"))
        self.map_product("price_a", self.users["manager"])
        self.drain()
        self.assertEqual(self.tile()["value"], "0")
