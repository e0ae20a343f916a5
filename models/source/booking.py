from odoo import fields, models


class SaasSource(models.Model):
    """Says how entries are booked that are neither documents nor payments."""

    _inherit = "saas.source"

    misc_journal_id = fields.Many2one(
        "account.journal",
        string="Other Entries",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="The journal for customer credit and bad debt. Leave it empty to use "
        "the company's first miscellaneous journal.",
    )
    bad_debt_tax_relief = fields.Boolean(
        string="Tax Relief for Bad Debt",
        help="A credit note takes the tax back when an invoice is given up. The "
        "country's law says whether and when that is allowed.",
    )

    def _get_other_journal(self):
        """Return the journal for entries that no invoice number is drawn for; empty
        if the company has none.
        """
        self.ensure_one()
        if self.misc_journal_id:
            return self.misc_journal_id
        company = self.company_id
        return self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(company),
                ("type", "=", "general"),
                (
                    "id",
                    "not in",
                    (
                        company.currency_exchange_journal_id
                        | company.tax_cash_basis_journal_id
                    ).ids,
                ),
            ],
            limit=1,
        )

    def _get_clearing_account(self):
        """Return the account of the money that the source holds; empty if none is set
        up.
        """
        self.ensure_one()
        return self.clearing_journal_id.default_account_id
