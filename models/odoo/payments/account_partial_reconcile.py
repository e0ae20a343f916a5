from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Opens own invoices whose payment is reconciled with them no more, and has dunning
    follow what is settled or open again, whoever reconciles it.
    """

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Have dunning follow what is settled by these."""
        partials = super().create(vals_list)
        partials._follow_saas_dunning()
        return partials

    def unlink(self):
        """Note that own invoices are open again which were paid by this alone."""
        moves = (self.debit_move_id | self.credit_move_id).move_id
        paid = moves.sudo().filtered(
            lambda move: move.saas_source_id.is_own and move.saas_state == "paid"
        )
        self._follow_saas_dunning()
        res = super().unlink()
        paid._note_saas_open()
        return res

    def _follow_saas_dunning(self):
        """Have the tenants followed whose documents or money these are about."""
        moves = (self.debit_move_id | self.credit_move_id).sudo().move_id
        self.env["saas.dunning.state"]._follow(moves.saas_tenant_id)
