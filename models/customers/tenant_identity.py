from odoo import api, fields, models

from ...canonical.marks import RELINKING


class SaasTenant(models.Model):
    """Sees to it that a contact is one tenant of a company, whatever many systems call
    it.

    The contact is a company or a person of its own, never somebody at a company. A
    tenant of guests is another one than that of the contact itself: what a guest typed
    in proves nothing. An archived tenant counts, as its customer may come back. One
    that was merged with another doesn't: it only points there.
    """

    _inherit = "saas.tenant"

    merged_into_id = fields.Many2one(
        "saas.tenant",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The tenant that this one turned out to be. All that comes is that "
        "tenant's.",
    )

    _partner_unique = models.UniqueIndex(
        "(company_id, partner_id, COALESCE(is_guest, false))"
        " WHERE merged_into_id IS NULL",
        "This contact is a tenant of the company already. Choose that tenant instead.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        tenants = super().create(self._use_commercial(vals_list))
        tenants._ensure_issuer()
        tenants._ensure_analytic_accounts()
        return tenants

    def write(self, vals):
        [vals] = self._use_commercial([vals])
        result = super().write(vals)
        if vals.get("bill_to_id"):
            self._enqueue_settling()
        if "billing_policy" in vals:
            self._ensure_issuer()
        if "name" in vals:
            self._rename_analytic_accounts()
        return result

    @api.model
    def _use_commercial(self, vals_list):
        """Return values in which the company stands for a person who is at one."""
        partners = self.env["res.partner"].sudo()
        partners = partners.browse(
            {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
        )
        companies = {
            partner.id: partner.commercial_partner_id.id
            for partner in partners.exists()
        }
        return [
            {**vals, "partner_id": companies[vals["partner_id"]]}
            if vals.get("partner_id") in companies
            else vals
            for vals in vals_list
        ]

    def _get_current(self):
        """Return the tenants that these are now, after all that was merged."""
        return self.browse(
            dict.fromkeys(
                tenant.merged_into_id.id or tenant.id for tenant in self.sudo()
            )
        ).with_env(self.env)

    @api.model
    def _find_of_partners(self, company, partners):
        """Return the tenants that contacts are in a company, those of guests and
        archived ones too, by the contact that stands for each. What was merged is
        followed.
        """
        commercial = partners.commercial_partner_id
        if not commercial:
            return {}
        tenants = self.with_context(active_test=False).search(
            [
                ("partner_id.commercial_partner_id", "in", commercial.ids),
                ("company_id", "=", company.id),
            ]
        )
        found = {}
        # The contact's own tenant goes before those of guests, and before what was
        # merged away from it.
        for tenant in tenants.sorted(
            lambda t: (not t.is_guest, not t.merged_into_id, -t.id)
        ):
            found[tenant.partner_id.commercial_partner_id] = tenant._get_current()
        return found

    @api.model
    def _get_of_partner(self, company, partner, **vals):
        """Return the tenant that a contact is in a company, which is made where there
        is none: with ``vals``.
        """
        known = self._find_of_partners(company, partner)
        tenant = known.get(partner.commercial_partner_id, self.browse())
        if tenant and not tenant.is_guest:
            return tenant
        return self.create(
            {
                "name": partner.commercial_partner_id.name,
                "company_id": company.id,
                "partner_id": partner.id,
                **vals,
            }
        )

    def _point_to(self, winner):
        """Archive these tenants, which are ``winner`` from now on."""
        gone = self | self.with_context(active_test=False).search(
            [("merged_into_id", "in", self.ids)]
        )
        gone.with_context(**RELINKING.in_context()).write(
            {
                "active": False,
                "merged_into_id": winner.id,
                "parent_id": False,
                "bill_to_id": False,
            }
        )
