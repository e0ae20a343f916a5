from odoo import api, fields, models

from ..revenue_methods import METHODS


class SaasRevenueAccount(models.Model):
    """Says on which account the revenue of an income account is deferred, and how it is
    shared out to months, where that is not as the company has it.
    """

    _name = "saas.revenue.account"
    _description = "SaaS deferred revenue account"
    _inherit = ["saas.guarded.mixin"]
    _check_company_auto = True
    _order = "company_id, income_account_id"
    _rec_name = "income_account_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    income_account_id = fields.Many2one(
        "account.account",
        required=True,
        check_company=True,
        ondelete="cascade",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        help="Where a line would be booked if it were earned at once.",
    )
    deferred_account_id = fields.Many2one(
        "account.account",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('account_type', 'in', "
        "('liability_current', 'liability_non_current'))]",
    )
    method = fields.Selection(
        METHODS,
        help="How it is shared out to months, unless the tenant or the product says "
        "it. Empty: as the source or the company says. Documents that are booked "
        "already stay as they are.",
    )

    _income_unique = models.UniqueIndex(
        "(company_id, income_account_id)",
        "The company has a row for this income account already. Change that one.",
    )

    def _get_log_source(self):
        """Return the source in whose log a change of a row is noted."""
        return self._get_log_of_company()

    @api.model
    def _find(self, company):
        """Return the rows of a company by income account."""
        rows = self.sudo().search([("company_id", "=", company.id)])
        return rows.grouped("income_account_id")
