from odoo import models

from ...canonical.kinds import Kind
from ...canonical.money import exact


class SaasComparatorInvoice(models.AbstractModel):
    """Compares invoices, and what is left of each with its credit notes: what is still
    open, what was paid and what is uncollectible; of a void one nothing.
    """

    _name = "saas.comparator.invoice"
    _inherit = "saas.comparator.document"
    _description = "SaaS invoice comparator"

    _kind = Kind.INVOICE

    def _is_expected(self, fact):
        return fact.state != "draft"

    def _prepare(self, source, facts, bindings):
        tenants = self.env["saas.tenant"]._find(
            source, [fact.customer for fact in facts if fact.customer]
        )
        return tenants, self.env["saas.comparator.family"]._read(source, bindings)

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
            ours = self._get_state(record)
            yield "state", fact.state or ours, ours
        else:
            yield from super()._get_values(source, fact, record, known)
        tenants, families = known
        tenant = tenants.get(fact.customer)
        if fact.customer and tenant != record.saas_tenant_id:
            yield "customer", fact.customer, record.saas_tenant_id.ref
        yield from self._get_rest(fact, families[fact.external_id])
        if source._is_before_cutover(fact.issued_at):
            # A part of the invoice may have been paid before the cut-over.
            return
        if fact.state == "paid" and fact.amount_paid and not fact.paid_outside:
            # A payment that became customer credit is not a payment of the invoice
            # here.
            paid = fact.amount_paid - fact.overpaid + min(fact.credit_change, 0)
            yield "amount_paid", fact.decimal(paid), self._get_paid(record)

    def _get_rest(self, fact, family):
        """Yield what is left of an invoice with what the books have beside it. What is
        written off or void is no longer open here; the source goes on telling what it
        had come to. What was paid elsewhere stays open until the bank's own line comes.
        """
        zero = fact.decimal(0)
        if fact.amount_remaining is not None:
            rest = fact.decimal(fact.amount_remaining)
            state = fact.state or family.document.saas_state
            is_lost = state == "uncollectible"
            if not fact.paid_outside:
                is_open = state == "open"
                yield "amount_remaining", rest if is_open else zero, family.get_open()
            yield "uncollectible", rest if is_lost else zero, family.get_lost()
        is_void = fact.state == family.document.saas_state == "void"
        if is_void and family.document.is_invoice():
            net, tax = family.get_left()
            yield "net_left", zero, net
            yield "tax_left", zero, tax

    def _get_paid(self, record):
        """Return how much of an invoice is reconciled with payments, as a Decimal: also
        with those whose credit was transferred to the invoice's account or contact. Its
        journal items and what they are matched with are read for all at once.
        """
        receivable = record.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        places = record.currency_id.decimal_places
        return sum(
            (
                exact(partial.debit_amount_currency, places)
                for partial in receivable.matched_credit_ids
                if _find_payment(partial.credit_move_id)
            ),
            start=exact(0.0, places),
        )


def _find_payment(credit):
    """Return the payment that a credit on a receivable is of, or was before an entry
    transferred it; empty if there is none.
    """
    payment = credit.payment_id
    if payment or credit.move_id.move_type != "entry":
        return payment
    # The other side of a transfer takes the credit away from where it was.
    taken = credit.move_id.line_ids.matched_credit_ids.credit_move_id - credit
    return taken.payment_id
