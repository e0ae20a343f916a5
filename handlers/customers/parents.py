from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind


class SaasCustomersParents(models.AbstractModel):
    """Sets the parents of tenants, as their sources state them. A parent that isn't
    known yet is set when it comes: nothing waits for it, as it changes no booking. A
    parent that a person has set is kept.
    """

    _name = "saas.customers.parents"
    _description = "SaaS parents of tenants"

    def _update(self, source, items):
        """Keep whose part customers are, and set the parents of their tenants, and
        those of customers whose parents these are.
        """
        bindings = self.env["saas.binding"]._find(
            source, Kind.CUSTOMER, [item.fact.external_id for item in items]
        )
        touched = {}
        for item in items:
            binding, fact = bindings[item.fact.external_id], item.fact
            if not fact.deleted and not fact.version < (binding.version or ""):
                if (binding.parent_ref or None) != fact.parent:
                    binding.parent_ref = fact.parent
                    touched[item.tenant] = item
        # A parent that is known now, or that has moved out of the way.
        for child in self._find_children(source, bindings):
            tenant = self.env["saas.tenant"].browse(child.res_id)
            own = next(i for i in items if i.fact.external_id == child.parent_ref)
            touched.setdefault(tenant, own)
        if touched:
            self._set(touched)

    def _find_children(self, source, customers):
        if not customers:
            return ()
        return self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.CUSTOMER),
                ("parent_ref", "in", list(customers)),
            ]
        )

    def _set(self, touched):
        """Set the parents of tenants.

        :param touched: the items because of which it is done, by tenant.
        """
        tenants = self.env["saas.tenant"].union(*touched)
        customers = self._get_customers(tenants)
        stated = {
            tenant: next(
                (b for b in customers.get(tenant.id, ()) if b.parent_ref), None
            )
            for tenant in tenants
        }
        parents = self._find_parents([b for b in stated.values() if b])
        for tenant, item in touched.items():
            binding = stated[tenant]
            parent = (
                parents.get(binding, tenant.browse()) if binding else tenant.browse()
            )
            self._set_one(item, tenant, parent)

    def _get_customers(self, tenants):
        """Return the bindings of tenants' customers by tenant's id, those that count
        most first: one that is in use, and the source that is here longest.
        """
        bindings = self.env["saas.binding"].search(
            [
                ("res_model", "=", "saas.tenant"),
                ("res_id", "in", tenants.ids),
                ("kind", "=", Kind.CUSTOMER),
            ]
        )
        return bindings.sorted(
            lambda b: (b.rank, b.source_id.id, b.external_id)
        ).grouped("res_id")

    def _find_parents(self, bindings):
        """Return the tenants of the customers that bindings name as parents."""
        found = self.env["saas.binding"].search(
            [
                ("source_id", "in", [b.source_id.id for b in bindings]),
                ("kind", "=", Kind.CUSTOMER),
                ("external_id", "in", [b.parent_ref for b in bindings]),
            ]
        )
        known = {(b.source_id, b.external_id): b.res_id for b in found}
        tenants = self.env["saas.tenant"]
        return {
            binding: tenants.browse(known[binding.source_id, binding.parent_ref])
            for binding in bindings
            if (binding.source_id, binding.parent_ref) in known
        }

    def _set_one(self, item, tenant, parent):
        synced = tenant.synced_values or {}
        stated = synced.get("parent_id") or False
        if parent == tenant.parent_id or (tenant.parent_id.id or False) != stated:
            return
        refusal = parent and tenant._get_refusal(parent)
        if refusal:
            item.log(Action.TENANT_PARENT_REFUSED, tenant, refusal)
            return
        if not parent and tenant.bill_to_id:
            refusal = self.env._(
                "The tenant is billed to one that is not above it then."
            )
            item.log(Action.TENANT_PARENT_REFUSED, tenant, refusal)
            return
        tenant.write(
            {
                "parent_id": parent.id,
                "synced_values": {**synced, "parent_id": parent.id},
            }
        )
        item.log(Action.TENANT_PARENT_SET, tenant, parent.name if parent else None)
