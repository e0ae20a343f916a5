from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind


class SaasCustomersTenants(models.AbstractModel):
    """Creates the tenants and bindings of customers, as their keys or people say."""

    _name = "saas.customers.tenants"
    _description = "SaaS tenants of customers"

    def _create(self, source, chosen):
        """Bind customers to their tenants, which are made where there are none, and ask
        a person who else they could be.

        :param chosen: the first item of each customer, its fact and its match.
        """
        if not chosen:
            return
        tenants = self._bind_all(source, [(fact, match) for _i, fact, match in chosen])
        for tenant, (item, _fact, match) in zip(tenants, chosen, strict=True):
            is_matched = match.tenant or match.partner
            item.log(
                Action.TENANT_MATCHED if is_matched else Action.TENANT_CREATED, tenant
            )
        self.env["saas.customers.proposals"]._propose(
            source,
            [
                (item, tenant, match.proposals)
                for tenant, (item, _fact, match) in zip(tenants, chosen, strict=True)
            ],
            {
                fact.external_id: tenant.partner_id
                for tenant, (_i, fact, _m) in zip(tenants, chosen, strict=True)
            },
        )

    def _bind(self, source, fact, match):
        """Bind one customer; return its tenant."""
        return self._bind_all(source, [(fact, match)])

    def _bind_all(self, source, pairs):
        """Bind customers to their tenants, which are made where there are none, with
        contacts where there are none either. Return the tenants, in order.

        :param pairs: facts and matches.
        """
        values = self.env["saas.customers.partner_values"]._prepare_partner_vals_list(
            [fact for fact, _match in pairs]
        )
        partners = self._create_partners(source, pairs, values)
        tenants = self._create_tenants(source, pairs, partners, values)
        for tenant, (fact, _match) in zip(tenants, pairs, strict=True):
            if not tenant.active and not fact.deleted:
                # Its other ids were deleted at their sources.
                tenant.active = True
        bindings = self.env["saas.binding"]
        bindings.create(
            [
                bindings._prepare_vals(source, Kind.CUSTOMER, fact.external_id, tenant)
                for tenant, (fact, _match) in zip(tenants, pairs, strict=True)
            ]
        )
        self.env["saas.customers.aliases"]._store(
            source,
            [(fact, tenant) for tenant, (fact, _m) in zip(tenants, pairs, strict=True)],
        )
        return tenants

    def _create_partners(self, source, pairs, values):
        """Return the contacts of customers in order; empty where a tenant is known."""
        company = source.company_id
        created = iter(
            self.env["res.partner"].create(
                [
                    {**vals, "company_id": company.id}
                    for (_fact, match), vals in zip(pairs, values, strict=True)
                    if not match.tenant and not match.partner
                ]
            )
        )
        return [
            match.tenant.partner_id.browse()
            if match.tenant
            else match.partner or next(created)
            for _fact, match in pairs
        ]

    def _create_tenants(self, source, pairs, partners, values):
        """Return the tenants of customers in order, which are made where there are
        none.
        """
        company, every = source.company_id, self.env["res.partner"].union(*partners)
        known = self.env["saas.tenant"]._find_of_partners(company, every)
        currencies = self.env["saas.customers.partner_values"]._get_currencies(
            {fact.currency for fact, _match in pairs if fact.currency}
        )
        tenants, vals_list, places = {}, [], []
        for place, ((fact, match), partner, vals) in enumerate(
            zip(pairs, partners, values, strict=True)
        ):
            tenant = match.tenant or known.get(partner.commercial_partner_id)
            if tenant and not tenant.is_guest:
                tenants[place] = tenant
                continue
            places.append(place)
            currency = currencies.get(fact.currency)
            vals_list.append(
                {
                    "name": partner.commercial_partner_id.name,
                    "ref": fact.external_id,
                    "company_id": company.id,
                    "partner_id": partner.commercial_partner_id.id,
                    "currency_id": currency.id if currency else False,
                    "synced_values": {} if match.partner else vals,
                }
            )
        created = self.env["saas.tenant"].create(vals_list)
        tenants |= dict(zip(places, created, strict=True))
        return created.browse().concat(*(tenants[place] for place in range(len(pairs))))
