from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS


class SaasRevenueLook(models.TransientModel):
    """Shows what a recognition run would book, before it does: the run itself, in a
    transaction that is always rolled back.
    """

    _name = "saas.revenue.look"
    _description = "Revenue That Is Due"
    _inherit = ["saas.guarded.mixin"]

    run_id = fields.Many2one("saas.revenue.run", readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    page = fields.Html(compute="_compute_page", sanitize=False)
    page_kept = fields.Html(readonly=True, sanitize=False, groups=NO_ACCESS)

    def _compute_page(self):
        for wizard in self:
            is_own = wizard.create_uid == self.env.user
            wizard.page = is_own and wizard.sudo().page_kept

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
        ).action_look()

    def action_look(self):
        """Show what would be booked. Nothing is kept of it.

        :raises UserError: if too much is going on just now.
        """
        self.ensure_one()
        self._check_links()
        self.env["saas.revenue.run"]._check_may_act("reviewer", "manager")
        run = self.run_id
        vals = {
            "company_id": self.company_id.id,
            "month": run.month,
            "policy": run.policy,
        }

        def recognize(env):
            env["saas.revenue.run"].sudo().create(vals)._recognize()

        events = self.env["saas.subscription.event"]
        result = self.env["saas.preview"]._preview(events, recognize, self.company_id)
        self.sudo().page_kept = self.env["saas.preview.page"]._render(result)
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Revenue That Is Due"),
                "res_model": self._name,
                "res_id": self.id,
                "view_mode": "form",
                "target": "new",
                "context": {"dialog_size": "large"},
            }
        )
