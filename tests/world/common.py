"""Many stories' books side by side in one company, told apart again and compared with
what the stories come to.
"""

import re
from collections import Counter, defaultdict
from unittest.mock import patch

from odoo import Command

from ...canonical.money import exact
from ..support.common import SEED, SaasCommon
from .expected import expect
from .objects import EXPONENTS, RATES
from .telling import show, tell

_COPY = re.compile(r"copy(\d+)z")
#: What the nightly comparison compares, and the objects that it reads for it.
_COMPARED = {
    "invoice": "invoice",
    "credit_note": "credit_note",
    "payment": "charge",
    "refund": "refund",
    "payout": "payout",
}


class WorldCommon(SaasCommon):
    """A company whose source maps the taxes of stories, with rates that change between
    the days of a story.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo books many facts in little more time than one.
        drain = type(cls.env["saas.drain"])
        cls.startClassPatcher(patch.object(drain, "_batch_size", 2000))
        cls.setup_other_currency("KWD", rates=[("2024-01-01", 0.31)])
        cls.env["res.currency.rate"].create(
            {
                "name": "2026-11-04",
                "rate": 0.9,
                "currency_id": cls.eur.id,
                "company_id": cls.company.id,
            }
        )
        cls.source.tax_mapping_ids = [
            Command.create(
                {
                    "external_id": rate,
                    "tax_id": cls._create_vat(permille / 10, name=rate).id,
                }
            )
            for rate, permille in RATES.items()
        ]

    # -- telling ------------------------------------------------------------------

    def play(self, stories):
        """Tell stories side by side, in a few gulps with a drain after each. After each
        drain, all that was posted before is still posted.
        """
        self.source.bad_debt_tax_relief = stories[0].relief
        posted = self._find_posted()
        for gulps in zip(*(tell(story, SEED) for story in stories), strict=True):
            self.deliver(*(event for gulp in gulps for event in gulp))
            self.analyze()
            before, posted = posted, self._find_posted()
            self.assertFalse(before - posted)
        self.assertWhole()

    def _find_posted(self):
        return self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted")]
        )

    # -- what is wrong ------------------------------------------------------------

    def find_faults(self, stories):
        """Return what is wrong with the books, as texts by number of the story."""
        faults = defaultdict(list)
        moves = self._group_moves()
        for story in stories:
            own, expected = moves[story.number], expect(story)
            faults[story.number] += [
                *self._check_sums(story, expected.sums, own),
                *self._check_due(story, expected.due, own),
                *self._check_days(expected.days, own),
                *self._check_balanced(own),
            ]
        for number, text in [*self._find_unfinished(), *self.compare(stories)]:
            faults[number].append(text)
        return {number: texts for number, texts in faults.items() if texts}

    def _group_moves(self):
        """Return all that is posted by the number of its story; each move is of one."""
        found = defaultdict(lambda: self.env["account.move"])
        bindings = self.env["saas.binding"].search(
            [("source_id", "=", self.source.id), ("res_model", "=", "account.move")]
        )
        bound = {b.res_id: b.external_id for b in bindings}
        for move in self._find_posted():
            texts = [
                bound.get(move.id),
                move.ref,
                move.saas_external_id,
                *move.line_ids.mapped("name"),
                *move.line_ids.partner_id.mapped("name"),
            ]
            numbers = {n for text in texts if text for n in _COPY.findall(text)}
            self.assertEqual(len(numbers), 1, texts)
            found[int(numbers.pop())] |= move
        return found

    def _check_sums(self, story, want, moves):
        booked = Counter()
        exponent = EXPONENTS[story.account.currency]
        for line in moves.line_ids:
            name = self.accounts.get(line.account_id, line.account_id.code)
            booked[name] += int(exact(line.amount_currency, 3).scaleb(exponent))
        if "BAD+TAX" in want:
            # How it is split is told by the sum of revenue and tax alone.
            want = {**want, "BAD+TAX": want["BAD+TAX"] + want.get("TAX", 0)}
            want.pop("TAX", None)
            booked["BAD+TAX"] = booked.pop("BAD", 0) + booked.pop("TAX", 0)
        for name in ("AR", "GAIN", "LOSS"):
            booked.pop(name, None)
        for name in sorted({*want, *booked}):
            if booked[name] != want.get(name, 0):
                yield f"{name} is {booked[name]}, and not {want.get(name, 0)}"

    def _check_due(self, story, want, moves):
        """Yield the invoices of which another amount is open than at the source."""
        exponent = EXPONENTS[story.account.currency]
        documents = {move.saas_external_id: move for move in moves}
        for ref, amount in want.items():
            move = documents.get(ref)
            if not move:
                yield f"{ref} is not booked"
                continue
            lines = move.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            rest = sum(exact(line.amount_residual_currency, 3) for line in lines)
            if (minor := int(rest.scaleb(exponent))) != amount:
                yield f"{minor} is open of {ref}, and not {amount}"

    def _check_days(self, want, moves):
        for payment in moves.origin_payment_id:
            days = want.get(payment.saas_external_id)
            if self._is_taken_back(payment):
                continue  # It was booked before its day was known.
            if days and payment.date not in days:
                told = ", ".join(sorted(map(str, days)))
                yield f"{payment.saas_external_id} is of {payment.date}, not {told}"

    def _is_taken_back(self, payment):
        """Return whether a payment was reversed on its own day."""
        return any(
            move.date == payment.date and move.state == "posted"
            for move in payment.move_id.reversal_move_ids
        )

    def _check_balanced(self, moves):
        for move in moves:
            for field in ("balance", "amount_currency"):
                if sum(exact(line[field], 3) for line in move.line_ids):
                    yield f"{move.name}: {field} doesn't balance"

    def _find_unfinished(self):
        events = self.env["saas.subscription.event"].search(
            [("source_id", "=", self.source.id), ("state", "!=", "done")]
        )
        for event in events:
            [number] = set(_COPY.findall(str(event.external_id)))
            yield (
                int(number),
                f"{event.event_type} is {event.state} {event.reason or ''}: "
                f"{event.waiting_for or ''} {event.detail or ''}",
            )

    def compare(self, stories):
        """Ask the nightly comparison; yield the number of the story and a text for each
        difference between the books and how the account ended.
        """
        for kind, name in _COMPARED.items():
            found = [
                show(story.account, data)
                for story in stories
                for data in story.account.find(name)
            ]
            outcomes = self.env["saas.reconcile.reading"]._compare(
                self.source, kind, found
            )
            for outcome in outcomes:
                [number] = _COPY.findall(outcome.external_id)
                for gap in outcome.gaps:
                    yield (
                        int(number),
                        f"comparison: {kind} {outcome.external_id} {outcome.result}, "
                        f"{gap.field}: {gap.theirs or '-'} / {gap.ours or '-'}",
                    )


def describe(stories, faults):
    """Return the stories that went wrong, the shortest first, with what is wrong."""
    wrong = sorted(
        (story for story in stories if story.number in faults),
        key=lambda story: len(story.steps),
    )
    return "\n".join(
        line
        for story in wrong
        for line in (
            f"SEED={SEED} STORY={story.number}: {story}",
            *(f"    {text}" for text in faults[story.number]),
        )
    )
