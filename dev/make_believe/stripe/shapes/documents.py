"""Invoices and credit notes as JSON, as far as all API versions agree.
https://docs.stripe.com/api/invoices
https://docs.stripe.com/api/credit_notes
"""

from ..units import minor, stamp


class DocumentShape:
    """Writes invoices, credit notes, and the lines of either."""

    def invoice(self, tenant, invoice):
        return {
            "id": invoice.id,
            "object": "invoice",
            **self._amounts(invoice),
            **self._shipping(invoice, invoice.currency),
            **self._billed_to(tenant),
            "account_country": self.entity.country,
            "account_name": self.entity.company,
            "attempt_count": invoice.attempts,
            "attempted": invoice.attempts > 0,
            "auto_advance": False,
            "automatic_tax": {"enabled": False, "liability": None, "status": None},
            "billing_reason": invoice.reason,
            "collection_method": "charge_automatically",
            "created": stamp(invoice.finalized_at) - 3600,
            "currency": invoice.currency.lower(),
            "default_tax_rates": [],
            "description": None,
            "discounts": [],
            "due_date": stamp(invoice.due_at),
            "effective_at": stamp(invoice.effective_at or invoice.finalized_at),
            "hosted_invoice_url": None,
            "invoice_pdf": None,
            "lines": self.list(
                [self.invoice_line(invoice, line) for line in invoice.goods],
                f"/v1/invoices/{invoice.id}/lines",
            ),
            "livemode": True,
            "metadata": {},
            "number": invoice.number,
            "period_end": stamp(invoice.finalized_at),
            "period_start": stamp(invoice.finalized_at),
            "status": invoice.status,
            "status_transitions": {
                "finalized_at": stamp(invoice.finalized_at),
                "marked_uncollectible_at": stamp(invoice.given_up_at),
                "paid_at": stamp(invoice.paid_at),
                "voided_at": stamp(invoice.voided_at),
            },
        }

    def _amounts(self, invoice):
        """Return what an invoice comes to, and what of it is settled."""
        currency = invoice.currency
        return {
            "amount_due": minor(invoice.due, currency),
            "amount_paid": minor(invoice.paid, currency),
            "amount_remaining": minor(invoice.rest, currency),
            "ending_balance": -minor(invoice.credit_left, currency),
            "post_payment_credit_notes_amount": minor(invoice.credited_after, currency),
            "pre_payment_credit_notes_amount": minor(invoice.credited_before, currency),
            "starting_balance": -minor(invoice.credit_before, currency),
            "subtotal": minor(invoice.subtotal, currency),
            "total": minor(invoice.total, currency),
            "total_discount_amounts": [],
            "total_excluding_tax": minor(invoice.net, currency),
        }

    def _shipping(self, document, currency):
        """Return what a document states of its shipping, which is none of its lines."""
        line = document.shipping
        if not line:
            return {"amount_shipping": 0, "shipping_cost": None}
        net, tax = minor(line.net, currency), minor(line.tax, currency)
        return {
            "amount_shipping": net,
            "shipping_cost": {
                "amount_subtotal": net,
                "amount_tax": tax,
                "amount_total": net + tax,
                "shipping_rate": f"shr_{self.entity.key}_parcel",
            },
        }

    def _billed_to(self, tenant):
        """Return what an invoice keeps of its customer."""
        return {
            "customer": tenant.id,
            "customer_address": self.address(tenant),
            "customer_email": tenant.email,
            "customer_name": tenant.name,
            "customer_phone": tenant.phone,
            "customer_tax_exempt": "none",
            "customer_tax_ids": self.tax_ids(tenant),
        }

    def line(self, line, currency):
        """Return what the lines of invoices have in all versions."""
        return {
            "id": line.id,
            "object": "line_item",
            "amount": minor(line.amount, currency),
            "currency": currency.lower(),
            "description": line.description,
            "discount_amounts": _discounts(line, currency),
            "discountable": not line.proration,
            "discounts": ["di_launch"] if line.discount else [],
            "livemode": True,
            "metadata": {},
            "period": {"start": stamp(line.start), "end": stamp(line.end)},
            "quantity": line.quantity,
        }

    def credit_note(self, tenant, note):
        currency = note.invoice.currency
        return {
            "id": note.id,
            "object": "credit_note",
            "amount": minor(note.total, currency),
            **self._shipping(note, currency),
            "created": stamp(note.created),
            "currency": currency.lower(),
            "customer": tenant.id,
            "customer_balance_transaction": note.credit_change
            and note.credit_change.id,
            "discount_amount": minor(note.discount, currency),
            "discount_amounts": [],
            "effective_at": stamp(note.created),
            "invoice": note.invoice.id,
            "lines": self.list(
                [self.credit_line(note, line) for line in note.goods],
                f"/v1/credit_notes/{note.id}/lines",
            ),
            "livemode": True,
            "memo": None,
            "metadata": {},
            "number": note.number,
            "out_of_band_amount": None,
            "pdf": None,
            "reason": "order_change",
            "status": "void" if note.voided_at else "issued",
            "subtotal": minor(note.subtotal, currency),
            "total": minor(note.total, currency),
            "total_excluding_tax": minor(note.net, currency),
            "type": note.kind,
            "voided_at": stamp(note.voided_at),
        }

    def credit_line(self, note, line):
        currency = note.invoice.currency
        return {
            "id": f"cnli_{note.id.removeprefix('cn_')}_{line.id.removeprefix('il_')}",
            "object": "credit_note_line_item",
            "amount": minor(line.amount, currency),
            "description": line.description,
            "discount_amount": minor(line.discount, currency),
            "discount_amounts": _discounts(line, currency),
            "invoice_line_item": line.id,
            "livemode": True,
            "quantity": line.quantity,
            "type": "invoice_line_item",
            "unit_amount": None,
            "unit_amount_decimal": None,
        }


def _discounts(line, currency):
    """Return what a line was lowered by, as its list of discounts."""
    amount = {"amount": minor(line.discount, currency), "discount": "di_launch"}
    return [amount] if line.discount else []
