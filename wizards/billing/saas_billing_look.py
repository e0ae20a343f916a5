from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS

from ...canonical.moments import aware

#: How many tenants are shown line by line, and how many with their journal items.
_MOST_SHOWN, _MOST_BOOKED = 50, 20


class SaasBillingLook(models.TransientModel):
    """Shows what is due before it is billed: of a whole run, or of one tenant."""

    _name = "saas.billing.look"
    _description = "What Is Due"
    _inherit = ["saas.guarded.mixin"]

    run_id = fields.Many2one("saas.billing.run", readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    tenant_id = fields.Many2one("saas.tenant", readonly=True, ondelete="cascade")
    cutoff = fields.Datetime(string="Due By", required=True, readonly=True)
    invoice_date = fields.Date(required=True, readonly=True)
    page = fields.Html(compute="_compute_page", sanitize=False)
    page_kept = fields.Html(readonly=True, sanitize=False, groups=NO_ACCESS)

    def _compute_page(self):
        for wizard in self:
            is_own = wizard.create_uid == self.env.user
            wizard.page = is_own and wizard.sudo().page_kept

    @api.model
    def action_open_run(self, run_id=0):
        """Show what a run would bill.

        :param run_id: the id of a ``saas.billing.run``.
        """
        self._check_may_look()
        run = self.env["saas.billing.run"].browse(run_id)
        if not run:
            raise UserError(self.env._("Choose a billing run first."))
        vals = {
            "run_id": run.id,
            "company_id": run.company_id.id,
            "cutoff": run.cutoff,
            "invoice_date": run.invoice_date,
        }
        return self.create(vals).action_look()

    @api.model
    def action_open_tenant(self, tenant_id=0):
        """Show what a tenant is billed when something is due next.

        :param tenant_id: the id of a ``saas.tenant``.
        """
        self._check_may_look()
        tenant = self.env["saas.tenant"].browse(tenant_id)
        if not tenant:
            raise UserError(self.env._("Choose a tenant first."))
        now = fields.Datetime.now()
        moments = tenant.subscription_ids.mapped("next_billing_at")
        cutoff = max(min(filter(None, moments), default=now), now)
        vals = {
            "company_id": tenant.company_id.id,
            "tenant_id": tenant.id,
            "cutoff": cutoff,
            "invoice_date": cutoff.date(),
        }
        return self.create(vals).action_look()

    def _check_may_look(self):
        self.env["saas.billing.run"]._check_may_act("reviewer", "manager")

    def action_look(self):
        """Show what would be billed. Nothing is kept of it.

        :raises UserError: if too much is going on just now.
        """
        self.ensure_one()
        self._check_links()
        self._check_may_look()
        source = self.env["saas.source"]._ensure_own(self.company_id)
        preview = self.env["saas.billing.preview"].with_context(
            **source._get_batch_context()
        )
        tenants = (
            self.tenant_id.sudo().with_env(preview.env) if self.tenant_id else None
        )
        tasks = preview.sudo()._look(
            source.with_env(preview.sudo().env),
            aware(self.cutoff),
            self.invoice_date,
            tenants,
        )
        shown = tasks[:_MOST_SHOWN]
        self.sudo().page_kept = self.env["ir.qweb"]._render(
            "saas_billing_sync.saas_billing_look_page",
            {
                "count": sum(not task.error for task in tasks),
                "failed": [task for task in tasks if task.error],
                "sums": [*preview._sum_up(tasks).items()],
                "shown": [
                    (task.tenant.name, preview._tell(task))
                    for task in shown
                    if not task.error
                ],
                "more": len(tasks) - len(shown),
                "booked": self._preview_books(tasks[:_MOST_BOOKED]),
            },
        )
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": self.env._("What Is Due"),
                "res_model": self._name,
                "res_id": self.id,
                "view_mode": "form",
                "target": "new",
                "context": {"dialog_size": "large"},
            }
        )

    def _preview_books(self, tasks):
        """Return the journal entries of tasks as a page; they are posted for it in a
        transaction that is always rolled back.
        """
        tenants = [task.tenant.id for task in tasks if not task.error]
        if not tenants:
            return ""
        vals = {
            "company_id": self.company_id.id,
            "cutoff": self.cutoff,
            "invoice_date": self.invoice_date,
        }

        def bill(env):
            run = env["saas.billing.run"].sudo().create(vals)
            run._try(env["saas.tenant"].browse(tenants))

        events = self.env["saas.subscription.event"]
        result = self.env["saas.preview"]._preview(events, bill, self.company_id)
        return self.env["saas.preview.page"]._render(result)
