from datetime import datetime

from odoo import models

from ...canonical.kinds import Kind
from ...canonical.moments import naive
from ...ledger.allocation import Allocated


class SaasPaymentsAllocation(models.AbstractModel):
    """Settles invoices with the payments that pay them, as the source says: by events
    of payments, or by an invoice's own list of them.
    """

    _name = "saas.payments.allocation"
    _description = "SaaS allocation of payments to invoices"

    def _settle(self, source, items):
        """Reconcile payments with their invoices, or end that.

        :param items: items whose payments are booked.
        """
        settlement = self.env["saas.ledger.settlement"]
        settlement._record(
            source,
            [
                (Kind.INVOICE, invoice, Kind.PAYMENT, item.fact.external_id)
                for item in items
                for invoice in item.fact.invoices
                if not item.fact.allocation
            ],
        )
        opened = self.env["saas.ledger.allocation"]._allocate(
            source,
            [
                Allocated(
                    item,
                    invoice,
                    item.fact.external_id,
                    item.fact.amount,
                    item.fact.exponent,
                    naive(item.fact.paid_at),
                    naive(item.fact.ended_at),
                )
                for item in items
                for invoice in item.fact.invoices
                if item.fact.allocation
            ],
            self._get_listed(source, items),
        )
        told = {(Kind.PAYMENT, ref): item for item in items for ref in item.fact.ids}
        settlement._reconcile(source, opened | told)
        self.env["saas.ledger.payments.elsewhere"]._reconcile(
            source, Kind.PAYMENT, {item.fact.external_id: item for item in items}
        )

    def _get_listed(self, source, items):
        """Return when invoices last listed all that pays them, by invoice."""
        refs = [ref for i in items if i.fact.allocation for ref in i.fact.invoices]
        bindings = self.env["saas.binding"]._find(source, Kind.INVOICE, refs)
        return {ref: binding.ended_at for ref, binding in bindings.items()}

    def _keep_listed(self, source, items):
        """Note when invoices listed all that pays them: a part that is told later and
        began before had ended by then.
        """
        bindings = self.env["saas.binding"]._find(source, Kind.INVOICE, items)
        for ref, binding in bindings.items():
            known_at = naive(items[ref].fact.allocations_known_at)
            if known_at > (binding.ended_at or datetime.min):
                binding.ended_at = known_at

    def _allocate_invoices(self, source, items):
        """Take over how invoices list their payments. What a whole list no longer has
        was taken off the invoice.

        :param items: items of invoices that are booked.
        :return: the kinds and external ids of the objects that are open again, with the
            item that told it.
        """
        allocated = [
            Allocated(
                item,
                item.fact.external_id,
                part.payment,
                part.amount or 0,
                item.fact.exponent,
                # What is listed pays the invoice by then, whenever it began.
                naive(part.paid_at or item.fact.allocations_known_at),
                naive(part.ended_at),
            )
            for item in items
            for part in item.fact.allocations
        ]
        ledger = self.env["saas.ledger.allocation"]
        whole = {
            item.fact.external_id: item
            for item in items
            if item.fact.allocations_known_at
        }
        for invoice, payment, started_at in ledger._get_started(source, whole):
            item = whole[invoice]
            known_at = naive(item.fact.allocations_known_at)
            listed = {part.payment for part in item.fact.allocations}
            if payment not in listed and started_at < known_at:
                allocated.append(
                    Allocated(item, invoice, payment, 0, 0, ended_at=known_at)
                )
        self._keep_listed(source, whole)
        return ledger._allocate(source, allocated)
