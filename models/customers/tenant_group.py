from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaasTenant(models.Model):
    """Keeps which tenant belongs to which, and who is billed for it.

    A parent comes from the system that knows it, or from a person. It changes nothing
    that is booked, and books nothing by itself: a document that a billing platform has
    issued stands on the contact that it was issued to. Only where a person says that a
    tenant's documents are booked on the one who is billed for it, that contact owes
    them, from then on; the tenant's own contact is where they were delivered to.
    """

    _inherit = "saas.tenant"
    _parent_store = True

    parent_id = fields.Many2one(
        "saas.tenant",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The tenant whose part this one is, such as the group of a company.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("saas.tenant", "parent_id", string="Parts")
    bill_to_id = fields.Many2one(
        "saas.tenant",
        string="Billed to",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('id', 'parent_of', parent_id)]",
        tracking=True,
        help="Which of the tenants above pays for this one. Empty: it pays for itself.",
    )
    is_consolidated = fields.Boolean(
        string="Book on Who Is Billed",
        tracking=True,
        help="Book new documents and payments of this tenant on the contact of the one "
        "that is billed for it, who owes them then. Without this they stay on the "
        "contact that the billing system names, whose VAT number is reported.",
    )
    booking_partner_id = fields.Many2one(
        "res.partner",
        string="Booked on",
        compute="_compute_booking_partner",
        compute_sudo=True,
        help="The contact that this tenant's new documents and payments are booked on.",
    )

    @api.depends("partner_id", "bill_to_id.partner_id", "is_consolidated")
    def _compute_booking_partner(self):
        for tenant in self:
            payer = tenant.bill_to_id if tenant.is_consolidated else tenant
            tenant.booking_partner_id = payer.partner_id or tenant.partner_id

    @api.constrains("parent_id", "bill_to_id", "company_id")
    def _check_group(self):
        """A tenant is no part of itself, and is billed to itself or to one above it."""
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    "A tenant can't be a part of itself. Choose a parent that is not "
                    "below it."
                )
            )
        below = self.search([("id", "child_of", self.ids)])
        for tenant in below.filtered("bill_to_id"):
            above = tenant._get_above()
            if tenant.bill_to_id not in above:
                raise ValidationError(
                    self.env._(
                        "%(tenant)s is billed to %(payer)s, which is not above it any "
                        "longer. Choose first to whom it is billed.",
                        tenant=tenant.name,
                        payer=tenant.bill_to_id.name,
                    )
                )

    def _get_above(self):
        """Return this tenant and those whose part it is."""
        self.ensure_one()
        path = (self.parent_path or "").split("/")
        return self.browse(int(id_) for id_ in path if id_) | self

    def _pays_for(self, owner):
        """Return whether money of these tenants may settle what ``owner`` owes without
        a person's word: they are one tenant, whose contact may have changed, or one of
        them is billed for the owner.
        """
        return bool((owner | owner.bill_to_id) & self)

    def _get_refusal(self, parent):
        """Return why this tenant can't be a part of ``parent``, as a sentence; None if
        it can.
        """
        self.ensure_one()
        if parent.company_id != self.company_id:
            return self.env._("The parent belongs to another company.")
        if self in parent._get_above():
            return self.env._("The parent is the tenant itself, or a part of it.")
        if self.bill_to_id and self.bill_to_id not in (parent._get_above() | self):
            return self.env._("The tenant is billed to one that is not above it then.")
        return None
