from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ...canonical.reference import Reference


class SaasPaymentsOwner(models.AbstractModel):
    """Says whose money it is, where that turns out after it was booked, or where only a
    person knows.

    What a person has chosen counts, whatever the source tells later. Without that, the
    customer of a later fact counts for what was booked on a guest.

    A choice is bound as ``payment_owner``, by the sum's main id, or a refund's.
    """

    _name = "saas.payments.owner"
    _description = "SaaS owners of money"

    def _find_chosen(self, source, refs):
        """Return the tenants that people chose, by the ids of what they are for."""
        bindings = self.env["saas.binding"]._find(source, Kind.OWNER, refs)
        return {ref: binding.tenant_id for ref, binding in bindings.items()}

    def _get_chosen(self, sums):
        """Return the tenants that people said sums are of, by main id."""
        chosen = {}
        for total in sums.values():
            main = total.fact.external_id
            if binding := total.bindings.get((Kind.OWNER, main)):
                chosen[main] = binding.tenant_id
        return chosen

    def _find_owners(self, source, items, booked, chosen):
        """Set the tenants whose money it is, as a person said, or as the source tells.
        Money of no customer is a guest's.
        """
        new = []
        for item in items:
            main = item.fact.external_id
            if main in booked:
                item.tenant = booked[main].saas_tenant_id[:1]
            elif main in chosen:
                item.tenant = chosen[main]
            else:
                new.append(item)
        self._find_payers(source, new)
        guests = [item for item in new if not item.tenant and not item.error]
        self.env["saas.customers.payer"]._ensure_tenants(source, guests)

    def _find_payers(self, source, items):
        """Set the tenants who paid: the customer, or the tenant of the invoice that was
        paid. An item that names a customer or an invoice that isn't known yet waits.
        """
        tenants = self.env["saas.tenant"]._find(
            source, [i.fact.customer for i in items if i.fact.customer]
        )
        invoices = self.env["saas.binding"]._find(
            source, Kind.INVOICE, [ref for item in items for ref in item.fact.invoices]
        )
        elsewhere = self._find_paid_elsewhere(source, items)
        for item in items:
            fact = item.fact
            if item in elsewhere:
                item.tenant = elsewhere[item]
                continue
            if item.error:
                continue
            paid = [invoices[ref] for ref in fact.invoices if ref in invoices]
            if fact.customer in tenants:
                item.tenant = tenants[fact.customer]
            elif paid:
                item.tenant = paid[0]._get_tenant()
            elif fact.customer:
                item.park(Kind.CUSTOMER, fact.customer)
            elif fact.invoices:
                item.park(Kind.INVOICE, fact.invoices[0])

    def _find_paid_elsewhere(self, source, items):
        """Return whose documents of linked sources were paid, by item, where the money
        names no customer and no invoice of its own source. An item whose documents
        aren't here yet waits.
        """
        named = {
            item: links
            for item in items
            if source.is_linked
            and source.issuer_ids
            and not item.fact.customer
            and not item.fact.invoices
            and (links := source._read_links(item.fact))
        }
        found = self.env["saas.binding"]._find_elsewhere(
            source, [link.reference for links in named.values() for link in links]
        )
        tenants = {}
        for item, links in named.items():
            for link in links:
                if not found[link.reference]:
                    item.park(*link.reference)
                    break
            else:
                tenants[item] = found[links[0].reference][:1]._get_tenant()
        return tenants

    def _recognise(self, source, items, booked, chosen):
        """Return whose booked money is by now, where it is booked on another tenant. An
        item that names a customer who isn't known yet waits.

        :param booked: payments by main id.
        :param chosen: tenants that people chose, by main id.
        :return: pairs of an item and a tenant, by main id.
        """
        owners, guests = {}, []
        for item in items:
            main = item.fact.external_id
            tenant = booked.get(main, self.env["account.payment"]).saas_tenant_id
            if main in chosen:
                if tenant and tenant != chosen[main]:
                    owners[main] = (item, chosen[main])
            elif item.fact.customer and any(tenant.mapped("is_guest")):
                guests.append(item)
        tenants = self.env["saas.tenant"]._find(
            source, [item.fact.customer for item in guests]
        )
        for item in guests:
            if item.fact.customer in tenants:
                owners[item.fact.external_id] = (item, tenants[item.fact.customer])
            else:
                item.park(Kind.CUSTOMER, item.fact.customer)
        return owners

    def _hand_over(self, source, owners):
        """Give money to the tenants it turns out to be of.

        :param owners: as :meth:`_recognise` returns them.
        """
        due = {main: pair for main, pair in owners.items() if not pair[0].error}
        self.env["saas.ledger.payments.ownership"]._hand_over(source, due)

    # -- what a person says -----------------------------------------------------

    def _choose(self, source, fact, partner, tenant):
        """Keep a person's choice of whose money it is: ``tenant``, or a tenant of
        ``partner``, or a new contact where both are empty.

        :param fact: a payment, or a refund that names none.
        :return: the tenant.
        """
        tenant = tenant._get_current() or self._get_tenant(source, fact, partner)
        bindings = self.env["saas.binding"]
        for known in bindings._find(source, Kind.OWNER, [fact.external_id]).values():
            known.unlink()
        bindings.create(
            bindings._prepare_vals(
                source,
                Kind.OWNER,
                fact.external_id,
                parent_ref=fact.external_id,
                tenant_id=tenant.id,
            )
        )
        self.env["saas.sync.log"]._append(
            [
                {
                    "source_id": source.id,
                    "action": Action.OWNER_CHOSEN.value,
                    "res_model": tenant._name,
                    "res_id": tenant.id,
                    "detail": str(Reference(fact.kind, fact.external_id)),
                }
            ]
        )
        return tenant

    def _get_tenant(self, source, fact, partner):
        """Return the tenant of a contact, which is made where there is none."""
        if not partner:
            payers = self.env["saas.customers.payer"]
            partner = payers._create_contacts(source, [fact.payer])
        return self.env["saas.tenant"]._get_of_partner(source.company_id, partner)
