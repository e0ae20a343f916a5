from odoo import api, fields, models
from odoo.exceptions import UserError


class SaasRevenueLook(models.TransientModel):
    """Shows what a recognition run would book, before it does: the run itself, in a
    transaction that is always rolled back.
    """

    _name = "saas.revenue.look"
    _description = "Revenue That Is Due"
    _inherit = ["saas.previewed.mixin", "saas.guarded.mixin"]

    run_id = fields.Many2one("saas.revenue.run", readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)

    @api.model
    def action_open_run(self, run_id=0):
        """Show what a run would book.

        :param run_id: the id of a ``saas.revenue.run``.
        """
        runs = self.env["saas.revenue.run"]
        runs._check_may_act("reviewer", "manager")
        run = runs.browse(run_id)
        if not run:
            raise UserError(self.env._("Choose a recognition run first."))
        return self.create(
            {"run_id": run.id, "company_id": run.company_id.id}
        ).action_preview()

    def action_preview(self):
        """Show what would be booked. Nothing is kept of it.

        :raises UserError: if too much is going on just now.
        """
        self.env["saas.revenue.run"]._check_may_act("reviewer", "manager")
        return self._in_company(super().action_preview())

    def _get_shown_events(self):
        """No event is processed; what is earned is booked."""
        return self.env["saas.subscription.event"]

    def _get_previewed_change(self):
        vals = {
            "company_id": self.company_id.id,
            "month": self.run_id.month,
            "policy": self.run_id.policy,
        }
        return lambda env: env["saas.revenue.run"].sudo().create(vals)._recognize()
