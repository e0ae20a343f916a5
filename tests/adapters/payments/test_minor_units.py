"""In which minor units gateways take amounts: theirs are not always ISO 4217's.
https://docs.stripe.com/currencies

Covers adapters/stripe/currency and adapters/stripe/payments/collect.
"""

from odoo.tests import BaseCase, tagged

from ....adapters.gocardless.const import EXPONENT
from ....adapters.stripe import currency

#: Exponent, and of how many minor units amounts are multiples.
_EXPECTED = {
    "EUR": (2, 1),
    "USD": (2, 1),
    # zero-decimal
    "JPY": (0, 1),
    "KRW": (0, 1),
    "CLP": (0, 1),
    "MGA": (0, 1),  # ISO 4217 says 2
    "XOF": (0, 1),
    # three decimals, the last of them 0
    "BHD": (3, 10),
    "KWD": (3, 10),
    "TND": (3, 10),
    # without a minor unit, and written with two zeros
    "ISK": (2, 100),
    "UGX": (2, 100),
    # Paid out in whole units, and collected in hundredths all the same.
    "HUF": (2, 1),
    "TWD": (2, 1),
}


@tagged("post_install", "-at_install")
class TestMinorUnits(BaseCase):
    def test_stripe(self):
        for name, (exponent, step) in _EXPECTED.items():
            with self.subTest(name):
                self.assertEqual(currency.get_exponent(name), exponent)
                self.assertEqual(currency.get_step(name), step)

    def test_gocardless(self):
        """All its eight currencies have two decimals."""
        self.assertEqual(EXPONENT, 2)
