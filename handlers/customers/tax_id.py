from odoo import models

from ...canonical.actions import Action
from ...canonical.border.ownership import Part, Rule
from ...canonical.facts import Address, Customer
from ...canonical.kinds import Kind
from ...canonical.moments import naive


class SaasHandlerTaxId(models.AbstractModel):
    """Handles tax numbers of customers. All are kept. The contact gets the best of them
    as its VAT number, unless somebody edited it here.
    """

    _name = "saas.handler.tax_id"
    _inherit = "saas.snapshot"
    _description = "SaaS tax number handler"

    _record_model = "saas.tax.id"
    _is_of_tenant = True

    def _keep(self, source, items):
        result = super()._keep(source, items)
        self._write_vat(items)
        self._propose(source, items)
        return result

    def _propose(self, source, items):
        """Ask a person where a contact has a number that a customer has, too."""
        rows = [
            (
                item,
                item.tenant,
                Customer(
                    external_id=item.fact.customer,
                    vat_numbers=(item.fact.value,),
                    address=Address(country_code=item.fact.country_code),
                    stub=True,
                ),
            )
            for item in items
            if item.fact.is_vat and not item.fact.deleted
        ]
        self.env["saas.customers.proposals"]._propose_known(source, rows)

    def _prepare_snapshot_vals(self, item):
        fact = item.fact
        return {
            "tenant_id": item.tenant.id,
            "tax_id_type": fact.type,
            "value": fact.value,
            "country_code": fact.country_code or False,
            "is_vat": fact.is_vat,
            "is_eu": fact.is_eu,
            "is_verified": fact.verified,
            "created_at": naive(fact.created_at),
            "active": not fact.deleted,
        }

    def _get_numbers(self, tenants):
        """Return all numbers of tenants by tenant, those no longer used too."""
        numbers = (
            self.env["saas.tax.id"]
            .with_context(active_test=False)
            .search([("tenant_id", "in", tenants.ids), ("is_vat", "=", True)])
        )
        return numbers.grouped("tenant_id")

    def _write_vat(self, items):
        """Give contacts the best of their numbers, unless it was edited here."""
        last = {item.tenant: item for item in items}
        tenants = self.env["saas.tenant"].union(*last)
        for tenant, numbers in self._get_numbers(tenants).items():
            vat = self._choose_number(last[tenant], numbers).value or False
            synced = tenant.synced_values or {}
            current = tenant.partner_id.vat or False
            if vat != (synced.get("vat") or False):
                tenant.synced_values = {**synced, "vat": vat}
            if vat == current:
                continue
            if not current or current == synced.get("vat"):
                tenant.partner_id.vat = vat
                last[tenant].log(Action.VAT_UPDATED, tenant)
            else:
                last[tenant].log(
                    Action.VAT_KEPT, tenant, self.env._("Kept as edited in Odoo: VAT.")
                )

    def _choose_number(self, item, numbers):
        """Return the number that a tenant's contact gets: the best of those that the
        owner of tax numbers states; if it states none, of those who may fill it.
        """
        if not item.ownership:
            return numbers._get_best()
        rules = {
            source: item.ownership.find(source.id, Kind.CUSTOMER, Part.TAX_NUMBER).rule
            for source in numbers.source_id
        }
        best = numbers.browse()
        for rule in (Rule.OWNER, Rule.FILL):
            own = numbers.filtered(lambda n, rule=rule: rules[n.source_id] == rule)
            best = best or own._get_best()
        return best
