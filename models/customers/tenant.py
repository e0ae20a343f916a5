from odoo import api, fields, models

from ...canonical.kinds import Kind


class SaasTenant(models.Model):
    """A customer of the SaaS business, in one company."""

    _name = "saas.tenant"
    _description = "SaaS tenant"
    _inherit = ["saas.guarded.mixin", "mail.thread", "mail.activity.mixin"]
    _check_company_auto = True
    _order = "name, id"

    name = fields.Char(required=True, tracking=True)
    ref = fields.Char(string="Reference", index="btree_not_null")
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    currency_id = fields.Many2one("res.currency")
    billing_policy = fields.Selection(
        [
            ("mirror", "Mirrored from the billing platform"),
            ("odoo", "Issued by Odoo"),
        ],
        string="Invoices Are",
        required=True,
        default="mirror",
        tracking=True,
        help="Who issues this tenant's invoices: a billing platform, whose documents "
        "are booked as they are, or Odoo itself.",
    )
    amendment_policy = fields.Selection(
        [
            ("adjust", "Adjusted on one document"),
            ("replace", "Credited in whole and billed anew"),
            ("credit_note", "Credit note of the billing platform"),
        ],
        string="Amendments",
        compute="_compute_amendment_policy",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        tracking=True,
        help="How a change of what is billed already is corrected. Where Odoo bills: "
        "by the difference, or by a credit note of all that was billed and an invoice "
        "of what should have been. Both come to the same.",
    )
    collection_state = fields.Selection(
        [
            ("current", "Current"),
            ("past_due", "Past due"),
            ("restricted", "Restricted"),
        ],
        compute="_compute_collection_state",
        store=True,
        tracking=True,
        help="Past due means that the money of an open invoice could not be collected. "
        "Restricted: it may use nothing until it has paid.",
    )
    synced_values = fields.Json(
        readonly=True,
        help="The values of the contact that the source last stated. A field that "
        "differs from them was edited in Odoo and is kept.",
    )
    is_guest = fields.Boolean(
        string="Guests",
        readonly=True,
        help="For money of people who are no customers at the source. Choose Customer "
        "on a payment says whose it is.",
    )
    subscription_ids = fields.One2many("saas.subscription", "tenant_id")
    move_ids = fields.One2many("account.move", "saas_tenant_id", string="Documents")
    payment_ids = fields.One2many(
        "account.payment", "saas_tenant_id", string="Payments"
    )
    binding_ids = fields.One2many(
        "saas.binding",
        "res_id",
        string="IDs at Sources",
        domain=[("res_model", "=", "saas.tenant")],
    )
    event_count = fields.Integer(compute="_compute_counts")
    move_count = fields.Integer(compute="_compute_counts")
    payment_count = fields.Integer(compute="_compute_counts")
    subscription_count = fields.Integer(compute="_compute_counts")

    @api.depends("billing_policy")
    def _compute_amendment_policy(self):
        for tenant in self:
            if tenant.billing_policy != "odoo":
                tenant.amendment_policy = "credit_note"
            elif tenant.amendment_policy in (False, "credit_note"):
                tenant.amendment_policy = "adjust"

    def _ensure_issuer(self):
        """See to it that the companies that bill some of these tenants in Odoo have the
        source that their invoices are of.
        """
        for company in self.filtered(lambda t: t.billing_policy == "odoo").company_id:
            self.env["saas.source"]._ensure_own(company)

    @api.model
    def _find(self, source, customers):
        """Return the tenants of a source's customers, by the customers' external ids.
        Their contacts and companies are read together.
        """
        return self._get_bound(
            self.env["saas.binding"]._find(source, Kind.CUSTOMER, customers)
        )

    @api.model
    def _get_bound(self, bindings):
        """Return the tenants of bindings by external id, as :meth:`_find` does."""
        tenants = self.browse(binding.res_id for binding in bindings.values())
        tenants.fetch(["partner_id", "company_id", "bill_to_id", "is_consolidated"])
        return {
            external_id: tenants.browse(binding.res_id).with_prefetch(tenants.ids)
            for external_id, binding in bindings.items()
        }

    def _get_other_ids(self, own):
        """Return the bindings, beside one, of customers that this tenant is at its
        sources and that are not deleted there.
        """
        self.ensure_one()
        return self.binding_ids.filtered(
            lambda binding: (
                binding.kind == Kind.CUSTOMER and binding != own and not binding.rank
            )
        )

    @api.depends(
        "move_ids.saas_state", "move_ids.saas_failed_attempts", "is_restricted"
    )
    def _compute_collection_state(self):
        failing = self.env["account.move"]._read_group(
            [
                ("saas_tenant_id", "in", self.ids),
                ("saas_state", "=", "open"),
                ("saas_failed_attempts", ">", 0),
            ],
            ["saas_tenant_id"],
        )
        past_due = {tenant.id for (tenant,) in failing}
        for tenant in self:
            if tenant.is_restricted:
                tenant.collection_state = "restricted"
            elif tenant.id in past_due:
                tenant.collection_state = "past_due"
            else:
                tenant.collection_state = "current"

    def _compute_counts(self):
        # This counts as superuser: an operator may see how many records there are, not
        # what is in them.
        for field, model, key in (
            ("event_count", "saas.subscription.event", "tenant_id"),
            ("move_count", "account.move", "saas_tenant_id"),
            ("payment_count", "account.payment", "saas_tenant_id"),
            ("subscription_count", "saas.subscription", "tenant_id"),
        ):
            groups = (
                self.env[model]
                .sudo()
                ._read_group([(key, "in", self.ids)], [key], ["__count"])
            )
            counts = {tenant.id: count for tenant, count in groups}
            for tenant in self:
                tenant[field] = counts.get(tenant.id, 0)

    def _get_log_source(self):
        """Return the source that brought this tenant. If none did, return the first
        source of its company, or an empty recordset if the company has none, and so no
        log.
        """
        bound = self.binding_ids.sorted("id").source_id[:1]
        return bound or self._get_log_of_company()

    def _action_view(self, name, model, key):
        self.ensure_one()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "name": name,
                "res_model": model,
                "view_mode": "list,kanban,form",
                "domain": [(key, "=", self.id)],
            }
        )

    def action_view_events(self):
        """Open the events of this tenant."""
        return self._action_view(
            self.env._("Events"), "saas.subscription.event", "tenant_id"
        )

    def action_view_moves(self):
        """Open the invoices and credit notes of this tenant."""
        action = self._action_view(
            self.env._("Invoices and Credit Notes"), "account.move", "saas_tenant_id"
        )
        # The list shows dates and customers only where it knows the type.
        context = {"default_move_type": "out_invoice", "create": False}
        return {**action, "context": {**action["context"], **context}}

    def action_view_payments(self):
        """Open the payments of this tenant."""
        return self._action_view(
            self.env._("Payments"), "account.payment", "saas_tenant_id"
        )

    def action_view_subscriptions(self):
        """Open the subscriptions of this tenant."""
        return self._action_view(
            self.env._("Subscriptions"), "saas.subscription", "tenant_id"
        )
