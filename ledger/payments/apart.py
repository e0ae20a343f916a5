from itertools import product

from odoo import models

from ...canonical.kinds import Kind
from ...canonical.money import exact
from .elsewhere import get_holder
from .ownership import get_item
from .receivable_transfer import Transfer, get_place

_ACTIVITY = "mail_activity_sides_apart"


class SaasLedgerApart(models.AbstractModel):
    """Sees to pairs of objects that belong together at the source, but can't be
    reconciled here: one is on another receivable account than the other, or on another
    contact. A source's owner may allow that the credit is transferred then; otherwise a
    person is told.
    """

    _name = "saas.ledger.payments.apart"
    _description = "SaaS pairs that stand apart"

    def _see_to(self, source, rows, lines, items):
        """Transfer what stands apart, or ask a person to look at it.

        :param rows: pairs of objects that were reconciled as far as possible.
        :param lines: their journal items, by kind and external id.
        :param items: items by the kind and external id of their objects.
        """
        seen = asked = self.env["account.move"]
        for row in rows:
            owed, paid = self.env["saas.ledger.settlement"]._get_sides(row, lines)
            if not owed or not paid:
                continue
            document = owed.move_id[:1]
            seen |= document
            for plus, minus in self._find_apart(row, owed, paid):
                if self._may_join(source, row, plus, minus):
                    self._join(source, row, (owed, paid), plus, minus, items)
                else:
                    self._ask(source, document, minus.move_id)
                    asked |= document
        self.env["saas.activities"]._stop_asking(_ACTIVITY, seen - asked)

    def _may_join(self, source, row, plus, minus):
        """Return whether a credit may be transferred to where the debit stands: the
        money's source is set so, or only the contacts differ, and both are one
        tenant's, whose contact has changed, or one is billed for the other.
        """
        if plus.currency_id != minus.currency_id:
            return False
        if self._may_transfer(source, row):
            return True
        owner, payer = self._get_tenant(plus), self._get_tenant(minus)
        return plus.account_id == minus.account_id and payer._pays_for(owner)

    def _get_tenant(self, line):
        return line.move_id.saas_tenant_id or line.payment_id.saas_tenant_id

    def _may_transfer(self, source, row):
        """Return whether the owner of the money's source lets it be transferred."""
        if not source.is_linked:
            return source.transfers_receivables
        found = self.env["saas.binding"]._find(
            source, row.credit_kind, [row.credit_ref]
        )
        binding = found.get(row.credit_ref)
        holder = (binding and binding.origin_source_id) or source
        return holder.transfers_receivables

    def _find_apart(self, row, owed, paid):
        """Yield pairs of a debit and a credit, one of each side, that are open and
        can't be reconciled.
        """
        for one, other in product(owed, paid):
            plus, minus = (one, other) if one.balance > 0 else (other, one)
            is_apart = (
                plus.balance > 0 > minus.balance
                and get_place(plus) != get_place(minus)
                and not plus.reconciled
                and not minus.reconciled
            )
            if is_apart and self._get_amount(row, owed, paid, plus, minus) > 0:
                yield plus, minus

    def _get_amount(self, row, owed, paid, plus, minus):
        """Return how much of two journal items belongs together and is not reconciled,
        as a Decimal in their currency.
        """
        places = plus.currency_id.decimal_places
        amount = min(
            exact(abs(line.amount_residual_currency), places) for line in (plus, minus)
        )
        limit = row._get_limit()
        if limit is None:
            return amount
        done = self.env["saas.ledger.settlement"]._get_partials(owed, paid)
        return min(
            amount, limit - sum(exact(p.debit_amount_currency, places) for p in done)
        )

    def _join(self, source, row, sides, plus, minus, items):
        """Transfer a credit to where the debit stands, and reconcile the two."""
        owed, paid = sides
        kind, ref = row.credit_kind, row.credit_ref
        if minus not in paid:
            kind, ref = row.debit_kind, row.debit_ref
        if kind in (Kind.PAYMENT, Kind.REFUND):
            binding = self.env["saas.binding"]._find(source, kind, [ref])[ref]
            source, kind, ref = get_holder(binding)
        new = self.env["saas.ledger.payments.receivable_transfer"]._book(
            source,
            [
                Transfer(
                    get_item(row, items),
                    kind,
                    ref,
                    minus,
                    plus.move_id.saas_tenant_id,
                    plus.partner_id.commercial_partner_id,
                    plus.account_id,
                    self._get_amount(row, owed, paid, plus, minus),
                )
            ],
        )
        self.env["account.move.line"]._reconcile_plan([plus | new])

    def _ask(self, source, document, other):
        """Ask a person to bring two entries together."""
        self.env["saas.activities"]._ask(
            source,
            _ACTIVITY,
            document,
            self.env._(
                "Belongs to %s, on another receivable account or contact",
                other.name,
            ),
        )
