"""States and types are open lists at the source: a word that is not known here never
stops the money beside it, and a person is asked. Nor does a character that PostgreSQL
can't store.

Covers adapters/stripe/words and handlers/notices/unknown_word.
"""

import re

from odoo.tests import tagged

from ...adapters.stripe.words import KNOWN
from ...canonical.errors import Ignore, Quarantine
from ...canonical.facts import UnknownWord
from ...canonical.kinds import Kind
from ..support import stripe_fixtures
from ..support.common import SaasCommon
from ..support.mutants import paths

_WORD = "from_the_future"
_ENUMERATED = re.compile(r"[a-z]+(?:_[a-z]+)*")
#: Keys with words of the merchant's, of currencies and countries, or of Stripe's types
#: of objects; what they hold is no state and no type of the object.
_FREE = {"object", "currency", "description", "name", "tenant", "id", "nickname"}
#: Keys whose word is what the money is: of an unknown one there is nothing beside it,
#: so a person decides about the whole event.
_NATURE = {
    ("customer_balance_transaction", "type"),
    ("customer_cash_balance_transaction", "type"),
}
#: Kinds that book nothing by themselves, or what only a person can tell then. Of a
#: movement of an unknown category all amounts are kept, and a person chooses.
_WITHOUT_MONEY = (Kind.LOAN_COST, Kind.MOVEMENT_DAY, Kind.UNKNOWN_WORD)
#: Keys that say how amounts are to be read. If that is not known, the amounts don't
#: come to the total, and a person sees that.
_READING = {"tax_behavior", "customer_tax_exempt", "taxability_reason"}


