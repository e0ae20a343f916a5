from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..canonical.categories import Category
from ..canonical.money import exact, to_decimal

#: The movements that a payment itself makes, and a refund. A refund's may name the
#: payment that it gives back, too.
_OWN_MOVEMENTS = {
    "inbound": (Category.CHARGE, Category.CHARGE_FAILURE, Category.NOT_CAPTURED),
    "outbound": (Category.REFUND, Category.REFUND_FAILURE),
}
_ZERO = Decimal(0)
#: What payments have settled of documents, each amount in the document's currency.
_PAID = """
    SELECT line.move_id, other.payment_id, sum(part.debit_amount_currency)
      FROM account_move_line line
      JOIN account_partial_reconcile part ON part.debit_move_id = line.id
      JOIN account_move_line other ON other.id = part.credit_move_id
     WHERE line.move_id = ANY(%(moves)s) AND other.payment_id IS NOT NULL
     GROUP BY 1, 2
     UNION ALL
    SELECT line.move_id, other.payment_id, -sum(part.credit_amount_currency)
      FROM account_move_line line
      JOIN account_partial_reconcile part ON part.credit_move_id = line.id
      JOIN account_move_line other ON other.id = part.debit_move_id
     WHERE line.move_id = ANY(%(moves)s) AND other.payment_id IS NOT NULL
     GROUP BY 1, 2
     ORDER BY 1, 2
"""


@dataclass
class Money:
    """What payments have settled of a document, what their movements came to, None if
    one of them was not read; what the gateway has kept, and the payouts.
    """

    paid: Decimal = _ZERO
    received: Decimal | None = _ZERO
    fee: Decimal = _ZERO
    payouts: set = field(default_factory=set)

    def add(self, paid, moved):
        """Add a part of a payment.

        :param moved: the :class:`Moved` of the payment; None if it is not known.
        """
        self.paid += paid
        if moved is None:
            self.received = None
            return
        if self.received is not None:
            self.received += paid + moved.gap
        self.fee += moved.get_fee(paid)
        self.payouts |= moved.payouts


@dataclass
class Moved:
    """What the movements of a payment came to, more than it; its fee; and the payouts.
    All is 0 where the money came without a gateway.
    """

    amount: Decimal = _ZERO
    gap: Decimal = _ZERO
    fee: Decimal = _ZERO
    payouts: set = field(default_factory=set)

    def get_fee(self, paid):
        """Return the share of the fee of a part of the payment."""
        if not self.fee or not self.amount:
            return _ZERO
        return (self.fee * paid / self.amount).quantize(self.fee)


class SaasReconcileTieMoney(models.AbstractModel):
    """Reads what payments have settled of documents, and what the gateway says of these
    payments.
    """

    _name = "saas.reconcile.tie_money"
    _description = "SaaS documents as they were paid"

    def _read(self, moves):
        """Return the :class:`Money` of documents, by document."""
        found = {move: Money() for move in moves}
        self.env.flush_all()
        rows = self.env.execute_query(SQL(_PAID, moves=moves.ids))
        payments = self.env["account.payment"].browse({row[1] for row in rows})
        moved = self._read_moved(payments)
        documents = {move.id: move for move in moves}
        for move_id, payment_id, amount in rows:
            move, payment = documents[move_id], payments.browse(payment_id)
            paid = exact(float(amount), move.currency_id.decimal_places)
            found[move].add(paid, moved[payment])
        return found

    def _read_moved(self, payments):
        """Return the :class:`Moved` of payments, None of those whose movements were not
        read, by payment.
        """
        listing = self.env["saas.balance.transaction"]._read_group(
            [("source_id", "in", payments.saas_source_id.ids)], ["source_id"]
        )
        listing = {source for (source,) in listing}
        asked = payments.filtered(lambda each: each.saas_source_id in listing)
        by_payment = self._find_movements(asked)
        return {
            payment: (
                _add_up(payment, by_payment.get(payment))
                if payment in asked
                else Moved(_get_amount(payment))
            )
            for payment in payments
        }

    def _find_movements(self, payments):
        """Return the movements of payments and refunds, by payment: those that have one
        of the ids that these are known by.
        """
        bindings = self.env["saas.binding"].search(
            [("res_model", "=", "account.payment"), ("res_id", "in", payments.ids)]
        )
        known = {
            (each.source_id, each.external_id): payments.browse(each.res_id)
            for each in bindings
        }
        refs = [ref for _source, ref in known]
        movements = self.env["saas.balance.transaction"].search(
            Domain("source_id", "in", bindings.source_id.ids)
            & (Domain("object_ref", "in", refs) | Domain("object_alias", "in", refs))
        )
        found = defaultdict(movements.browse)
        for movement in movements:
            names = (movement.object_ref, movement.object_alias)
            own = [known.get((movement.source_id, name)) for name in names]
            payment = next(filter(None, own), None)
            if payment and movement.category in _OWN_MOVEMENTS[payment.payment_type]:
                found[payment] |= movement
        return found


def _add_up(payment, movements):
    """Return the :class:`Moved` of a payment; None if none of its movements was read.

    What was exchanged is held against the books by the movement itself.
    """
    if not movements:
        return None
    amount = _get_amount(payment)
    payouts = {ref for ref in movements.payout_id.mapped("external_id") if ref}
    if movements.currency_id != payment.currency_id:
        return Moved(amount, payouts=payouts)
    total = sum(to_decimal(each.amount_minor, each.exponent) for each in movements)
    fee = sum(to_decimal(each.fee_minor, each.exponent) for each in movements)
    return Moved(amount, total - amount, fee, payouts)


def _get_amount(payment):
    """Return the amount of a payment, below zero for a refund."""
    amount = exact(payment.amount, payment.currency_id.decimal_places)
    return amount if payment.payment_type == "inbound" else -amount
