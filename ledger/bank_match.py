from datetime import timedelta

from odoo import models

from ..canonical.money import exact

#: How long before and after the day the source promises a bank may book it.
_DAYS_BEFORE, _DAYS_AFTER = 3, 7


class SaasLedgerBankMatch(models.AbstractModel):
    """Finds a payout's line on the bank's statement, and has the two reconciled on the
    account of internal transfers. Without one clear match, a person decides.
    """

    _name = "saas.ledger.bank_match"
    _description = "SaaS payout match"

    def _match(self, payouts):
        """Match payouts with the one bank line that fits, if it fits no other payout.

        :return: the payouts that were matched.
        """
        waiting = payouts.filtered(lambda p: p.is_booked and not p.is_in_bank)
        matched = self._take_matched(waiting)
        waiting -= matched
        for source, own in waiting.grouped("source_id").items():
            # Payouts that were not asked for compete for the same bank lines.
            rivals = own.search(
                [
                    ("source_id.payout_journal_id", "=", source.payout_journal_id.id),
                    ("is_booked", "=", True),
                    ("is_in_bank", "=", False),
                ]
            )
            found = self._get_candidates(source, rivals)
            claims = {}
            for rival, lines in found.items():
                for line in lines:
                    claims.setdefault(line, []).append(rival)
            for payout in own:
                lines = found.get(payout, [])
                if len(lines) == 1 and len(claims[lines[0]]) == 1:
                    self.env["saas.ledger.settlement"]._reconcile_bank_line(
                        payout.move_id, payout.company_id.transfer_account_id, lines[0]
                    )
                    payout.bank_line_id = lines[0]
                    matched |= payout
        return matched

    def _take_matched(self, payouts):
        """Take the bank lines that people matched payouts with in Odoo's own screens,
        or that they booked payouts by.

        :return: the payouts that were matched.
        """
        matched = payouts.browse()
        for payout in payouts:
            items = payout.move_id.line_ids
            partials = items.matched_debit_ids | items.matched_credit_ids
            met = partials.debit_move_id | partials.credit_move_id
            lines = (items | met).move_id.statement_line_id
            if len(lines) == 1:
                payout.bank_line_id = lines
                matched |= payout
        return matched

    def _get_candidates(self, source, payouts):
        """Return for each payout the bank lines it could be: those that show one of
        its own references; if none does, all of its amount.
        """
        lines = self._get_lines(source, payouts)
        found = {}
        for payout in payouts:
            fitting = [line for line in lines if self._is_fitting(payout, line)]
            named = [line for line in fitting if self._is_named(payout, line)]
            found[payout] = named or fitting
        return found

    def _get_lines(self, source, payouts):
        """Return the bank's open lines around the days of arrival."""
        lines = self.env["account.bank.statement.line"]
        days = payouts.mapped("arrival_date")
        if not days or not source.payout_journal_id:
            return lines
        return lines.search(
            [
                ("journal_id", "=", source.payout_journal_id.id),
                ("company_id", "=", source.company_id.id),
                ("is_reconciled", "=", False),
                ("date", ">=", min(days) - timedelta(days=_DAYS_BEFORE)),
                ("date", "<=", max(days) + timedelta(days=_DAYS_AFTER)),
            ]
        )

    def _is_fitting(self, payout, line):
        """Return whether amount, currency and day are the payout's."""
        foreign = line.foreign_currency_id
        currency = foreign or line.currency_id
        amount = line.amount_currency if foreign else line.amount
        places = currency.decimal_places
        # What was exchanged reaches the bank in its other currency.
        exchanged = payout.bank_currency_id
        paid = payout.bank_amount if exchanged else payout.amount
        return (
            currency == (exchanged or payout.currency_id)
            and exact(amount, places) == exact(paid, places)
            and -_DAYS_BEFORE <= (line.date - payout.arrival_date).days <= _DAYS_AFTER
            and len(line._seek_for_lines()[1]) == 1
        )

    def _is_named(self, payout, line):
        """Return whether the bank shows an id that this payout alone has."""
        shown = f"{line.payment_ref or ''} {line.ref or ''}"
        own = [
            text
            for text in (payout.bank_texts or "").split()
            # A statement's descriptor is the merchant's name, the same each time.
            if len(text) >= 8 and any(char.isdigit() for char in text)
        ]
        return any(text in shown for text in own)