@tagged("post_install", "-at_install")
class TestOpenWords(SaasCommon):
    def test_every_word_of_every_fixture(self):
        """Each enumerated field of each fixture with an unknown word: the adapter ends
        with the same money, and names the word if the books depend on it.
        """
        count = 0
        for shape, name, event in stripe_fixtures.every():
            facts = self._read(event)
            if not facts:
                continue
            for path in list(paths(event["data"]["object"])):
                owner, last = self._find(event, path)
                word = owner[last]
                if not _is_enumerated(last, word):
                    continue
                count += 1
                owner[last] = _WORD
                with self.subTest(shape=shape, name=name, path=path):
                    self._check(event, path, facts, self._read(event))
                owner[last] = word
        self.assertGreater(count, 3000)

    def _read(self, event):
        """Return the facts of an event, or the error that a person sees."""
        try:
            return self.env["saas.adapter.stripe"]._normalise(event)
        except (Ignore, Quarantine) as error:
            return error

    def _find(self, event, path):
        *way, last = path
        owner = event["data"]["object"]
        for key in way:
            owner = owner[key]
        return owner, last

    def _check(self, event, path, facts, found):
        data = event["data"]["object"]
        if len(path) == 1 and (data["object"], path[0]) in _NATURE:
            self.assertIsInstance(found, Quarantine)
            return
        self.assertIsInstance(found, list, found)
        asked = [fact for fact in found if isinstance(fact, UnknownWord)]
        if len(path) == 1 and path[0] in KNOWN.get(data["object"], ()):
            self.assertEqual([fact.word for fact in asked], [_WORD])
        if path[-1] not in _READING:
            self.assertEqual(_get_money(found), _get_money(facts))

    # -- the books ------------------------------------------------------------

    def _book(self, shape, names, **words):
        """Deliver fixtures, with an unknown word in those that ``words`` name by their
        object's type; return the sums by account.
        """
        payloads = [stripe_fixtures.load(shape, name) for name in names]
        for payload in payloads:
            data = payload["data"]["object"]
            if key := words.get(data["object"]):
                data[key] = _WORD
        self.assertState(self.deliver(*payloads), "done")
        self.assertWhole()
        lines = self.env["account.move.line"].search(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")]
        )
        return {
            name: round(sum(x.balance for x in lines if x.account_id == account), 2)
            for account, name in self.accounts.items()
        }

    def _ask(self):
        """Return what a person is asked about words."""
        kind = self.env.ref("saas_billing_sync.mail_activity_unknown_word")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])

    def _check_books(self, names, **words):
        """The same money with and without the word, and a person is asked once."""
        for shape in stripe_fixtures.SHAPES:
            with self.subTest(shape=shape, **words), self.env.cr.savepoint() as point:
                plain = self._book(shape, names)
                self.assertTrue(any(plain.values()))
                point.rollback()
                self.env.invalidate_all()
                self.assertEqual(self._book(shape, names, **words), plain)
                [asked] = self._ask()
                self.assertIn(_WORD, asked.summary)
                self.assertEqual(asked.user_id, self.responsible)
                point.rollback()
                self.env.invalidate_all()

    def test_dispute(self):
        """What a dispute has moved is booked, whatever state it is in."""
        self._check_books(
            ("customer.created", "charge.captured", "charge.dispute.funds_withdrawn"),
            dispute="status",
        )

    def test_refund(self):
        self._check_books(
            ("customer.created", "charge.succeeded", "refund.created"), refund="status"
        )

    def test_refund_that_came_back(self):
        self._check_books(
            (
                "customer.created",
                "charge.succeeded",
                "refund.created-bounced",
                "refund.failed",
            ),
            refund="status",
        )

    def test_charge(self):
        self._check_books(("customer.created", "charge.succeeded"), charge="status")

    def test_payout(self):
        self._check_books(("payout.paid", "payout.failed"), payout="status")

    def test_invoice(self):
        self._check_books(("invoice.finalized", "invoice.sent"), invoice="status")

    def test_credit_note(self):
        names = ("invoice.finalized-to_credit", "credit_note.created-pre_payment")
        for key in ("status", "type"):
            self._check_books(names, credit_note=key)

    def test_customer(self):
        self._check_books(
            ("customer.created", "charge.succeeded"), customer="tax_exempt"
        )

    def test_known_state_is_kept(self):
        """A void invoice stays void, a closed dispute closed, a subscription active."""
        load = stripe_fixtures.load_later
        self.deliver(
            *(
                stripe_fixtures.load("basil", name)
                for name in (
                    "invoice.finalized-to_void",
                    "invoice.voided",
                    "customer.subscription.created",
                )
            ),
            load("invoice.voided", 5, status=_WORD),
            load("customer.subscription.created", 5, status=_WORD),
        )
        move = self.env["account.move"].search(
            [("saas_state", "!=", False), ("move_type", "=", "out_invoice")]
        )
        self.assertEqual(move.mapped("saas_state"), ["void"])
        subscription = self.env["saas.subscription"].search(
            [("source_id", "=", self.source.id)]
        )
        known = stripe_fixtures.load("basil", "customer.subscription.created")
        self.assertEqual(subscription.state, known["data"]["object"]["status"])

    def test_each_word_is_asked_for_once(self):
        self.deliver(
            stripe_fixtures.load_later("invoice.finalized", 1, status=_WORD),
            stripe_fixtures.load_later("invoice.finalized", 2, status=_WORD),
            stripe_fixtures.load_later("invoice.finalized", 3, status="another"),
        )
        self.assertEqual(len(self._ask()), 2)

    # -- characters -----------------------------------------------------------

    def test_characters_that_can_t_be_stored(self):
        """They are left out of texts, and the money is booked."""
        event = stripe_fixtures.load(
            "basil", "invoice.finalized", number="A\x00-1\ud800"
        )
        event["data"]["object"]["lines"]["data"][0]["description"] = "Te\udfffam\x00"
        event["data"]["object"]["customer_name"] = "Nord\x00licht"
        self.assertState(self.deliver(event), "done")
        [move] = self.env["account.move"].search([("ref", "=", "A-1")])
        self.assertEqual(move.amount_total, 119)
        self.assertEqual(move.invoice_line_ids.name, "Team")
        self.assertEqual(move.partner_id.name, "Nordlicht")


def _is_enumerated(key, value):
    free = key in _FREE or not isinstance(key, str)
    return not free and isinstance(value, str) and _ENUMERATED.fullmatch(value)


def _get_money(facts):
    """Return what facts book, by kind and id."""
    return {
        (fact.kind, fact.external_id): (
            getattr(fact, "amounts", ()),
            getattr(fact, "net", None),
            [
                part.net
                for part in getattr(fact, "movements", ())
                if hasattr(part, "net")
            ],
            [line.gross for line in getattr(fact, "lines", ())],
            getattr(fact, "left", None),
        )
        for fact in facts
        if fact.kind not in _WITHOUT_MONEY
    }
