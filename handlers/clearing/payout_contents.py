from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind


class SaasHandlerPayoutContents(models.AbstractModel):
    """Notes which movements a payout contains, once all of them are known."""

    _name = "saas.handler.payout_contents"
    _inherit = "saas.handler"
    _description = "SaaS payout contents handler"

    def _apply(self, source, items):
        payouts = self.env["saas.binding"]._find(
            source, Kind.PAYOUT, [item.fact.external_id for item in items]
        )
        transactions = self.env["saas.binding"]._find(
            source,
            Kind.MOVEMENT,
            [ref for item in items for ref in item.fact.transactions],
        )
        for item in items:
            fact = item.fact
            missing = [ref for ref in fact.transactions if ref not in transactions]
            if fact.external_id not in payouts:
                item.park(Kind.PAYOUT, fact.external_id)
            elif missing:
                item.park(Kind.MOVEMENT, missing[0])
            else:
                payout = payouts[fact.external_id]._get_record()
                bound = [transactions[ref] for ref in fact.transactions]
                records = self.env["saas.balance.transaction"].browse(
                    binding.res_id for binding in bound if binding.res_id
                )
                payout.old_count = sum(
                    binding.before_cutover and binding.parent_ref != fact.external_id
                    for binding in bound
                )
                records.payout_id = payout
                payout.contents_known = True
                item.log(Action.PAYOUT_CONTENTS, payout, str(len(records)))
