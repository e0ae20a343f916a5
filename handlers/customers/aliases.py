from collections import defaultdict

from odoo import models

from ...canonical.facts import TENANT, Alias
from ...canonical.identity import alias_system
from ...canonical.kinds import Kind


class SaasCustomersAliases(models.AbstractModel):
    """Finds the tenants that customers are by ids of other systems: what the customer
    itself is called there, and what a customer there says it is called here.

    An id is kept, bound as ``customer_alias``, as the customer that has it may be told
    of later. It is found whichever of the two comes first.
    """

    _name = "saas.customers.aliases"
    _description = "SaaS ids of customers in other systems"

    def _find_linked(self, source, facts):
        """Return the tenants that customers are by such ids, by external id, for those
        there are.
        """
        facts = list(facts)
        sources = self._get_sources(source)
        keys = {fact.external_id: self._get_keys(source, fact) for fact in facts}
        found = self._find_kept(sources, {key for own in keys.values() for key in own})
        found.update(self._find_customers(sources, facts))
        found.update(self._find_references(source, facts))
        none = self.env["saas.tenant"]
        linked = {
            fact.external_id: none.union(
                *(
                    found.get(key, none)
                    for key in (
                        *keys[fact.external_id],
                        *((alias,) for alias in fact.also_known_as),
                    )
                )
            )
            for fact in facts
        }
        return {ref: tenants for ref, tenants in linked.items() if tenants}

    def _get_sources(self, source):
        """Return the sources of a company, by each of their names."""
        every = source.with_context(active_test=False).search(
            [("company_id", "=", source.company_id.id)]
        )
        named = defaultdict(source.browse)
        for one in every:
            for name in {alias_system(one.adapter), alias_system(one.name)}:
                named[name] |= one
        return named

    def _get_keys(self, source, fact):
        """Return the keys that an id of the customer may be kept under: those that it
        states, and its own as another system would state it.
        """
        own = (
            Alias(system=system, id=fact.external_id)
            for system in (source.adapter, source.name)
            if alias_system(system)
        )
        return {alias.key for alias in (*own, *fact.also_known_as)}

    def _find_kept(self, sources, keys):
        """Return the tenants that ids are kept for, by key."""
        every = self.env["saas.source"].union(*sources.values())
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "in", every.ids),
                ("kind", "=", Kind.CUSTOMER_ALIAS),
                ("external_id", "in", list(keys)),
            ]
        )
        tenants = self.env["saas.tenant"]
        return {
            key: tenants.browse(group.mapped("res_id"))
            for key, group in bindings.grouped("external_id").items()
        }

    def _find_customers(self, sources, facts):
        """Return the tenants that are known by stated ids, by the alias in a tuple."""
        wanted = {
            (one.id, alias.id): alias
            for fact in facts
            for alias in fact.also_known_as
            for one in sources.get(alias_system(alias.system), ())
        }
        if not wanted:
            return {}
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "in", [source for source, _id in wanted]),
                ("kind", "=", Kind.CUSTOMER),
                ("external_id", "in", [id_ for _source, id_ in wanted]),
            ]
        )
        found = defaultdict(self.env["saas.tenant"].browse)
        for binding in bindings:
            alias = wanted.get((binding.source_id.id, binding.external_id))
            if alias:
                found[alias,] |= found[alias,].browse(binding.res_id)
        return found

    def _find_references(self, source, facts):
        """Return the tenants that have stated references, by the alias in a tuple."""
        wanted = {
            alias.id: alias
            for fact in facts
            for alias in fact.also_known_as
            if alias_system(alias.system) == TENANT
        }
        if not wanted:
            return {}
        tenants = self.env["saas.tenant"].search(
            [
                ("company_id", "=", source.company_id.id),
                ("ref", "in", list(wanted)),
                ("is_guest", "=", False),
            ]
        )
        return {(wanted[ref],): group for ref, group in tenants.grouped("ref").items()}

    def _store(self, source, pairs):
        """Keep the ids of customers in other systems. Return the pairs whose ids are
        another tenant's already.

        :param pairs: facts and tenants.
        """
        stated = {
            alias.key: (fact, tenant)
            for fact, tenant in pairs
            for alias in fact.also_known_as
        }
        if not stated:
            return
        bindings = self.env["saas.binding"]
        known = bindings._find(source, Kind.CUSTOMER_ALIAS, stated)
        bindings.create(
            [
                bindings._prepare_vals(
                    source,
                    Kind.CUSTOMER_ALIAS,
                    key,
                    tenant,
                    parent_ref=fact.external_id,
                )
                for key, (fact, tenant) in stated.items()
                if key not in known
            ]
        )

    def _keep(self, source, items):
        """Keep the ids that customers who are known state, and ask a person where one
        is another tenant's: what is bound stays bound until somebody says otherwise.
        """
        items = [item for item in items if item.fact.also_known_as]
        if not items:
            return
        linked = self._find_linked(source, [item.fact for item in items])
        self._store(source, [(item.fact, item.tenant) for item in items])
        matcher = self.env["saas.customers.proposals"]
        matcher._propose_tenants(
            source,
            [
                (item, linked.get(item.fact.external_id, item.tenant) - item.tenant)
                for item in items
            ],
        )
