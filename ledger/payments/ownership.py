from odoo import models

from ...canonical.actions import Action
from ...canonical.kinds import Kind


class SaasLedgerOwnership(models.AbstractModel):
    """Gives money that is booked to the tenant it turns out to be of, with all that
    belongs to it: its refunds, disputes and risks. What is open of it is taken to that
    tenant's contact; what is settled already stays where it was settled.
    """

    _name = "saas.ledger.payments.ownership"
    _description = "SaaS owners of booked money"

    def _hand_over(self, source, owners):
        """Give booked payments to other tenants.

        :param owners: pairs of an item and a tenant, by the payments' main ids.
        """
        if not owners:
            return
        booked = self.env["saas.ledger.payment"]._find(source, owners)
        mains = self._get_mains(source, owners)
        rows = [
            (*owners[main], Kind.PAYMENT, main, payments)
            for main, payments in booked.items()
        ]
        refunds = self._get_parts(source, Kind.REFUND, mains)
        chosen = self._get_chosen(source, refunds.mapped("external_id"))
        for binding in refunds:
            refund = binding._get_record()
            if refund and binding.external_id not in chosen:
                pair = owners[mains[binding.parent_ref]]
                rows.append((*pair, Kind.REFUND, binding.external_id, refund))
        self._give(source, rows)
        for binding in self._get_parts(source, Kind.DISPUTE, mains):
            if dispute := binding._get_record():
                dispute.tenant_id = owners[mains[binding.parent_ref]][1]
        risks = self.env["saas.risk"]._find_of_payments(source, mains)
        for risk in risks:
            risk.tenant_id = owners[mains[risk.payment_ref]][1]
        risks._follow_state()

    def _give(self, source, rows):
        """Give booked payments or refunds to other tenants.

        :param rows: items, tenants, kinds and ids of what the payments are booked for,
            and the payments.
        """
        self.env["saas.ledger.payments.receivable_transfer"]._give(
            source,
            [
                (item, tenant, kind, ref, payments.move_id)
                for item, tenant, kind, ref, payments in rows
            ],
        )
        for item, tenant, _kind, _ref, payments in rows:
            payments.saas_tenant_id = tenant
            item.tenant = tenant
            item.log(Action.OWNER_CHANGED, payments[:1], tenant.name)

    def _get_mains(self, source, owners):
        """Return the main ids of sums by each of their ids."""
        bindings = self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", Kind.PAYMENT),
                ("parent_ref", "in", list(owners)),
            ]
        )
        return {binding.external_id: binding.parent_ref for binding in bindings} | {
            main: main for main in owners
        }

    def _get_parts(self, source, kind, mains):
        """Return the bindings of objects of a kind that belong to sums."""
        return self.env["saas.binding"].search(
            [
                ("source_id", "=", source.id),
                ("kind", "=", kind),
                ("parent_ref", "in", list(mains)),
            ]
        )

    def _get_chosen(self, source, refs):
        """Return those of the ids of which a person said whose money it is."""
        return list(self.env["saas.binding"]._find(source, Kind.OWNER, refs))

    def _follow_invoices(self, source, rows, lines, items):
        """Give money that is booked on a guest to the tenant whose invoice it pays,
        unless a person said whose it is.

        :param rows: pairs of objects to reconcile.
        :param lines: their journal items, by kind and external id.
        :param items: items by the kind and external id of their objects.
        :return: whether any was given.
        """
        owners = {}
        for row in rows:
            if (row.debit_kind, row.credit_kind) != (Kind.INVOICE, Kind.PAYMENT):
                continue
            paid = lines.get((row.credit_kind, row.credit_ref))
            owed = lines.get((row.debit_kind, row.debit_ref))
            payment = paid and paid.payment_id[:1]
            tenant = owed and owed.move_id.saas_tenant_id[:1]
            if payment and tenant and payment.saas_tenant_id.is_guest:
                own = owners.setdefault(payment.saas_source_id, {})
                own.setdefault(payment.saas_external_id, (get_item(row, items), tenant))
        for holder, own in owners.items():
            for ref in self._get_chosen(holder, own):
                del own[ref]
            self._hand_over(holder, own)
        return any(owners.values())


def get_item(row, items):
    """Return the item that is applied for one of the sides of a pair."""
    sides = ((row.debit_kind, row.debit_ref), (row.credit_kind, row.credit_ref))
    found = (items[key] for key in sides if key in items)
    return next(found, None) or next(iter(items.values()))
