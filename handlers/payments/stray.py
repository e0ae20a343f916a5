from odoo import models

from ...canonical.kinds import Kind


class SaasPaymentsStray(models.AbstractModel):
    """Says whose money a refund was that names no payment: the customer's that it
    names, or else a guest's. What a person said counts, also of a refund whose payment
    isn't known.
    """

    _name = "saas.payments.stray"
    _description = "SaaS refunds without a payment"

    def _find_tenants(self, source, items, chosen):
        """Set the tenants of refunds that a person chose, and of those without a
        payment. One whose customer isn't known yet waits.

        :param chosen: the tenants that people chose, by the refunds' ids.
        :return: the other items, whose payments tell.
        """
        for item in items:
            item.tenant = chosen.get(item.fact.external_id, item.tenant)
        items = [item for item in items if item.fact.external_id not in chosen]
        self._find_strays(source, [item for item in items if not item.fact.payment])
        return [item for item in items if item.fact.payment]

    def _find_strays(self, source, items):
        """Set the tenants of refunds without a payment that nobody chose."""
        if not items:
            return
        refs = [item.fact.external_id for item in items]
        booked = self.env["saas.binding"]._find(source, Kind.REFUND, refs)
        tenants = self.env["saas.tenant"]._find(
            source, [item.fact.customer for item in items if item.fact.customer]
        )
        guests = []
        for item in items:
            ref, customer = item.fact.external_id, item.fact.customer
            known = ref in booked and booked[ref]._get_tenant()
            if known and not (known.is_guest and customer):
                item.tenant = known
            elif customer in tenants:
                item.tenant = tenants[customer]
            elif customer:
                item.park(Kind.CUSTOMER, customer)
            else:
                guests.append(item)
        self.env["saas.customers.payer"]._ensure_tenants(source, guests)

    def _hand_over(self, source, items, chosen):
        """Give booked refunds to the tenants that were found for them: those without a
        payment, and those that a person chose.

        :param chosen: as for :meth:`_find_tenants`.
        """
        items = [
            item
            for item in items
            if not item.fact.payment or item.fact.external_id in chosen
        ]
        if not items:
            return
        refs = [item.fact.external_id for item in items]
        bindings = self.env["saas.binding"]._find(source, Kind.REFUND, refs)
        rows = []
        for item in items:
            binding = bindings.get(item.fact.external_id)
            refund = binding and binding._get_record()
            if refund and refund.saas_tenant_id != item.tenant:
                ref = item.fact.external_id
                rows.append((item, item.tenant, Kind.REFUND, ref, refund))
        self.env["saas.ledger.payments.ownership"]._give(source, rows)
