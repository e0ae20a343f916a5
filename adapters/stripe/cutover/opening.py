"""Works out what stood open at the cut-over from what Stripe tells now.

Objects say how they are today. What was paid or credited since the cut-over has facts
of its own, so it is taken back here: an opening item comes out alike whenever it is
worked out.
"""

from odoo import models

from ....canonical.kinds import Kind
from ..listing import make_page
from ..resources import RESOURCES

#: The names of the objects that are worked out here; Stripe has none of these names.
INVOICE, BALANCE = "opening_invoice", "opening_balance"
#: The keys of the moments at which an invoice ends; the first that happened counts.
_ENDS = ("paid_at", "voided_at", "marked_uncollectible_at")


class SaasAdapterStripe(models.AbstractModel):
    """Works out opening items as if they were objects of Stripe."""

    _inherit = "saas.adapter.stripe"

    def _fetch_opening(self, source, external_id):
        """Return the opening item of an invoice, or the invoice itself where it was
        issued since the cut-over.
        """
        [invoice] = self._fetch(source, Kind.INVOICE, external_id)
        return self._open_invoice(source, invoice)

    def _read_openings(self, source, kind, filters, after):
        """Return a page of opening items: of invoices, or of customer credit."""
        if kind == Kind.OPENING_INVOICE:
            page = self._read_page(source, Kind.INVOICE, filters, after)
            openings = [self._open_invoice(source, data) for data in page.objects]
            return make_page(openings, page.cursor)
        cutover = int(source._get_cutover_at().timestamp())
        filters = {**filters, "created": {"lt": cutover}}
        page = self._read_page(source, Kind.CUSTOMER, filters, after)
        openings = [
            self._open_balance(source, data["id"], cutover) for data in page.objects
        ]
        return make_page(list(filter(None, openings)), page.cursor)

    def _open_invoice(self, source, invoice):
        """Return the opening item of an invoice, or the invoice itself where it was
        issued since the cut-over.
        """
        cutover = int(source._get_cutover_at().timestamp())
        times = invoice["status_transitions"]
        issued = invoice.get("effective_at") or times["finalized_at"]
        if not issued or issued >= cutover:
            return invoice
        return {
            "id": invoice["id"],
            "object": INVOICE,
            "created": cutover,
            "amount": self._get_open_amount(source, invoice, cutover),
            "invoice": {k: v for k, v in invoice.items() if k != "lines"},
        }

    def _get_open_amount(self, source, invoice, cutover):
        """Return what was due on an invoice at the cut-over, in minor units."""
        times = invoice["status_transitions"]
        if any(times.get(end) and times[end] < cutover for end in _ENDS):
            return 0
        applied = (invoice.get("ending_balance") or 0) - (
            invoice.get("starting_balance") or 0
        )
        paid = sum(
            payment["amount_paid"] or 0
            for payment in self._read_all(source, "invoice_payments", invoice["id"])
            # Of a state that is not known here, the moment tells.
            if payment["status"] not in ("canceled", "open")
            and (payment["status_transitions"]["paid_at"] or cutover) < cutover
        )
        credited = sum(
            note.get("pre_payment_amount") or 0
            for note in self._read_all(source, "credit_notes", invoice["id"])
            if note["created"] < cutover
            and not (note["voided_at"] and note["voided_at"] < cutover)
        )
        return max(invoice["total"] - applied - paid - credited, 0)

    def _read_all(self, source, name, invoice):
        """Return all objects of a list that belong to one invoice."""
        pages = self._read_pages(source, f"/v1/{name}", invoice=invoice)
        return [data for page in pages for data in page]

    def _open_balance(self, source, customer, cutover):
        """Return the customer credit at the cut-over, or None if there was none: what
        it came to after the last change before.
        """
        path = RESOURCES["customer_balance_transaction"].path.format(customer=customer)
        page = self._request(source, path, limit=1, created={"lt": cutover})
        if not page["data"] or not page["data"][0]["ending_balance"]:
            return None
        [last] = page["data"]
        return {
            "id": customer,
            "object": BALANCE,
            "created": cutover,
            "currency": last["currency"],
            # Stripe's sign is the other way round: less is to the customer's credit.
            "amount": -last["ending_balance"],
            "transaction": last["id"],
        }
