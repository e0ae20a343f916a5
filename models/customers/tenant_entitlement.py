from odoo import api, fields, models
from odoo.exceptions import UserError

from ...canonical.actions import Action
from ...canonical.kinds import Kind


class SaasTenant(models.Model):
    """Shows what a tenant may use, and lets that be taken away for a while.

    A finance reviewer suspends a tenant and lifts that: it is a decision about one
    customer, as those about its subscriptions and its money are. It books nothing, and
    its invoices go on; so it needs nobody's signature, and has effect at once.
    """

    _inherit = "saas.tenant"

    is_suspended = fields.Boolean(
        string="Suspended",
        readonly=True,
        copy=False,
        tracking=True,
        help="A suspended tenant may use nothing. Its subscriptions go on, and so do "
        "its invoices.",
    )
    entitlement_ids = fields.One2many("saas.entitlement", "tenant_id")
    may_use = fields.Text(
        compute="_compute_may_use",
        compute_sudo=True,
        help="What its subscriptions give it while they are active or in their trial. "
        "Limits of several subscriptions add up, and no limit beats all.",
    )

    @api.depends("entitlement_ids.state", "is_suspended")
    def _compute_may_use(self):
        for tenant in self:
            nothing = self.env._("Nothing.")
            tenant.may_use = tenant.entitlement_ids.summary or nothing

    def action_suspend(self):
        """Ask why this tenant may use nothing for a while."""
        return self._action_suspension(True, self.env._("Suspend the Tenant"))

    def action_lift_suspension(self):
        """Ask why this tenant may use again what its subscriptions give it."""
        return self._action_suspension(False, self.env._("Lift the Suspension"))

    def _action_suspension(self, is_suspended, name):
        self.ensure_one()
        self._check_may_act("reviewer")
        return self._action_dialog(
            "saas.tenant.suspend",
            name,
            {"default_tenant_id": self.id, "default_is_suspended": is_suspended},
        )

    def _set_suspended(self, is_suspended, note):
        """Suspend this tenant, or lift that; who calls this has checked that they may.

        :param note: why, for the log.
        :raises UserError: if it is so already.
        """
        self.ensure_one()
        tenant = self.sudo()
        if tenant.is_suspended == is_suspended:
            raise UserError(
                self.env._("The tenant is suspended already.")
                if is_suspended
                else self.env._("The tenant is not suspended any more.")
            )
        tenant.is_suspended = is_suspended
        action = Action.TENANT_SUSPENDED if is_suspended else Action.SUSPENSION_LIFTED
        log = self.env["saas.sync.log"].sudo()
        log._append(tenant._prepare_log_rows(action, note))
        self.env["saas.entitlement"]._refresh(tenant)

    # -- for machines ------------------------------------------------------------------

    @api.model
    def _find_for_machines(self, company, name, source=""):
        """Return the tenants of a company that a machine calls so; what was merged is
        followed.

        :param name: a tenant's reference, or a customer's id at a source.
        :param source: the name of that source, or its id; empty for a reference.
        """
        if not source:
            found = self.with_context(active_test=False).search(
                [("ref", "=", name), ("company_id", "=", company.id)]
            )
            return found._get_current()
        sources = self.env["saas.source"].search([("company_id", "=", company.id)])
        sources = sources.filtered(lambda each: source in (each.name, str(each.id)))
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "in", sources.ids),
                ("kind", "=", Kind.CUSTOMER),
                ("external_id", "=", name),
            ]
        )
        return self.browse(bindings.mapped("res_id")).exists()._get_current()
