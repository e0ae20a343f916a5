from datetime import datetime, time
from decimal import Decimal
from functools import partial

from odoo import Command, models

from ...canonical.facts import CreditNote
from ...canonical.money import exact
from ..journal_items import SKIP_SYNC
from ..tax.match import StatedTax
from .document import Document

_ZERO = Decimal(0)
#: Amounts that come from the books are right: no mapping has to be checked by them.
_ANY = Decimal("Infinity")


class SaasLedgerCorrection(models.AbstractModel):
    """Books documents that say what is left of others, with their taxes: what takes
    back the rest of a void invoice, or a loss of which a part came in.

    *Parts* are what documents come to: pairs of Decimals, in the document's currency
    and in the company's, debit above zero. Their keys are ``("net", account, product,
    taxes)`` and ``("tax", tax)``, with ids. What is owed is minus their sum.
    """

    _name = "saas.ledger.documents.correction"
    _description = "SaaS ledger corrections"

    def _get_parts(self, moves):
        """Return the parts of posted documents, added up; zeros are left out."""
        parts = {}
        for line in moves.line_ids:
            if line.account_type == "asset_receivable" or line.parent_state != "posted":
                continue
            if not line.account_id:
                continue  # a heading
            own = line.company_id.currency_id
            _add(
                parts,
                _get_key(line),
                exact(line.amount_currency, line.currency_id.decimal_places),
                exact(line.balance, own.decimal_places),
            )
        return _without_zeros(parts)

    def _add_up(self, *signed):
        """Return the sum of parts, as a document can have it.

        :param signed: pairs of a sign and parts.
        """
        total = {}
        for sign, parts in signed:
            for key, (amount, balance) in parts.items():
                _add(total, key, sign * amount, sign * balance)
        return _without_zeros(_with_same_signs(total))

    def _post(self, source, documents):
        """Post documents from :meth:`_prepare`.

        :raises Quarantine: as ``period_locked``.
        """
        for document in documents:
            if error := self.env["saas.ledger.period"]._get_error(
                source, document.date, source.sale_journal_id, has_tax=True
            ):
                raise error
        return self.env["saas.ledger.document"]._post(source, documents, None)

    def _prepare(self, item, kind, ref, invoice, date, parts, binding):
        """Return the document that books parts beside an invoice: a credit note where
        they take from what is owed, and an invoice where they add to it.

        :param ref: the external id of its binding; ``binding`` are more values of it.
        :param invoice: the move whose partner, rate and receivable account it has.
        """
        owed = -sum(amount for amount, _balance in parts.values())
        sign = -1 if owed > 0 else 1
        places = invoice.currency_id.decimal_places
        fact = CreditNote(
            external_id=ref,
            invoice=ref,
            state="issued",
            number=invoice.ref or invoice.name,
            issued_at=datetime.combine(date, time()),
            lines=(),
            total=int(abs(owed).scaleb(places)),
            currency=invoice.currency_id.name,
            exponent=places,
        )
        keys = [key for key in parts if key[0] == "net"]
        return Document(
            item,
            fact,
            kind,
            date,
            invoice.currency_id,
            [self._prepare_line(invoice, key, sign * parts[key][0]) for key in keys],
            move_type="out_refund" if sign > 0 else "out_invoice",
            credited=invoice if sign > 0 else None,
            is_object=False,
            binding=binding,
            stated=self._get_stated(keys, parts, sign),
            adjust=partial(self._adjust, invoice, parts),
            vals={
                "partner_id": invoice.partner_id.id,
                "saas_tenant_id": invoice.saas_tenant_id.id,
                "invoice_currency_rate": invoice.invoice_currency_rate,
            },
        )

    def _prepare_line(self, invoice, key, amount):
        """Return the values of a line, called as the invoice's own is."""
        _net, account, product, taxes = key
        lines = invoice.invoice_line_ids
        like = lines.filtered(
            lambda line: (
                line.product_id.id == product
                and tuple(sorted(line.tax_ids.ids)) == taxes
            )
        )
        return {
            "product_id": product,
            "name": (like or lines)[:1].name or invoice.ref,
            "account_id": account,
            "quantity": 1,
            "price_unit": amount,
            "discount": 0,
            "tax_ids": [Command.set(taxes)],
        }

    def _get_stated(self, keys, parts, sign):
        """Return what ``saas.ledger.tax.match`` takes, for the taxes of all lines."""
        taxes = self.env["account.tax"].browse(
            sorted({tax for _net, _account, _product, ids in keys for tax in ids})
        )
        stated = {}
        for tax in taxes:
            own = [parts.get(("tax", t.id)) for t in tax | tax.children_tax_ids]
            amount = sum((pair[0] for pair in own if pair), start=_ZERO)
            stated[tax] = StatedTax(sign * amount, _ANY)
        return stated

    def _adjust(self, invoice, parts, move):
        """Give a draft the receivable account of its invoice, the taxes for which the
        net amounts are too small, and the very amounts in the company's currency that
        ``parts`` state: at whatever rates the documents were booked, the sides then
        cancel out.
        """
        owed = move.line_ids.filtered(lambda x: x.account_type == "asset_receivable")
        receivable = self.env["saas.ledger.document"]._get_receivable(invoice)
        commands = []
        if owed.account_id != receivable:
            commands += [
                Command.update(x.id, {"account_id": receivable.id}) for x in owed
            ]
        small = self._prepare_small_taxes(invoice, parts, move)
        if small or move.currency_id != move.company_id.currency_id:
            balances = self._get_balances(parts, move.line_ids - owed)
            balances[owed[:1]] = -sum(balance for _amount, balance in parts.values())
            commands += [
                Command.update(line.id, {"balance": float(balance)})
                for line, balance in balances.items()
            ]
        if small:
            total = float(-sum(amount for amount, _balance in parts.values()))
            commands.append(Command.update(owed[:1].id, {"amount_currency": total}))
            commands += [Command.create(vals) for vals in small]
        if commands:
            move.with_context(**SKIP_SYNC).line_ids = commands

    def _prepare_small_taxes(self, invoice, parts, move):
        """Return the values of journal items for taxes that Odoo left out of a draft,
        because nothing is due on so small a net amount. Of what changes in a loss, a
        tax is what rounding leaves.
        """
        there = {_get_key(line) for line in move.line_ids}
        vals_list = []
        for key, (amount, balance) in parts.items():
            if key[0] != "tax" or key in there:
                continue
            tax = self.env["account.tax"].browse(key[1])
            is_refund = move.move_type == "out_refund"
            shares = tax[f"{'refund' if is_refund else 'invoice'}_repartition_line_ids"]
            share = shares.filtered(lambda line: line.repartition_type == "tax")[:1]
            like = invoice.line_ids.filtered(lambda x, tax=tax: x.tax_line_id == tax)
            vals_list.append(
                {
                    "display_type": "tax",
                    "name": tax.name,
                    "account_id": like.account_id[:1].id or share.account_id.id,
                    "tax_repartition_line_id": share.id,
                    "tax_tag_ids": [Command.set(share.tag_ids.ids)],
                    "amount_currency": float(amount),
                    "balance": float(balance),
                }
            )
        return vals_list

    def _get_balances(self, parts, lines):
        """Return what each journal item has to be in the company's currency."""
        places = lines.company_id.currency_id.decimal_places
        left = {key: balance for key, (_amount, balance) in parts.items()}
        balances = {}
        for line in lines:
            key = _get_key(line)
            # The first of several items of one tax has what the others leave.
            twins = [x for x in lines if x != line and _get_key(x) == key]
            if key in left:
                others = sum((exact(x.balance, places) for x in twins), start=_ZERO)
                balances[line] = left.pop(key) - others
            elif key in parts:
                balances[line] = exact(line.balance, places)
            else:
                # A tax of nothing in the document's currency may be a cent in the
                # company's, by Odoo's own rounding.
                balances[line] = _ZERO
        return balances


def _get_key(line):
    """Return the key of a journal item's part."""
    if line.tax_line_id:
        return ("tax", line.tax_line_id.id)
    taxes = tuple(sorted(line.tax_ids.ids))
    return ("net", line.account_id.id, line.product_id.id, taxes)


def _add(parts, key, amount, balance):
    before = parts.get(key, (_ZERO, _ZERO))
    parts[key] = (before[0] + amount, before[1] + balance)


def _without_zeros(parts):
    return {key: pair for key, pair in parts.items() if any(pair)}


def _with_same_signs(parts):
    """Return parts without balances of another sign than their amounts, which no
    journal item may have: what rounding leaves, or another rate. The part with the
    largest balance takes them, as far as it can.
    """
    odd = {key for key, (amount, balance) in parts.items() if amount * balance < 0}
    if not odd:
        return parts
    moved = sum(parts[key][1] for key in odd)
    parts = {k: (a, _ZERO) if k in odd else (a, b) for k, (a, b) in parts.items()}
    largest = max(parts, key=lambda key: abs(parts[key][1]))
    amount, balance = parts[largest]
    if amount * (balance + moved) > 0:
        parts[largest] = (amount, balance + moved)
    return parts
