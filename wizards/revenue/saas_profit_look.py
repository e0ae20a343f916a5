from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...canonical.money import to_decimal
from ...models.roles import FINANCE


class SaasProfitLook(models.TransientModel):
    """Shows what a cost run would write, before it does: what the run itself works out,
    of which nothing is kept.
    """

    _name = "saas.profit.look"
    _description = "Costs That Are Due"
    _inherit = ["saas.guarded.mixin"]

    run_id = fields.Many2one("saas.profit.run", readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    preview = fields.Html(compute="_compute_preview")

    @api.depends("run_id")
    def _compute_preview(self):
        for look in self:
            look.preview = look._render()

    @api.model
    def action_open_run(self, run_id=0):
        """Show what a run would write.

        :param run_id: the id of a ``saas.profit.run``.
        """
        runs = self.env["saas.profit.run"]
        runs._check_may_act(*FINANCE)
        run = runs.browse(run_id)
        if not run:
            raise UserError(self.env._("Choose a cost run first."))
        run.check_access("read")
        look = self.create({"run_id": run.id, "company_id": run.company_id.id})
        return look._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self._description,
                "res_model": self._name,
                "res_id": look.id,
                "view_mode": "form",
                "target": "new",
            }
        )

    def _render(self):
        """Return the shares of the run as a table, or why there can be none."""
        if not self.run_id:
            return False
        self.run_id._check_may_act(*FINANCE)
        try:
            shares = self.run_id.sudo()._find_due()
        except UserError as error:
            return Markup('<div class="alert alert-warning" role="alert">%s</div>') % (
                str(error)
            )
        if not shares:
            return Markup("<p>%s</p>") % self.env._(
                "Nothing is due: tenants have what they should have of all costs."
            )
        heads = (
            self.env._("Cost"),
            self.env._("Of the Month"),
            self.env._("Booked In"),
            self.env._("Tenant"),
            self.env._("Amount"),
        )
        return Markup('<table class="table table-sm"><tr>%s</tr>%s</table>') % (
            Markup().join(Markup("<th>%s</th>") % head for head in heads),
            Markup().join(self._render_share(share) for share in shares),
        )

    def _render_share(self, share):
        currency = self.company_id.currency_id
        cells = (
            share.allocation.name,
            format_date(self.env, share.month, date_format="MMMM y"),
            format_date(self.env, share.booked_month, date_format="MMMM y"),
            share.tenant.name,
        )
        amount = to_decimal(share.amount, currency.decimal_places)
        return Markup('<tr>%s<td class="text-end">%s</td></tr>') % (
            Markup().join(Markup("<td>%s</td>") % cell for cell in cells),
            format_amount(self.env, float(amount), currency),
        )
