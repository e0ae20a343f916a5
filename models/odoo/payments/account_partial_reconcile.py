from odoo import models


class AccountPartialReconcile(models.Model):
    """Opens own invoices whose payment is reconciled with them no more."""

    _inherit = "account.partial.reconcile"

    def unlink(self):
        """Note that own invoices are open again which were paid by this alone."""
        moves = (self.debit_move_id | self.credit_move_id).move_id
        paid = moves.sudo().filtered(
            lambda move: move.saas_source_id.is_own and move.saas_state == "paid"
        )
        res = super().unlink()
        paid._note_saas_open()
        return res
