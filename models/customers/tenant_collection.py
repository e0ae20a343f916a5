from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...canonical.kinds import Kind
from ...canonical.payments.collecting import CollectionState

#: States of an invoice of which something is still to come.
_OPEN = ("not_paid", "partial")
_STUCK = (CollectionState.FAILED.value, CollectionState.NEEDS_CUSTOMER.value)


class SaasTenant(models.Model):
    """Says by which gateway the money of a tenant's own invoices is collected, and why
    the last collection did not work.
    """

    _inherit = "saas.tenant"

    collection_source_id = fields.Many2one(
        "saas.source",
        string="Collected Through",
        check_company=True,
        ondelete="restrict",
        domain="[('id', 'in', collection_choice_ids)]",
        tracking=True,
        help="The gateway that collects what Odoo invoices, by what the customer has "
        "left there. It has to know the customer. Empty: the customer pays by "
        "transfer.",
    )
    collection_choice_ids = fields.Many2many(
        "saas.source",
        string="Gateways That Know It",
        compute="_compute_collection_choices",
        compute_sudo=True,
    )
    collection_mail_template_id = fields.Many2one(
        "mail.template",
        string="Payment Link Mail",
        domain="[('model', '=', 'saas.collection')]",
        ondelete="set null",
        help="What the customer is written when they have to pay by a link. Empty: the "
        "company's own mail.",
    )
    collection_ids = fields.One2many("saas.collection", "tenant_id")
    collection_problem = fields.Text(
        string="Not Collected Because",
        compute="_compute_collection_problem",
        compute_sudo=True,
    )
    collection_next_step = fields.Text(
        string="What to Do", compute="_compute_collection_problem", compute_sudo=True
    )
    collection_count = fields.Integer(compute="_compute_collection_count")

    @api.depends("binding_ids")
    def _compute_collection_choices(self):
        for tenant in self:
            bound = tenant.binding_ids.filtered(
                lambda b: b.kind == Kind.CUSTOMER and not b.rank
            )
            tenant.collection_choice_ids = bound.source_id.filtered(
                lambda source: source._get_adapter()._can_collect
            )

    @api.depends("collection_ids.state", "collection_ids.payment_state")
    def _compute_collection_problem(self):
        """Show what is wrong with the newest of those commands that are the last of
        their invoice, and whose invoice is open.
        """
        for tenant in self:
            last = {c.move_id: c for c in tenant.collection_ids.sorted("id")}
            stuck = (
                self.env["saas.collection"]
                .union(*last.values())
                .filtered(lambda c: c.state in _STUCK and c.payment_state in _OPEN)
                .sorted("id")[-1:]
            )
            tenant.collection_problem = stuck.explanation
            tenant.collection_next_step = stuck.next_step

    def _compute_collection_count(self):
        groups = self.env["saas.collection"]._read_group(
            [("tenant_id", "in", self.ids)], ["tenant_id"], ["__count"]
        )
        counts = {tenant.id: count for tenant, count in groups}
        for tenant in self:
            tenant.collection_count = counts.get(tenant.id, 0)

    @api.constrains("collection_source_id", "company_id")
    def _check_collection_source(self):
        for tenant in self.filtered("collection_source_id"):
            if tenant.collection_source_id not in tenant.collection_choice_ids:
                raise ValidationError(
                    self.env._(
                        "%(gateway)s can't collect from %(tenant)s: choose a gateway "
                        "that knows the tenant, as IDs at Sources shows.",
                        gateway=tenant.collection_source_id.name,
                        tenant=tenant.name,
                    )
                )

    def _get_collected(self):
        """Return the tenant whose money pays this one's invoices: who owes them."""
        return self.bill_to_id if self.is_consolidated and self.bill_to_id else self

    def _get_id_at(self, source):
        """Return the id of the customer that this tenant is at a source, the newest one
        that is not deleted there; an empty text if it is none.
        """
        self.ensure_one()
        own = self.sudo().binding_ids.filtered(
            lambda b: b.source_id == source and b.kind == Kind.CUSTOMER and not b.rank
        )
        return own.sorted("id")[-1:].external_id or ""

    def action_view_collections(self):
        """Open what was collected from this tenant."""
        return self._action_view(
            self.env._("Collections"), "saas.collection", "tenant_id"
        )
