from odoo import models


class SaasLedgerMethod(models.AbstractModel):
    """Says how a deferred line is shared out to months, where several say it."""

    _name = "saas.ledger.revenue.method"
    _description = "SaaS method of a deferred line"

    def _find(self, source, tenant, product, account):
        """Return the method of a line, a value of ``canonical/revenue/span.Method``.
        The first of these that has one decides: the tenant, the product, the deferred
        account's row, the source, the company. Fields on the screen say so, too.

        :param tenant: a ``saas.tenant``, or None.
        :param product: of the line, in the company; it may be empty.
        :param account: a ``saas.revenue.account``, or None.
        """
        return (
            (tenant and tenant.deferred_method)
            or product.deferred_method
            or (account and account.method)
            or source.deferred_method
            or source.company_id.revenue_method
        )
