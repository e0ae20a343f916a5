"""Each reason says what its events wait for, in the same words whatever came first.

Covers canonical/review/causes.py, canonical/review/severity.py,
canonical/review/stakes.py, canonical/review/changes.py.
"""

from datetime import UTC, datetime

from odoo.tests import BaseCase, tagged

from ...canonical.errors import Missing, Park, Quarantine
from ...canonical.facts import Payment, Payout
from ...canonical.item import Item
from ...canonical.reasons import Cause, Reason
from ...canonical.review.causes import (
    KEYS,
    Told,
    find_key,
    fingerprint,
    is_about,
    write_product,
)
from ...canonical.review.severity import FLOORS, HOURS
from ...canonical.review.stakes import find_stake

_MOMENT = datetime(2026, 11, 2, tzinfo=UTC)


@tagged("post_install", "-at_install")
class TestCauses(BaseCase):
    def test_each_reason_has_a_key(self):
        told = {
            "about": "stated",
            "subject": "invoice:I-1",
            "customer": "C-1",
            "event_type": "invoice.issued",
            "mode": "test",
            "account": "acct_1",
            "detail": "It failed.",
        }
        for reason in Reason:
            with self.subTest(reason=reason):
                found = find_key(Told(reason, **told))
                self.assertEqual(found.reason, reason.value)
                self.assertTrue(found.key)
                self.assertIn(FLOORS[reason], HOURS)
        self.assertEqual(set(KEYS), set(Reason))

    def _key(self, reason, **told):
        return find_key(Told(reason, **told)).key

    def test_what_is_the_same_has_one_key(self):
        """Numbers, names in quotes and ids are not what went wrong."""
        texts = (
            'The journal entry 17 of "Acme" is not balanced: 10.00.',
            'The journal entry 4711 of "Other Ltd" is not balanced: 3.50.',
        )
        keys = {
            self._key(Reason.POSTING_FAILED, about="UserError", detail=text)
            for text in texts
        }
        self.assertEqual(len(keys), 1)
        other = self._key(Reason.POSTING_FAILED, about="UserError", detail="No rights.")
        self.assertNotIn(other, keys)
        self.assertEqual(fingerprint("Error 12 in mail@example.com"), "error in")

    def test_currencies_go_by_month(self):
        rates = [Cause.RATE.of("EUR", day) for day in ("2026-05-01", "2026-05-31")]
        keys = {self._key(Reason.CURRENCY_MISMATCH, cause=rate) for rate in rates}
        self.assertEqual(keys, {"EUR:2026-05"})
        off = Cause.CURRENCY.of("EUR", "2026-05-01")
        self.assertEqual(self._key(Reason.CURRENCY_MISMATCH, cause=off), "EUR:inactive")

    def test_customers_go_by_what_is_waited_for(self):
        late = self._key(Reason.UNKNOWN_TENANT, waiting_for="customer:C-1")
        told = self._key(Reason.UNKNOWN_TENANT, customer="C-1", subject="invoice:1")
        nobody = self._key(Reason.UNKNOWN_TENANT, subject="invoice:1")
        self.assertEqual((late, told, nobody), ("customer:C-1",) * 2 + ("invoice:1",))

    def test_either_id_of_a_product_names_it(self):
        key = write_product("price_1", "prod_1")
        self.assertTrue(is_about(key, "price_1") and is_about(key, "prod_1"))
        self.assertFalse(is_about(key, "price_") or is_about(key, ""))

    def test_an_error_keeps_all_of_its_causes(self):
        item = Item(None, None)
        item.quarantine(Reason.UNMAPPED_PRODUCT, "One.", about="a|")
        item.quarantine(Reason.UNMAPPED_PRODUCT, "One.", about="a|")
        item.quarantine(Reason.UNMAPPED_TAX, "Two.", about="t")
        item.park("tax_rate", "r")
        self.assertEqual([s.about for s in item.error.stops], ["a|", "t"])
        self.assertEqual(item.error.reason, Reason.UNMAPPED_PRODUCT)
        self.assertEqual(item.error.detail, "One. Two.")
        item.reset()
        item.park("tax_rate", "r")
        self.assertIsInstance(item.error, Park)

    def test_each_missing_field_is_a_cause(self):
        error = Quarantine.lacking(Missing(("fee_account_id", "loan_id"), "Choose."))
        self.assertEqual([s.about for s in error.stops], ["fee_account_id", "loan_id"])
        self.assertEqual(error.detail, "Choose.")

    def test_the_largest_amount_is_at_stake(self):
        money = {"currency": "EUR", "exponent": 2}
        facts = [
            Payment(external_id="p", amount=500, paid_at=_MOMENT, **money),
            Payout(
                external_id="o",
                amount=-700,
                state="paid",
                automatic=True,
                arrives_at=_MOMENT,
                **money,
            ),
        ]
        stake = find_stake(facts)
        self.assertEqual(stake[:4], ("payout", "o", 700, "EUR"))
        self.assertEqual(stake.moment, _MOMENT)
        self.assertIsNone(find_stake([]))
