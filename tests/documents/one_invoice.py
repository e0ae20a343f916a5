"""What may happen to one invoice of 119.00: credited, given up, paid in part, voided."""

import itertools
import random
from collections import Counter

from ..support import stripe_fixtures
from ..support.books import Undo
from ..support.common import FULL, SEED, SaasCommon

_DAY = 86400
#: How many orders of a story are tried.
ORDERS = 120 if FULL else 4


class OneInvoice(SaasCommon):
    """Makes events of both shapes about one invoice of 100.00 net and 19.00 tax. Days
    are counted from the one on which it was finalised.
    """

    shape = "basil"

    def _event(self, name, kind, day, number=0, /, **changes):
        """Return an event of a kind, made of a fixture, on a day."""
        event = stripe_fixtures.load(self.shape, name, **changes)
        event["type"] = kind
        name = "_".join((kind, changes.get("id", ""), str(day), str(number)))
        event["id"] = f"evt_{name}".replace(".", "_")
        event["created"] = self._get_moment(day) + number
        return event

    def _get_moment(self, day):
        invoice = stripe_fixtures.load(self.shape, "invoice.marked_uncollectible")
        return invoice["data"]["object"]["effective_at"] + day * _DAY

    def invoice(self, kind, status, day, left=0, number=0, **changes):
        """Return a snapshot of the invoice.

        :param left: what is still to be paid, in cents.
        """
        moment = self._get_moment(day)
        transitions = {"finalized_at": self._get_moment(0)}
        if status in ("uncollectible", "void", "paid"):
            name = {"uncollectible": "marked_uncollectible", "void": "voided"}
            transitions[f"{name.get(status, status)}_at"] = moment
        paid = changes.pop("amount_paid", 0)
        return self._event(
            "invoice.marked_uncollectible",
            kind,
            day,
            number,
            **{
                "status": status,
                "status_transitions": transitions,
                "amount_remaining": left,
                "amount_paid": paid,
                **changes,
            },
        )

    def finalized(self, **changes):
        return self.invoice("invoice.finalized", "open", 0, 11900, **changes)

    def given_up(self, day, left=11900, kind="invoice.marked_uncollectible"):
        """Return that the invoice was given up, or a later read of that."""
        return self.invoice(kind, "uncollectible", day, left)

    def voided(self, day, left=11900):
        return self.invoice("invoice.voided", "void", day, left)

    def paid(self, day, amount=11900):
        return self.invoice("invoice.paid", "paid", day, 0, amount_paid=amount)

    def credit(self, day, net=2000, name="A", voided=None):
        """Return a credit note of some of the net amount, with 19 % tax; voided on a
        later day, if one is given.
        """
        fixture, tax = "credit_note.created-pre_payment", net * 19 // 100
        base = stripe_fixtures.load(self.shape, fixture)["data"]["object"]
        invoice = self.finalized()["data"]["object"]
        [line] = base["lines"]["data"]
        key = "taxes" if self.shape == "basil" else "tax_amounts"
        line["id"], line["amount"] = f"cnli_{name}", net
        line["invoice_line_item"] = invoice["lines"]["data"][0]["id"]
        line[key][0].update(amount=tax, taxable_amount=net)
        changes = {
            "id": f"cn_{name}",
            "number": f"CN-{name}",
            "invoice": invoice["id"],
            "created": self._get_moment(day),
            "effective_at": self._get_moment(day),
            "lines": base["lines"],
            "amount": net + tax,
            "total": net + tax,
        }
        if self.shape == "basil":
            changes["pre_payment_amount"] = net + tax
        if voided is None:
            return self._event(fixture, "credit_note.created", day, **changes)
        changes.update(status="void", voided_at=self._get_moment(voided))
        return self._event(fixture, "credit_note.voided", voided, **changes)

    def payment(self, day, amount, name="A"):
        """Return that some of the invoice was paid."""
        moment = self._get_moment(day)
        if self.shape == "basil":
            return self._event(
                "invoice_payment.paid-recovered",
                "invoice_payment.paid",
                day,
                id=f"inpay_{name}",
                amount_paid=amount,
                amount_requested=amount,
                created=moment,
                payment={"type": "payment_intent", "payment_intent": f"pi_{name}"},
                status_transitions={"paid_at": moment},
            )
        return self._event(
            "charge.succeeded-recovered",
            "charge.succeeded",
            day,
            id=f"ch_{name}",
            payment_intent=f"pi_{name}",
            amount=amount,
            amount_captured=amount,
            created=moment,
        )

    # -- the books ----------------------------------------------------------------

    def sums(self):
        """Return what each account comes to, by its name, without zeros."""
        sums = Counter()
        for (account, _day), amount in self.sums_by_day().items():
            sums[account] += amount
        return {account: amount for account, amount in sums.items() if amount}

    def sums_by_day(self):
        """Return what each account has moved on each day, in cents, without zeros."""
        sums = Counter()
        for line in self._lines():
            name = self.accounts.get(line.account_id, line.account_id.code)
            sums[name, str(line.date)] += round(line.balance * 100)
        return {key: amount for key, amount in sums.items() if amount}

    def open_items(self):
        """Return what is open of receivables, in cents, by what it belongs to."""
        found = Counter()
        for line in self._lines():
            if line.account_type == "asset_receivable" and not line.reconciled:
                found[line.move_id.move_type] += round(line.amount_residual * 100)
        return {kind: amount for kind, amount in found.items() if amount}

    def _lines(self):
        return self.env["account.move.line"].search(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")]
        )

    def check_any_order(self, *events, **expected):
        """Check that a story ends in the same books in whatever order it is told, by
        turns one by one and at once.

        :param expected: cents by the accounts' names; nothing is open but ``open``.
        """
        is_open = expected.pop("is_open", {})
        orders = list(itertools.permutations(events))
        if len(orders) > ORDERS:
            orders = [events, events[::-1], *random.Random(SEED).sample(orders, ORDERS)]
        by_day = None
        for number, order in enumerate(orders):
            told, at_once = [event["id"] for event in order], number % 2 > 0
            with self.subTest(order=told, at_once=at_once):
                by_day = self._check_order(order, at_once, expected, is_open, by_day)

    def _check_order(self, order, at_once, expected, is_open, by_day):
        """Check one order; return what the accounts have moved by day."""
        moved = None
        try:
            with self.env.cr.savepoint():
                for part in [order] if at_once else [[event] for event in order]:
                    self.deliver(*part)
                events = self.env["saas.subscription.event"].search(
                    [("source_id", "=", self.source.id)]
                )
                self.assertState(events, "done")
                self.assertEqual(self.sums(), expected, self.books())
                self.assertEqual(self.open_items(), is_open, self.books())
                moved = self.sums_by_day()
                self.assertEqual(by_day or moved, moved, self.books())
                self.assertWhole()
                raise Undo
        except Undo:
            self.env.invalidate_all()
        return by_day or moved
