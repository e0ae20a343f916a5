from odoo import models


class SaasLedgerTenants(models.AbstractModel):
    """Says on booked documents and payments whose they are, where two tenants turn out
    to be one. No journal item changes, and none changes its contact.
    """

    _name = "saas.ledger.customers.tenants"
    _description = "SaaS tenants of booked records"

    def _move(self, loser, winner):
        """Let the documents, entries and payments of a tenant be another's."""
        for model in ("account.move", "account.payment"):
            records = self.env[model].search([("saas_tenant_id", "=", loser.id)])
            records.write({"saas_tenant_id": winner.id})
