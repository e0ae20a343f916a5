from odoo import models

from ...canonical.kinds import Kind
from ...canonical.money import exact


class SaasComparatorInvoice(models.AbstractModel):
    """Compares invoices, and for each the amounts that are still open and that were
    paid.
    """

    _name = "saas.comparator.invoice"
    _inherit = "saas.comparator.document"
    _description = "SaaS invoice comparator"

    _kind = Kind.INVOICE

    def _is_expected(self, fact):
        return fact.state != "draft"

    def _prepare(self, source, facts, bindings):
        return self.env["saas.tenant"]._find(
            source, [fact.customer for fact in facts if fact.customer]
        )

    def _get_sign(self, record):
        return -1 if record.move_type == "out_refund" else 1

    def _is_left_out(self, source, fact, binding):
        """Return False: an invoice that was open at the cut-over is here, as an opening
        item.
        """
        is_opening = binding and binding.res_id
        return not is_opening and super()._is_left_out(source, fact, binding)

    def _get_values(self, source, fact, record, known):
        if source._is_before_cutover(fact.issued_at):
            # An opening item: its total is what was open then, without any tax.
            yield "currency", fact.currency, record.currency_id.name
            yield "state", fact.state, self._get_state(record)
        else:
            yield from super()._get_values(source, fact, record, known)
        tenant = known.get(fact.customer)
        if fact.customer and tenant != record.saas_tenant_id:
            yield "customer", fact.customer, record.saas_tenant_id.ref
        if fact.amount_remaining is not None and not fact.paid_outside:
            # What is written off or void is no longer open here; the source goes on
            # telling what it had come to. What was paid elsewhere stays open until
            # the bank's own line comes.
            remaining = fact.amount_remaining if fact.state == "open" else 0
            yield (
                "amount_remaining",
                fact.decimal(remaining),
                self._get_residual(record),
            )
        if source._is_before_cutover(fact.issued_at):
            # A part of the invoice may have been paid before the cut-over.
            return
        if fact.state == "paid" and fact.amount_paid and not fact.paid_outside:
            # A payment that became customer credit is not a payment of the invoice
            # here.
            paid = fact.amount_paid - fact.overpaid + min(fact.credit_change, 0)
            yield "amount_paid", fact.decimal(paid), self._get_paid(record)

    def _get_residual(self, record):
        """Return what is still open of an invoice or an opening item, as a Decimal."""
        places = record.currency_id.decimal_places
        if record.is_invoice():
            return self._get_sign(record) * exact(record.amount_residual, places)
        # Odoo computes the residual for invoices alone.
        return sum(
            (
                exact(line.amount_residual_currency, places)
                for line in record.line_ids
                if line.account_type == "asset_receivable"
            ),
            start=exact(0.0, places),
        )

    def _get_paid(self, record):
        """Return how much of an invoice is reconciled with payments, as a Decimal.
        Its journal items and what they are matched with are read for all at once.
        """
        receivable = record.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        places = record.currency_id.decimal_places
        return sum(
            (
                exact(partial.debit_amount_currency, places)
                for partial in receivable.matched_credit_ids
                if partial.credit_move_id.payment_id
            ),
            start=exact(0.0, places),
        )
