"""What is still to be recognised of documents that only old books have.

Covers canonical/revenue/old_books and revenue/old_books.
"""

import base64
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ...canonical.revenue.old_books import COLUMNS, OldBooksError, read
from .common import RevenueCommon

_YEAR = ("A-1", "1", "REV", "DEF", "2026-01-01", "2026-12-31", "USD", "365", "304")
_OVER = ("A-2", "", "REV", "DEF", "2025-01-01", "2026-09-30", "USD", "239", "0")
_EURO = ("A-3", "x", "REV", "DEF", "2026-11-01", "2027-02-28", "EUR", "100", "0")
_ROWS = [(*_YEAR, "", ""), (*_OVER, "", ""), (*_EURO, "125", "0")]


@tagged("post_install", "-at_install")
class TestOldBooks(RevenueCommon):
    """A list is brought in as a whole, if it comes to what the books hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.income = cls.company_data["default_account_revenue"]
        cls.before = cls._create_account("OLD", "equity")
        cls._book("2026-10-31", (300, 300, "USD"), (100, 125, "EUR"))

    @classmethod
    def _book(cls, day, *amounts):
        """Book what the old books have deferred: the balance is brought forward."""
        currencies = {each.name: each for each in (cls.eur, cls.company.currency_id)}
        lines = [
            Command.create(
                {
                    "account_id": account.id,
                    "currency_id": currencies[name].id,
                    "amount_currency": sign * amount,
                    "balance": sign * balance,
                }
            )
            for amount, balance, name in amounts
            for account, sign in ((cls.before, 1), (cls.deferred, -1))
        ]
        move = cls.env["account.move"].create(
            {"move_type": "entry", "date": day, "line_ids": lines}
        )
        move.action_post()

    def _write_csv(self, rows, separator=","):
        codes = {"REV": self.income.code, "DEF": self.deferred.code}
        lines = [COLUMNS, *([codes.get(cell, cell) for cell in row] for row in rows)]
        return "\n".join(separator.join(line) for line in lines)

    def _open(self, rows, day="2026-10-31", user=None, **vals):
        file = base64.b64encode(self._write_csv(rows).encode())
        openings = self.env["saas.revenue.opening"]
        openings = openings.with_user(user) if user else openings
        return openings.create(
            {"company_id": self.company.id, "day": day, "file": file, **vals}
        )

    def _get_schedules(self):
        return self.env["saas.revenue.schedule"].search([], order="id")

    # -- what is brought in ------------------------------------------------------------

    def test_what_is_left_is_recognised(self):
        moves = self.env["account.move"].search_count([])
        opening = self._open(_ROWS)
        opening.action_look()
        self.assertEqual(opening.state, "equal", opening.message)
        self.assertFalse(self._get_schedules())
        opening.action_apply()
        self.assertEqual(self.env["account.move"].search_count([]), moves)
        year, over, euro = self._get_schedules()
        self.assertEqual(
            self.read_shares(year),
            [("2026-11", 3000, 3000), ("2026-12", 3100, 3100)],
        )
        self.assertEqual(
            (year.amount, year.booked_before, year.version_id.reason),
            (6100, 30400, "old_books"),
        )
        self.assertEqual(self.read_shares(over), [("2026-11", 23900, 23900)])
        self.assertEqual(self.read_shares(euro)[0], ("2026-11", 2500, 3125))
        self.assertProved("2026-10-31")
        self.assertProved()
        run = self.recognize(2026, 11)
        self.assertEqual(
            self.read_run(run),
            [
                (
                    "2026-11-30",
                    [
                        "REV -269.00",
                        "REV -31.25 (-25.00 EUR)",
                        "DEF +31.25 (+25.00 EUR)",
                        "DEF +269.00",
                    ],
                )
            ],
        )
        self.recognize(2027, 2)
        self.assertEqual({row.booked for row in self.assertProved()}, {0})
        self.assertEqual({*self._get_schedules().mapped("state")}, {"served"})

    def test_twice_changes_nothing(self):
        self._open(_ROWS).action_apply()
        before = self._get_schedules()
        again = self._open(_ROWS)
        again.action_look()
        self.assertEqual(again.state, "equal")
        again.action_apply()
        self.assertEqual(self._get_schedules(), before)

    def test_a_part_is_there_already(self):
        """What a list before has brought in counts for the total."""
        self._book("2026-10-31", (-239, -239, "USD"))
        self._open([_ROWS[0], _ROWS[2]]).action_apply()
        self._book("2026-10-31", (239, 239, "USD"))
        self._open(_ROWS).action_apply()
        self.assertEqual(len(self._get_schedules()), 3)
        self.assertProved()

    # -- what is refused ---------------------------------------------------------------

    def test_a_total_that_does_not_match(self):
        for rows in (
            _ROWS[:2],
            [_ROWS[0], (*_OVER[:7], "239.01", "0", "", ""), _ROWS[2]],
            [_ROWS[0], _ROWS[1], (*_EURO, "125.01", "0")],
        ):
            with self.subTest(rows=rows), self.env.cr.savepoint() as save:
                opening = self._open(rows)
                opening.action_look()
                self.assertEqual(opening.state, "different")
                self.assertTrue(
                    any(
                        total.difference or total.company_difference
                        for total in opening.total_ids
                    )
                )
                with self.assertRaisesRegex(UserError, "does not come to"):
                    opening.action_apply()
                save.rollback()
        self.assertFalse(self._get_schedules())

    def test_rows_that_can_not_be_brought_in(self):
        for row, told in (
            ((*_OVER[:2], "NONE", *_OVER[3:], "", ""), "no such account NONE"),
            ((*_OVER[:2], "DEF", *_OVER[3:], "", ""), "of the right type"),
            ((*_OVER[:6], "XYZ", *_OVER[7:], "", ""), "XYZ is not active"),
            ((*_EURO, "", ""), "say what it is in USD"),
            ((*_OVER[:7], "239.001", "0", "", ""), "more decimals"),
        ):
            with self.subTest(told=told):
                opening = self._open([row])
                opening.action_look()
                self.assertEqual(opening.state, "different")
                self.assertRegex(opening.message, told)
                with self.assertRaisesRegex(UserError, told):
                    opening.action_apply()

    def test_lists_that_can_not_be_read(self):
        with self.assertRaisesRegex(UserError, "Choose a list"):
            self._open(_ROWS, file=False).action_look()
        with self.assertRaisesRegex(UserError, "no CSV"):
            self._open(_ROWS, file=base64.b64encode(b"\xff\xfe")).action_look()
        with self.assertRaisesRegex(UserError, "Row 2 .*column amount"):
            self._open([(*_OVER[:7], "many", "0", "", "")]).action_look()

    def test_who_may(self):
        """Finance brings it in, with no more rights than its own."""
        opening = self._open(_ROWS)
        for method in ("action_look", "action_apply"):
            with self.assertRaises(AccessError):
                getattr(opening.with_user(self._create_user("manager")), method)()
        opening = self._open(_ROWS, user=self._create_user("reviewer"))
        opening.action_look()
        self.assertEqual(opening.state, "equal", opening.message)
        opening.action_apply()
        self.assertEqual(len(self._get_schedules()), 3)

    def _create_user(self, role):
        return new_test_user(
            self.env,
            f"old_books_{role}_{next(self.keys)}",
            f"saas_billing_sync.group_saas_{role}",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    # -- how it is read ----------------------------------------------------------------

    def test_separators_and_empty_rows(self):
        text = "\ufeff" + self._write_csv(_ROWS, ";") + "\n;;;;;;;;;;\n"
        lines = read(text)
        self.assertEqual([line.key for line in lines][0], ("A-1", "1"))
        self.assertEqual(
            [(line.left, line.company_left) for line in lines],
            [(61, None), (239, None), (100, 125)],
        )
        self.assertEqual(lines[0].end, date(2026, 12, 31))

    def test_what_is_wrong_is_named(self):
        row = dict(zip(COLUMNS, _ROWS[0], strict=True))
        for column, value in (
            ("document", ""),
            ("start", "1.1.2026"),
            ("end", "2025-12-31"),
            ("amount", "NaN"),
            ("booked", ""),
        ):
            text = self._write_csv([[*{**row, column: value}.values()]])
            with (
                self.subTest(column=column),
                self.assertRaises(OldBooksError) as caught,
            ):
                read(text)
            self.assertEqual(
                (caught.exception.number, caught.exception.column), (2, column)
            )
        with self.assertRaises(OldBooksError):
            read(self._write_csv([_ROWS[0], _ROWS[0]]))
        with self.assertRaises(OldBooksError):
            read("document,amount\nA,1")
