"""Covers adapters/stripe/harmless."""

import re

from odoo.tests import BaseCase, tagged

from ...adapters.stripe.harmless import HARMLESS
from ...canonical.display.harmless import Harmless
from ...canonical.display.masking import MASK, mask
from ..support import stripe_fixtures

#: What somebody could be known by, in the shapes it comes in.
_TEXTS = (
    "Jule Petersen",
    "jule@nordlicht.example",
    "+49 40 3005 1234",
    "DE811907980",
    "Speicherstraße 12",
    "192.0.2.17",
    "4242 4242 4242 4242",
    "https://pay.stripe.com/i/acct_1/test_x",
    "pi_1yE2h8kSF_secret X5",
    "20457 Hamburg",
)
_PHONE, _POSTAL_CODE, _MONTH = 494030051234, 20457, 8
#: Under these a whole number is an amount, or how many there are of something.
_AMOUNTS = re.compile(r"amount|total|tax|fee|net|balance|quantity|exchange_rate")
_COUNTS = re.compile(r"count|days|sequence|webhooks|percent")
_PERSONAL = re.compile(
    r"name|email|phone|line1|line2|city|postal|exp_|last4|fingerprint|secret|url|pdf"
    r"|value|description|memo|message|metadata|(?<!has_)evidence|risk_score|receipt|ip$"
)
#: What a reviewer decides by, in every fixture.
_NEEDED = re.compile(
    r"id|object|type|currency|status|created|livemode|number|percentage|(sub)?total.*"
    r"|.*amount.*|fee|net|tax|taxability_reason|display_name|inclusive|quantity|reason"
    r"|period_(start|end)|start|end|due_date|paid_at|voided_at|finalized_at|arrival_date"
    r"|customer|invoice|subscription|charge|payment_intent|refund|balance_transaction"
    r"|price|product|tax_rate|country|api_version|billing_reason"
)


@tagged("post_install", "-at_install")
class TestMasking(BaseCase):
    """What is shown of a payload is known to be harmless; all else is masked."""

    def test_planted_everywhere(self):
        """In the place of every value: what tells of a person never shows."""
        for shape, name, event in stripe_fixtures.every():
            for text in _TEXTS:
                shown = mask(_plant(event, text), HARMLESS)
                self.assertNotIn(text, str(shown), name)
            for value, keys in (
                (_PHONE, _AMOUNTS),
                (_POSTAL_CODE, re.compile(f"{_AMOUNTS.pattern}|{_COUNTS.pattern}")),
            ):
                for key in _find(mask(_plant(event, value), HARMLESS), value):
                    self.assertRegex(key, keys, (shape, name))
            for value in (_MONTH, True, "petersen", "cus_petersen", "4111", 1.5):
                for key in _find(mask(_plant(event, value), HARMLESS), value):
                    self.assertNotRegex(key, _PERSONAL, (shape, name))

    def test_planted_objects(self):
        """An object or a list in the place of a value is no way around."""
        for _shape, name, event in stripe_fixtures.every():
            for value in (
                {"name": "Jule"},
                ["Jule"],
                [{"memo": ["Jule"]}],
                {"Jule": 1},
            ):
                shown = mask(_plant(event, value), HARMLESS)
                self.assertNotIn("Jule", str(shown), name)

    def test_unknown_keys(self):
        """What a vendor adds tomorrow is masked, whatever it looks like: also a truth
        value, a number, and an object with keys that are harmless elsewhere.
        """
        values = (*_TEXTS, _PHONE, True, False, 0, 1.5, "paid", "cus_1", "usd")
        for _shape, name, event in stripe_fixtures.every():
            for value in (*values, {"amount": 5, "status": "paid"}, [{"id": "cus_1"}]):
                shown = mask(_add(event, "brand_new", value), HARMLESS)
                found = list(_values(shown, "brand_new"))
                self.assertTrue(found)
                self.assertTrue(all(_is_masked(item) for item in found), (name, value))

    def test_free_keys(self):
        """Keys of the merchant's own making can tell of persons, and mean nothing."""
        shown = mask(
            {
                "metadata": {"Jule Petersen": "x", "amount": 5, "status": "paid"},
                "data": {"object": {"jule@nordlicht.example": None, "amount": 5}},
            },
            HARMLESS,
        )
        self.assertEqual(
            shown, {"metadata": MASK, "data": {"object": {MASK: None, "amount": 5}}}
        )

    def test_needed(self):
        """Of every fixture, what a reviewer decides by is shown as it is. The id of a
        coupon is a word that people chose.
        """
        count, faults = 0, set()
        for _shape, name, event in stripe_fixtures.every():
            shown = mask(event, HARMLESS)
            for key, value, masked in _pairs(event, shown):
                if not _NEEDED.fullmatch(key) or isinstance(value, dict | list):
                    continue
                is_word = key == "id" and isinstance(value, str) and "_" not in value
                if masked != (MASK if is_word else value):
                    faults.add((name, key))
                count += 1
        self.assertFalse(faults)
        self.assertGreater(count, 10_000)

    def test_adapter_without_list(self):
        """Another system's payload is masked but for the words of everybody."""
        shown = mask(
            {"type": "sale", "id": "cus_1", "amount": 5, "data": {"name": "Jule"}},
            Harmless(),
        )
        self.assertEqual(
            shown, {"type": "sale", "id": MASK, "amount": 5, "data": {"name": MASK}}
        )


def _plant(value, planted):
    """Return a copy in which every text, number, truth value and null is another."""
    if isinstance(value, dict) and value:
        return {key: _plant(item, planted) for key, item in value.items()}
    if isinstance(value, list) and value:
        return [_plant(item, planted) for item in value]
    return planted


def _add(value, key, added):
    """Return a copy in which every object has one more key."""
    if isinstance(value, dict):
        return {**{k: _add(item, key, added) for k, item in value.items()}, key: added}
    if isinstance(value, list):
        return [_add(item, key, added) for item in value]
    return value


def _find(value, wanted, key=""):
    """Yield the keys below which a value shows."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _find(item, wanted, name)
    elif isinstance(value, list):
        for item in value:
            yield from _find(item, wanted, key)
    elif value == wanted and type(value) is type(wanted):
        yield key


def _values(value, key):
    """Yield what stands below a key, wherever it is."""
    if isinstance(value, dict):
        if key in value:
            yield value[key]
        for item in value.values():
            yield from _values(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _values(item, key)


def _is_masked(value):
    return value == MASK or (
        isinstance(value, list) and all(_is_masked(item) for item in value)
    )


def _pairs(value, shown, key=""):
    """Yield key, value and what is shown of it, of all below objects that are shown;
    what is below a key of the merchant's own stands for itself.
    """
    if isinstance(value, dict) and isinstance(shown, dict):
        for name in value:
            yield from _pairs(value[name], shown[name], name)
    elif isinstance(value, list) and isinstance(shown, list):
        for item, other in zip(value, shown, strict=True):
            yield from _pairs(item, other, key)
    else:
        yield key, value, shown
