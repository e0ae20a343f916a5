"""Covers adapters/stripe/currency."""

from datetime import UTC, datetime
from decimal import Decimal

from odoo.tests import BaseCase, TransactionCase, tagged

from ...adapters.stripe import currency
from ...adapters.stripe.harmless import HARMLESS
from ...canonical import identity, money
from ...canonical.display.masking import MASK, mask
from ...canonical.envelope import MAX_DEPTH, parse
from ...canonical.errors import Malformed, Quarantine
from ...canonical.reader import Reader
from ...canonical.reasons import Reason, State
from ..support import stripe_fixtures

_ODD = (None, "", "x", -1, 10**30, 1.5, True, [], {}, [None], "\x00", "\ud800")


@tagged("post_install", "-at_install")
class TestReader(BaseCase):
    """A value is what it should be, or there is one clear error."""

    def test_values(self):
        reader = Reader({"a": {"t": "x", "n": 5, "f": True, "l": [{"id": "i"}]}})
        self.assertEqual(reader.text("a.t"), "x")
        self.assertEqual(reader.integer("a.n"), 5)
        self.assertIs(reader.flag("a.f"), True)
        self.assertEqual(reader.objects("a.l")[0].ref("id"), "i")
        self.assertEqual(reader.object("a").text("t"), "x")
        self.assertEqual(reader.object("a.none").value, {})
        self.assertEqual(reader.objects("a.none"), [])
        self.assertTrue(reader.has("a.t"))
        self.assertFalse(reader.has("a.b.c"))

    def test_defaults(self):
        """A default stands for what is missing or null, never for what is wrong."""
        for value in ({}, {"a": None}):
            reader = Reader(value)
            for method in (reader.text, reader.integer, reader.ref, reader.moment):
                self.assertIsNone(method("a", None))
                with self.assertRaises(Quarantine):
                    method("a")
        for method in ("text", "integer", "ref", "moment", "flag"):
            with self.assertRaises(Quarantine):
                getattr(Reader({"a": [1]}), method)("a", None)

    def test_text_that_can_t_be_stored(self):
        """Of a text, what PostgreSQL can't hold is left out; an id has to be whole."""
        reader = Reader({"a": "Fj\x00ord\ud800 \U0001f600"})
        self.assertEqual(reader.text("a"), "Fjord \U0001f600")
        with self.assertRaises(Quarantine):
            reader.ref("a")

    def test_a_text_is_no_longer_than_an_index_holds(self):
        reader = Reader({"name": "\u4e00" * 3000, "short": "\u4e00" * 255})
        self.assertEqual(reader.text("name"), "\u4e00" * 416)
        self.assertEqual(reader.text("short"), "\u4e00" * 255)
        self.assertEqual(reader.long_text("name"), "\u4e00" * 3000)

    def test_wrong_types(self):
        for method, good in (
            ("text", ("", "x", "\x00", "\ud800")),
            ("ref", ("x",)),
            ("integer", (-1, 10**30)),
            ("flag", (None, True)),
            ("moment", ()),
            ("object", (None, {})),
            ("objects", (None, [])),
        ):
            for value in _ODD:
                with self.subTest(method=method, value=value):
                    reader = Reader({"a": value})
                    if any(value is g or value == g for g in good) and not (
                        method == "integer" and isinstance(value, bool)
                    ):
                        getattr(reader, method)("a")
                        continue
                    with self.assertRaises(Quarantine) as caught:
                        getattr(reader, method)("a")
                    self.assertEqual(caught.exception.reason, Reason.INVALID_PAYLOAD)
                    self.assertRegex(
                        caught.exception.detail, r"^The value at a(\[0\])? should be"
                    )

    def test_errors_hold_no_values(self):
        """Details are shown in lists: they tell where and what, not the value."""
        with self.assertRaises(Quarantine) as caught:
            Reader({"a": {"b": "Jule Petersen"}}).integer("a.b")
        self.assertEqual(
            caught.exception.detail,
            "The value at a.b should be a whole number, but is a text.",
        )

    def test_path(self):
        with self.assertRaisesRegex(Quarantine, r"a\.l\[1\]\.n should be"):
            Reader({"a": {"l": [{}, {"n": "x"}]}}).object("a").objects("l")[1].integer(
                "n"
            )
        with self.assertRaisesRegex(Quarantine, "The body should be an object"):
            Reader([])

    def test_moment(self):
        self.assertEqual(
            Reader({"t": 1793872800}).moment("t"),
            datetime(2026, 11, 5, 10, tzinfo=UTC),
        )
        for value in (0, 946684799, 4102444800, 1793872800000):
            with self.assertRaises(Quarantine):
                Reader({"t": value}).moment("t")


