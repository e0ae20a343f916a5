"""What is read stays exact: moments, days, decimals, quantities, exponents.

Covers ledger/document.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

from pydantic import ValidationError

from odoo.tests import BaseCase, tagged

from ...canonical import money
from ...canonical.errors import Quarantine
from ...canonical.facts import Customer, DocumentLine, Exemption, TaxNumber
from ...canonical.reader import Reader


@tagged("post_install", "-at_install")
class TestExact(BaseCase):
    """A value is exactly what is written, or there is one clear error."""

    def test_iso_moments_are_utc(self):
        for text in (
            "2026-11-05T10:00:00Z",
            "2026-11-05T10:00:00.000Z",
            "2026-11-05T12:00:00+02:00",
            "2026-11-05T10:00:00.000+0000",
        ):
            self.assertEqual(
                Reader({"t": text}).iso_moment("t"),
                datetime(2026, 11, 5, 10, tzinfo=UTC),
            )

    def test_moments_without_offset_are_refused(self):
        for text in (
            "2026-11-05T10:00:00",
            "2026-11-05",
            "1999-12-31T23:59:59Z",
            "2100-01-01T00:00:00Z",
            "0001-01-01T00:00:00+23:59",
            "9999-12-31T23:59:59-23:59",
            "soon",
            "",
            1793872800,
        ):
            with self.subTest(text=text), self.assertRaises(Quarantine):
                Reader({"t": text}).iso_moment("t")

    def test_days(self):
        self.assertEqual(Reader({"d": "2026-11-05"}).date("d"), date(2026, 11, 5))
        for text in ("20261105", "2026-W45-4", "2026-02-30", "2026-11-05T00:00Z", 1):
            with self.subTest(text=text), self.assertRaises(Quarantine):
                Reader({"d": text}).date("d")

    def test_decimal_texts(self):
        for text in ("12.50", "-0.000000001", "0", "9" * 30):
            found = Reader({"n": text}).decimal_text("n")
            self.assertEqual(f"{found:f}", text)
        for text in ("1e5", "NaN", "Infinity", "1,5", ".5", "٣", "", 1, 1.5):
            with self.subTest(text=text), self.assertRaises(Quarantine):
                Reader({"n": text}).decimal_text("n")

    def test_defaults(self):
        reader = Reader({"a": None})
        for method in (reader.iso_moment, reader.date, reader.decimal_text):
            self.assertIsNone(method("a", None))
            with self.assertRaises(Quarantine):
                method("a")

    def test_exponents_are_each_system_s(self):
        own = {"ISK": 2, "JPY": 0}
        for code, iso, its in (
            ("EUR", 2, 2),
            ("JPY", 0, 0),
            ("ISK", 0, 2),
            ("KWD", 3, 2),
        ):
            self.assertEqual(money.get_exponent(code), iso)
            self.assertEqual(money.get_exponent(code, own), its)

    def test_quantities_are_exact(self):
        self.assertEqual(DocumentLine(net=1, quantity="0.10").quantity, Decimal("0.1"))
        for wrong in (0.1, 0, -1, "NaN", "Infinity", "1" * 31):
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError):
                DocumentLine(net=1, quantity=wrong)

    def test_amounts_are_factored_exactly_or_not_at_all(self):
        for minor, quantity, expected in (
            (1000, "3", (1, 1000, "")),
            (1000, "4", (4, 250, "")),
            (-1000, "2.5", (Decimal("2.5"), -400, "")),
            (1000, "0.125", (1, 1000, "0.125")),
            (1000, "1.30", (1, 1000, "1.3")),
            (0, "7", (7, 0, "")),
        ):
            with self.subTest(quantity=quantity):
                self.assertEqual(money.factor(minor, Decimal(quantity), 2), expected)

    def test_what_is_not_told_of_a_customer_is_none(self):
        customer = Customer(external_id="C")
        self.assertIsNone(customer.tax_numbers)
        self.assertIsNone(customer.exemption)
        self.assertIsNone(customer.e_invoice_address)
        for wrong in ({"language": "German!"}, {"tax_numbers": [{"value": ""}]}):
            with self.assertRaises(ValidationError):
                Customer(external_id="C", **wrong)
        Customer(
            external_id="C",
            tax_numbers=(TaxNumber(value="DE811569869", country_code="DE"),),
            exemption=Exemption(reason="Resale", ends_on=date(2027, 1, 1)),
            language="pt-BR",
        )
