from odoo import models

from ...canonical.kinds import Kind


class SaasHandlerOutsidePayment(models.AbstractModel):
    """Handles money that was paid for invoices, but not through the source. Nothing is
    booked for it before it shows on a bank statement. Until then, somebody is asked to
    match it.
    """

    _name = "saas.handler.outside_payment"
    _inherit = "saas.handler"
    _description = "SaaS outside payment handler"

    _activity = "mail_activity_paid_outside"

    def _apply(self, source, items):
        bindings = self.env["saas.binding"]._find(
            source, Kind.INVOICE, [item.fact.invoice for item in items]
        )
        moves = self.env["account.move"]
        for item in items:
            if binding := bindings.get(item.fact.invoice):
                item.tenant = binding._get_tenant()
                # An invoice from before the cut-over may be bound without a record.
                moves |= binding._get_record() or moves
            else:
                item.park(Kind.INVOICE, item.fact.invoice)
        self._ask(source, moves)

    def _ask(self, source, moves):
        """Ask somebody to match the payment of documents that are still open, and of no
        others.
        """
        waiting = moves.filtered(
            lambda move: (
                move.saas_state != "void"
                # Odoo has no residual amount of an opening item.
                and any(
                    line.account_type == "asset_receivable"
                    and not line.currency_id.is_zero(line.amount_residual_currency)
                    for line in move.line_ids
                )
            )
        )
        if waiting:
            self.env["saas.activities"]._ask(
                source,
                self._activity,
                waiting,
                self.env._("Match this with the line of the bank statement"),
            )
        self.env["saas.activities"]._stop_asking(self._activity, moves - waiting)
