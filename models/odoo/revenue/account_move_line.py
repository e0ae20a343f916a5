from odoo import fields, models


class AccountMoveLine(models.Model):
    """A journal item of a tenant's, as far as it is a part of what the tenant brings in
    or costs: it carries the tenant's analytic account beside what rules give it.
    """

    _inherit = "account.move.line"

    saas_plan_id = fields.Many2one(
        "saas.plan",
        string="Plan of the Tenant",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Whose revenue it is, where an entry recognises it.",
    )

    def _related_analytic_distribution(self):
        return self._get_saas_distribution() | super()._related_analytic_distribution()

    def _get_saas_distribution(self):
        """Return the share of the tenant whose revenue or cost this item is: all of it,
        or nothing, where the company does not tell tenants apart on that day.

        An exchange difference is the money's, and no tenant's.
        """
        company, move = self.company_id, self.move_id
        start = company.profit_from
        if not start or not move.date or move.date < start:
            return {}
        if self.display_type != "product" and move.is_invoice(include_receipts=True):
            # A tax has what Odoo's tax engine gives it.
            return {}
        if self.account_id.internal_group not in ("income", "expense"):
            return {}
        exchange = (
            company.income_currency_exchange_account_id
            | company.expense_currency_exchange_account_id
        )
        if self.account_id in exchange:
            return {}
        # The superuser's, as everybody who may book may book a tenant's.
        account = move.sudo().saas_tenant_id.analytic_account_id
        return {str(account.id): 100.0} if account else {}
