from odoo import models

from ...canonical.categories import Category
from ...canonical.kinds import Kind
from ...canonical.money import exact

#: The kind of the object that moved the money, by category of the movement. What was
#: not captured is in form a refund, so it names the payment first, then the refund.
OBJECTS = {
    Category.CHARGE: Kind.PAYMENT,
    Category.CHARGE_FAILURE: Kind.PAYMENT,
    Category.NOT_CAPTURED: Kind.PAYMENT,
    Category.REFUND: Kind.REFUND,
    Category.REFUND_FAILURE: Kind.REFUND,
    Category.DISPUTE: Kind.DISPUTE,
    Category.DISPUTE_REVERSAL: Kind.DISPUTE,
    Category.PAYOUT: Kind.PAYOUT,
    Category.PAYOUT_REVERSAL: Kind.PAYOUT,
}
#: Categories that are all fee. A tax on fees states no base to compute it from.
COSTS = (Category.FEE, Category.NETWORK_COST, Category.TAX, Category.WITHHELD_TAX)
#: Which entry of an object a category moved, by the kind of its binding.
_ENTRIES = {
    Category.CHARGE_FAILURE: Kind.PAYMENT_FAILURE,
    Category.REFUND: Kind.REFUND,
    Category.REFUND_FAILURE: Kind.REFUND_RETURN,
    Category.PAYOUT: Kind.PAYOUT_ENTRY,
    Category.PAYOUT_REVERSAL: Kind.PAYOUT_RETURN,
}


class SaasClearingMovementObject(models.AbstractModel):
    """Finds the entries of the objects that moved money, such as the payment that a
    movement brought in.
    """

    _name = "saas.clearing.movement_object"
    _description = "SaaS objects of movements"

    def _find_moves(self, source, movements):
        """Return the entries of movements' objects.

        :param movements: quadruples of any key, a category, the ids of the object and
            the movement's own id.
        :return: moves by key, perhaps empty ones.
        """
        bindings = self._find_bindings(source, movements)
        payments = self._get_payment_moves(source, bindings)
        moves = {}
        for key, category, object_ids, external_id in movements:
            kind = OBJECTS.get(category)
            found = self.env["account.move"]
            if kind == Kind.DISPUTE:
                found |= self._get_move(
                    bindings.get((Kind.DISPUTE_MOVEMENT, external_id))
                )
            elif kind == Kind.PAYMENT and category == Category.CHARGE:
                mains = {
                    bindings[Kind.PAYMENT, ref].parent_ref
                    for ref in object_ids
                    if (Kind.PAYMENT, ref) in bindings
                }
                found = found.union(*(payments[main] for main in mains))
            elif category in _ENTRIES and object_ids:
                binding = bindings.get((_ENTRIES[category], object_ids[0]))
                found |= self._get_move(binding)
            moves[key] = found
        return moves

    def _find_bindings(self, source, movements):
        """Return all bindings of the objects, by kind and external id."""
        refs = {ref for _key, _category, ids, own in movements for ref in (*ids, own)}
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                (
                    "kind",
                    "in",
                    (
                        Kind.PAYMENT,
                        Kind.DISPUTE,
                        Kind.DISPUTE_MOVEMENT,
                        *_ENTRIES.values(),
                    ),
                ),
                ("external_id", "in", list(refs)),
            ]
        )
        return {(binding.kind, binding.external_id): binding for binding in bindings}

    def _get_move(self, binding):
        record = binding and binding._get_record()
        if not record:
            return self.env["account.move"]
        return record if record._name == "account.move" else record.move_id

    def _get_payment_moves(self, source, bindings):
        """Return the entries of payments by main id: a sum may be booked in parts."""
        mains = {b.parent_ref for b in bindings.values() if b.kind == Kind.PAYMENT}
        booked, none = (
            self.env["saas.ledger.payment"]._find(source, mains),
            self.env["account.payment"],
        )
        moves = {main: booked.get(main, none).move_id for main in mains}
        for binding in bindings.values():
            if binding.by_person and binding.kind == Kind.PAYMENT:
                moves[binding.parent_ref] |= binding._get_move()
        return moves

    def _sum_clearing(self, source, moves):
        """Return the amounts by which entries change the clearing account.

        :return: by move and currency, pairs of Decimals: the amount in that currency
            and in the company's.
        """
        account = source._get_clearing_account()
        own = source.company_id.currency_id
        sums = {}
        lines = moves.line_ids.filtered(
            lambda line: line.account_id == account and line.parent_state == "posted"
        )
        for line in lines:
            amounts = sums.setdefault(line.move_id, {})
            amount, balance = amounts.get(line.currency_id, (0, 0))
            places = line.currency_id.decimal_places
            amounts[line.currency_id] = (
                amount + exact(line.amount_currency, places),
                balance + exact(line.balance, own.decimal_places),
            )
        return sums
