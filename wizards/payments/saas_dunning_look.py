from odoo import api, fields, models

from ...models.roles import FINANCE


class SaasDunningLook(models.TransientModel):
    """Shows who would get what today: the run itself, in a transaction that is always
    rolled back.
    """

    _name = "saas.dunning.look"
    _description = "Dunning That Is Due"
    _inherit = ["saas.previewed.mixin", "saas.guarded.mixin"]

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )

    @api.model
    def action_look(self):
        """Show what today's dunning of the current company would do."""
        return self.create({}).action_preview()

    def action_preview(self):
        """Show what would be done. Nothing is kept of it.

        :raises UserError: if too much is going on just now.
        """
        self.env["saas.dunning.run"]._check_may_act(*FINANCE)
        return self._in_company(super().action_preview())

    def _get_shown_events(self):
        """No event is processed; tenants are looked at."""
        return self.env["saas.subscription.event"]

    def _get_previewed_change(self):
        company_id = self.company_id.id

        def change(env):
            company = env["res.company"].sudo().browse(company_id)
            steps = env["saas.collections.steps"].sudo()
            steps._take_all(company, company._get_dunning_day())

        return change
