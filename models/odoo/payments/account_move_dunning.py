from odoo import fields, models
from odoo.exceptions import UserError

from ....canonical.actions import Action
from ...roles import FINANCE, check_roles


class AccountMove(models.Model):
    """Leaves an invoice that its customer disputes out of dunning, and tells dunning
    what becomes of invoices without money.
    """

    _inherit = "account.move"

    saas_disputed_note = fields.Char(
        string="Disputed Because",
        readonly=True,
        copy=False,
        help="Why the customer does not accept this invoice. Nobody is asked to pay it "
        "until a person says that this is settled.",
    )
    saas_next_attempt = fields.Datetime(
        string="Next Attempt at Source",
        readonly=True,
        copy=False,
        help="When the source will try by itself to collect this invoice. Nobody is "
        "asked to pay it until then.",
    )

    def action_dispute_saas(self):
        """Ask why the customer does not accept this invoice."""
        self.ensure_one()
        self._check_may_dispute()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Disputed by the Customer"),
            "res_model": "saas.dunning.dispute",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    def action_end_dispute_saas(self):
        """Have this invoice asked for again."""
        self.ensure_one()
        self._check_may_dispute()
        self._set_saas_disputed(False)
        return True

    def _check_may_dispute(self):
        self.check_access("read")
        check_roles(self.env, FINANCE)
        if not self.saas_tenant_id or self.move_type != "out_invoice":
            raise UserError(self.env._("Only an invoice of a tenant can be disputed."))

    def _set_saas_disputed(self, note):
        """Note why the customer does not accept these invoices; False: it does."""
        moves = self.sudo()
        # Odoo's own write would look at all lines of a posted invoice.
        for move in moves:
            move.saas_disputed_note = note
        rows = [
            {
                "source_id": source.id,
                "action": Action.CHANGED_BY_PERSON.value,
                "res_model": move._name,
                "res_id": move.id,
                "detail": f"disputed: {note}" if note else "not disputed any more",
            }
            for move in moves
            if (source := move.saas_source_id or move.saas_tenant_id._get_log_source())
        ]
        self.env["saas.sync.log"].sudo()._append(rows)
        self.env["saas.dunning.state"]._follow(moves.saas_tenant_id)

    def button_draft(self):
        """Tell dunning that these are not owed any more."""
        result = super().button_draft()
        self.env["saas.dunning.state"]._follow(self.sudo().saas_tenant_id)
        return result

    def button_cancel(self):
        """Tell dunning that these are not owed."""
        result = super().button_cancel()
        self.env["saas.dunning.state"]._follow(self.sudo().saas_tenant_id)
        return result