@tagged("post_install", "-at_install")
class TestEnvelope(BaseCase):
    def test_parse(self):
        self.assertEqual(parse(' {"ü": [1]}\n'.encode()), {"ü": [1]})
        for body in (b"", b"[]", b"1", b"{", b'{"a": NaN}', b"\xff", b"{} {}"):
            with self.assertRaises(Malformed):
                parse(body)

    def test_depth(self):
        def nested(depth):
            return b'{"a":' * depth + b"1" + b"}" * depth

        parse(nested(MAX_DEPTH))
        for depth in (MAX_DEPTH + 1, 100_000):
            with self.assertRaises(Malformed):
                parse(nested(depth))


@tagged("post_install", "-at_install")
class TestMoney(BaseCase):
    def test_exponents(self):
        """Stripe's, and not Odoo's, where the two differ."""
        for exponent, codes in {
            0: "JPY KRW MGA VND CLP",
            2: "USD EUR ISK UGX TWD HUF",
            3: "BHD JOD KWD OMR TND",
        }.items():
            for code in codes.split():
                self.assertEqual(currency.get_exponent(code), exponent, code)

    def test_exact(self):
        for minor, exponent, text in (
            (11900, 2, "119.00"),
            (11900, 0, "11900"),
            (-5, 2, "-0.05"),
            (1230, 3, "1.230"),
            (10**15 + 1, 2, "10000000000000.01"),
        ):
            self.assertEqual(money.to_decimal(minor, exponent), Decimal(text))
        self.assertEqual(sum([money.to_decimal(10, 2)] * 3), Decimal("0.30"))


@tagged("post_install", "-at_install")
class TestIdentity(BaseCase):
    def test_phone(self):
        for phone, country in (
            ("+49 40 3005-1234", None),
            ("040 30051234", "DE"),
            ("+49 (0)40 30051234", "FR"),
            ("0049 40 30051234", "DE"),
        ):
            self.assertEqual(identity.phone_key(phone, country), "+494030051234")
        for phone in ("", None, "040 30051234", "call me", "+49 1", "0"):
            self.assertEqual(identity.phone_key(phone), "")

    def test_vat(self):
        self.assertEqual(identity.vat_key(" de 811.907-980"), "DE811907980")
        self.assertEqual(identity.vat_key(None), "")

    def test_email(self):
        self.assertEqual(identity.email_key(" Ada@Example.COM "), "ada@example.com")
        for email in ("", None, "ada", "ada@", "a b@example.com", "a@b@c"):
            self.assertEqual(identity.email_key(email), "")


@tagged("post_install", "-at_install")
class TestMasking(BaseCase):
    def test_no_personal_value_survives(self):
        found = 0
        for shape, name, event in stripe_fixtures.every():
            with self.subTest(shape=shape, fixture=name):
                personal = set(_personal_values(event))
                self.assertFalse(personal & set(_leaves(mask(event, HARMLESS))))
                found += len(personal)
        self.assertGreater(found, 400)

    def test_structure_and_amounts_stay(self):
        event = stripe_fixtures.load("basil", "invoice.finalized")
        obj, shown = event["data"]["object"], mask(event, HARMLESS)["data"]["object"]
        self.assertEqual(set(shown), set(obj))
        for key in ("id", "total", "currency", "status", "number", "customer"):
            self.assertEqual(shown[key], obj[key])
        self.assertEqual(
            shown["lines"]["data"][0]["amount"], obj["lines"]["data"][0]["amount"]
        )
        self.assertEqual(shown["customer_email"], MASK)
        self.assertIsNone(shown["customer_address"]["line2"], "absent stays absent")
        self.assertEqual(event, stripe_fixtures.load("basil", "invoice.finalized"))


@tagged("post_install", "-at_install")
class TestReasons(TransactionCase):
    """What the canonical lists name is labelled, and every reason has a next step."""

    def test_reasons(self):
        event = self.env["saas.subscription.event"]
        labels = dict(event._fields["reason"].selection)
        self.assertEqual(set(labels), {reason.value for reason in Reason})
        steps = event._get_next_steps()
        self.assertEqual(set(steps), set(labels))
        actors = dict(event._fields["actor"].selection)
        for reason, (actor, step) in steps.items():
            self.assertIn(actor, actors, reason)
            self.assertTrue(step.endswith("."), reason)

    def test_states(self):
        event = self.env["saas.subscription.event"]
        labels = dict(event._fields["state"].selection)
        self.assertEqual(set(labels), {state.value for state in State})


#: What tells of a person in the fixtures, or opens a door.
_MARKS = (
    "@ Nordlicht Petersen +49 Speicher 20457 Hamburg DE811907980 DE136695976 4242"
    " _secret_ invoice.stripe.com pay.stripe.com"
).split()


def _personal_values(value):
    """Yield the texts that tell who somebody is, found by what they look like and
    not by the keys that masking knows.
    """
    for text in _leaves(value):
        if isinstance(text, str) and any(mark in text for mark in _MARKS):
            yield text


def _leaves(value):
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
