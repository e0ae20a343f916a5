from decimal import Decimal

from odoo import models

from ...canonical.money import exact, split
from ..journal_items import get_owed

_ZERO = Decimal(0)


class SaasLedgerUncollectible(models.AbstractModel):
    """Works out what is uncollectible of invoices that were given up, day by day, and
    what is still to be booked of it. It writes nothing.

    A payment or a credit note that comes later takes its amount out of the loss, on its
    own day; nothing is left of it once the invoice is paid or void. Each day has its
    own share, so the books are the same whichever is told first. Losses are
    :class:`~.loss.Loss`.
    """

    _name = "saas.ledger.documents.uncollectible"
    _description = "SaaS ledger uncollectible amounts"

    def _get_course(self, loss, exponent):
        """Return what was uncollectible from which day on, in order, as pairs of a day
        and a Decimal.

        :param exponent: how many decimals the minor units of what is stated have.
        """
        invoice = loss.invoice
        places = invoice.currency_id.decimal_places
        owed = get_owed(invoice)
        total = sum((exact(x.amount_currency, places) for x in owed), start=_ZERO)
        closed = [
            (partial.credit_move_id.date, exact(partial.debit_amount_currency, places))
            for partial in owed.matched_credit_ids
            if partial.credit_move_id.move_id not in loss.booked
        ]
        steps = list(closed)
        for closed_on, opened_on, amount in loss.undone:
            steps += [(closed_on, amount), (opened_on, -amount)]
        # A snapshot from before that was undone doesn't tell of it.
        stated = Decimal(loss.stated).scaleb(-exponent) + _sum_up(loss.undone, -1)
        days = {loss.since, *(day for day, _amount in steps if day > loss.since)}
        end = None
        # A payment may be taken off an invoice that it had paid, which is open then.
        if invoice.saas_state in ("open", "paid", "void"):
            end = max(invoice.saas_state_date or loss.since, loss.since)
            days = {end, *(day for day in days if day < end)}
        course = []
        for day in sorted(days):
            left = total - _sum_up([step for step in steps if step[0] <= day], 1)
            # What was paid after the day was stated to be uncollectible until then.
            later = _sum_up([step for step in closed if step[0] > day], 1)
            lost = _ZERO if day == end else max(min(left, stated + later), _ZERO)
            course.append((day, lost))
        return course

    def _get_due(self, source, loss, course):
        """Return the parts that are still to be booked, by day, in order; as
        ``saas.ledger.documents.correction`` has them.
        """
        corrections = self.env["saas.ledger.documents.correction"]
        signed, before = {}, {}
        for day, amount in course:
            now = self._split(source, loss, day, amount)
            signed.setdefault(day, []).extend([(1, now), (-1, before)])
            before = now
        for move in loss.booked:
            parts = corrections._get_parts(move)
            signed.setdefault(move.date, []).append((-1, parts))
        due = {day: corrections._add_up(*signed[day]) for day in sorted(signed)}
        # A cent of an exchange alone is Odoo's own to book.
        moved = {
            day: {key: pair for key, pair in parts.items() if pair[0]}
            for day, parts in due.items()
        }
        return {day: parts for day, parts in moved.items() if parts}

    def _split(self, source, loss, day, amount):
        """Return the parts of what is lost on a day: all on the account of bad debts,
        or in proportion to what credit notes have left of each line and each tax.
        """
        account = self._get_account(source, loss)
        if not amount:
            return {}
        if not self._has_relief(source, loss):
            own = self._convert(source, loss, amount)
            return {("net", account.id, False, ()): (amount, own)}
        basis = self._get_basis(loss, day, account)
        places = loss.invoice.currency_id.decimal_places
        shares = split(
            int(amount.scaleb(places)),
            [int(part.scaleb(places)) for part in basis.values()],
        )
        amounts = [Decimal(share).scaleb(-places) for share in shares]
        return {
            key: (part, self._convert(source, loss, part))
            for key, part in zip(basis, amounts, strict=True)
            if part
        }

    def _convert(self, source, loss, amount):
        """Return an amount in the company's currency, at the invoice's rate: whatever
        is booked of a loss comes to that in the end, without a cent left over.
        """
        rate = loss.invoice.invoice_currency_rate
        if not rate:  # an opening item
            owed = get_owed(loss.invoice)
            rate = sum(owed.mapped("amount_currency")) / sum(owed.mapped("balance"))
        return self.env["saas.ledger.rates"]._convert(source, amount, rate)

    def _get_basis(self, loss, day, account):
        """Return what is left of an invoice's lines and taxes on a day, as positive
        Decimals by part, with the account of bad debts. Of an opening item, the books
        know no more than the first loss says.
        """
        parts, sign = self.env["saas.ledger.documents.correction"]._get_parts, -1
        if not loss.invoice.is_invoice():
            found, sign = parts(loss.booked[:1]), 1
        else:
            credit_notes = loss.credits.filtered(lambda move: move.date <= day)
            found = parts(loss.invoice | credit_notes)
            if sum(amount for amount, _own in found.values()) >= 0:
                found = parts(loss.invoice)
        basis = {}
        for key, (amount, _own) in found.items():
            key = ("net", account.id, *key[2:]) if key[0] == "net" else key
            basis[key] = basis.get(key, _ZERO) + sign * amount
        return basis

    def _has_relief(self, source, loss):
        """Return whether a loss takes back tax: what is booked of it decides first."""
        if loss.booked:
            return loss.booked[:1].is_invoice()
        taxes = loss.invoice.line_ids.tax_ids.flatten_taxes_hierarchy()
        return loss.invoice.is_invoice() and (
            source.bad_debt_tax_relief
            or "on_payment" in taxes.mapped("tax_exigibility")
        )

    def _get_account(self, source, loss):
        """Return the account of bad debts: of what is booked, or the source's."""
        lines = loss.booked[:1].line_ids.filtered(
            lambda line: (
                line.account_type != "asset_receivable" and not line.tax_line_id
            )
        )
        return lines.account_id[:1] or source.bad_debt_account_id


def _sum_up(tuples, position):
    """Return the sum of the Decimals at a position of tuples."""
    return sum((values[position] for values in tuples), start=_ZERO)
