from odoo import models

from ...canonical.errors import Ignore
from ...canonical.kinds import Kind
from ...ledger.entry import CLEARING, Entry, transfer


class SaasHandlerLoanCost(models.AbstractModel):
    """Handles what a loan of the source costs. A repayment is booked in full against
    the loan; the part of it that is the cost goes from there to an account of its own,
    on the day it was repaid. A repayment that is taken back takes its cost back.
    """

    _name = "saas.handler.loan_cost"
    _inherit = "saas.handler"
    _description = "SaaS loan cost handler"

    def _apply(self, source, items):
        bindings = self.env["saas.binding"]
        known = bindings._find(
            source, Kind.LOAN_COST, [item.fact.external_id for item in items]
        )
        new = [item for item in items if item.fact.external_id not in known]
        undone = bindings._find(
            source, Kind.LOAN_COST, [i.fact.undoes for i in new if i.fact.undoes]
        )
        amounts = {item: self._get_cost(item.fact, undone) for item in new}
        for item in new:
            if source._is_before_cutover(item.fact.booked_at):
                self.env["saas.cutover"]._ignore(source, item)
            elif amounts[item] is None:
                item.park(Kind.LOAN_COST, item.fact.undoes)
        self.env["saas.ledger.entry"]._book(
            source,
            [
                self._start(source, item, amount)
                for item, amount in amounts.items()
                if amount and not item.error
            ],
            ["loan_account_id", "loan_cost_account_id"],
        )
        # A loan that was paid out costs nothing yet, but may be taken back.
        bindings.create(
            [
                bindings._prepare_vals(source, Kind.LOAN_COST, item.fact.external_id)
                for item, amount in amounts.items()
                if amount == 0 or isinstance(item.error, Ignore)
            ]
        )

    def _get_cost(self, fact, undone):
        """Return the cost in minor units; below zero, it is taken back. None: what is
        taken back is not known yet.
        """
        if fact.is_repayment:
            return fact.amount
        if not fact.undoes:
            return 0
        if fact.undoes not in undone:
            return None
        return -fact.amount if undone[fact.undoes].res_id else 0

    def _start(self, source, item, amount):
        """Return the entry of a cost, in minor units; below zero, it is taken back."""
        fact = item.fact
        return Entry(
            item,
            CLEARING,
            Kind.LOAN_COST,
            fact.external_id,
            source._localize_date(fact.booked_at),
            transfer(
                source.loan_cost_account_id,
                source.loan_account_id,
                fact.decimal(amount),
                self.env._("Cost of financing %s", fact.external_id),
            ),
        )
