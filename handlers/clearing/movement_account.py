from odoo import models

from ...canonical.categories import Category, FeeKind
from ...canonical.facts import FeePart
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason
from .movement_object import COSTS, OBJECTS

_BANK = ""
#: What the money of a movement goes to or comes from, by its category: the field of the
#: source with that account, or the company's own account of internal transfers, where
#: the line of the bank statement meets it. No object has an entry of these.
OTHER_SIDES = {
    Category.TOPUP: _BANK,
    Category.TOPUP_REVERSAL: _BANK,
    Category.TRANSFER: "connected_account_id",
    Category.TRANSFER_REVERSAL: "connected_account_id",
    Category.TRANSFER_RECEIVED: "connected_account_id",
    Category.APPLICATION_FEE: "application_income_account_id",
    Category.APPLICATION_FEE_REFUND: "application_income_account_id",
    Category.RESERVE: "reserve_account_id",
    Category.LOAN: "loan_account_id",
    Category.LOAN_REVERSAL: "loan_account_id",
    Category.REPAYMENT: "loan_account_id",
    Category.REPAYMENT_REVERSAL: "loan_account_id",
}
_TRANSFERS = (Category.TRANSFER, Category.TRANSFER_RECEIVED, Category.TRANSFER_REVERSAL)
#: A fee on these is what the loan costs, whatever the source calls it.
_LOANS = (
    Category.LOAN,
    Category.LOAN_REVERSAL,
    Category.REPAYMENT,
    Category.REPAYMENT_REVERSAL,
)


class SaasClearingMovementAccount(models.AbstractModel):
    """Says which accounts a movement is booked against: that on its other side, for
    what no object books, and those of its fees.
    """

    _name = "saas.clearing.movement_account"
    _description = "SaaS accounts of movements"

    def _find_other_sides(self, source, items, chosen):
        """Return the accounts on the other side of the movements that have one, by
        item, and as pairs of an item and a field of the source, which of these have to
        be set up. Without an account of internal transfers, an item is left to a
        person.

        :param chosen: accounts that people chose, by item.
        """
        elsewhere = self._find_elsewhere(source, items)
        accounts, needs = dict(chosen), []
        for item in items:
            category = item.fact.category
            if item in chosen or category not in OTHER_SIDES or item in elsewhere:
                continue
            field = OTHER_SIDES[category]
            if field:
                needs.append((item, field))
                accounts[item] = source[field]
            elif source.company_id.transfer_account_id:
                accounts[item] = source.company_id.transfer_account_id
            else:
                item.quarantine(
                    Reason.INCOMPLETE_SETUP,
                    self.env._(
                        "The company has no account for internal transfers. "
                        "Choose one in the settings of Accounting."
                    ),
                    about="transfer_account_id",
                )
        return accounts, needs

    def _find_elsewhere(self, source, items):
        """Return the items whose money went to an account that another company has a
        source of here, or came from one: until it is known how the two companies owe
        it to each other, a person has to choose.
        """
        items = [item for item in items if item.fact.category in _TRANSFERS]
        if not items:
            return set()
        accounts = self._find_counterparties(source, items)
        company, platform = source.company_id, source.platform_id.sudo()
        others = source.sudo().search(
            [
                ("adapter", "=", source.adapter),
                ("livemode", "=", source.livemode),
                ("company_id", "!=", company.id),
                ("account_ref", "in", list(filter(None, accounts.values()))),
            ]
        )
        refs = set(others.mapped("account_ref"))
        from_other = bool(platform) and platform.company_id != company
        return {
            item
            for item in items
            if accounts[item] in refs
            or (from_other and item.fact.category == Category.TRANSFER_RECEIVED)
        }

    def _find_counterparties(self, source, items):
        """Return the accounts that transfers went to, by item. Of what was taken back,
        the transfer tells, which is booked by then.
        """
        transfers = self.env["saas.binding"]._find(
            source, Kind.TRANSFER, [ref for i in items for ref in i.fact.object_ids]
        )
        accounts = {}
        for item in items:
            known = [transfers[r] for r in item.fact.object_ids if r in transfers]
            record = known[0]._get_record() if known else None
            accounts[item] = item.fact.counterparty or (
                record and record.counterparty_ref
            )
        return accounts

    def _get_parts(self, fact, is_booked):
        """Return the fees that a movement books itself: its fee, and where all of it is
        one, its amount. The fee of a dispute is booked with the dispute.

        :param is_booked: whether its amount is booked with it.
        """
        parts = fact.fee_parts
        if fact.category in _LOANS:
            parts = [FeePart(kind=FeeKind.FINANCING, amount=p.amount) for p in parts]
        if fact.category in COSTS:
            kind = fact.cost or FeeKind.PROCESSING
            parts = [FeePart(kind=kind, amount=-fact.amount), *parts]
        elif OBJECTS.get(fact.category, Kind.DISPUTE) == Kind.DISPUTE and not is_booked:
            parts = []
        return [part for part in parts if part.amount]
