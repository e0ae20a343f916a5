"""Objects as the API shows them when it is asked: with what an event leaves out."""

from ..units import stamp
from .basil import BasilShape


class ApiShape(BasilShape):
    """The newest version, whole lists, and what can be asked for with an object."""

    def __init__(self, entity):
        super().__init__(entity, page=None)

    def snapshot(self, event):
        """Return an event: it never changes."""
        return event

    def customer(self, tenant):
        """Return a customer with the tax ids it has given; one that was deleted by its
        id alone.
        """
        if tenant.has_left:
            return {"id": tenant.id, "object": "customer", "deleted": True}
        tax_ids = [
            {
                "id": f"txi_{tenant.key}",
                "object": "tax_id",
                "country": tenant.country,
                "created": stamp(tenant.created),
                "customer": tenant.id,
                "livemode": True,
                "type": "eu_vat",
                "value": tenant.vat,
                "verification": {"status": "verified"},
            }
        ]
        return {
            **super().customer(tenant),
            "tax_ids": self.list(
                tax_ids if tenant.vat else [], f"/v1/customers/{tenant.id}/tax_ids"
            ),
        }

    def invoice(self, tenant, invoice):
        """Return an invoice with its payments."""
        payments = [self.invoice_payment(payment) for payment in invoice.payments]
        return {**super().invoice(tenant, invoice), "payments": self.list(payments)}
