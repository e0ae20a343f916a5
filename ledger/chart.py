from odoo import models

#: Types of accounts to look among for a code, where the chart has none of a type.
_LIKE = {
    "expense": ("expense_direct_cost", "expense_other"),
    "expense_direct_cost": ("expense", "expense_other"),
    "asset_current": ("asset_receivable", "asset_cash"),
    "liability_current": ("liability_payable",),
    "income": ("income_other",),
}


class SaasLedgerChart(models.AbstractModel):
    """Adds to a company's chart what a source needs: accounts in the chart's own style,
    and a clearing journal. The caller has checked that the user may ask for it.
    """

    _name = "saas.ledger.chart"
    _description = "SaaS chart of accounts"

    def _create_account(self, source, name, account_type):
        """Return a new account of the source's company.

        :param account_type: as ``account.account`` has it.
        """
        accounts = self.env["account.account"]
        code = self._get_start_code(source, account_type)
        return accounts.create(
            {
                "name": name,
                "code": accounts._search_new_account_code(code),
                "account_type": account_type,
                "company_ids": source.company_id.ids,
            }
        )

    def _get_start_code(self, source, account_type):
        """Return the code after which a new account goes: the last one of its type, or
        of a type like it.
        """
        accounts = self.env["account.account"]
        for like in ((account_type,), _LIKE[account_type]):
            found = accounts.search(
                [
                    ("account_type", "in", like),
                    *accounts._check_company_domain(source.company_id),
                ]
            )
            if codes := [account.code for account in found if account.code]:
                return max(codes)
        return {
            "asset_current": "100000",
            "liability_current": "200000",
            "income": "400000",
        }.get(account_type, "600000")

    def _complete_company(self, source):
        """Give the source's company the accounts that its entries need and that are not
        chosen in the settings of Accounting: for internal transfers, and for gains and
        losses of exchange.

        :return: the names of the settings that were filled.
        """
        company = source.company_id
        wanted = {
            "transfer_account_id": (self.env._("Internal Transfers"), "asset_current"),
            "income_currency_exchange_account_id": (
                self.env._("Foreign Exchange Gain"),
                "income",
            ),
            "expense_currency_exchange_account_id": (
                self.env._("Foreign Exchange Loss"),
                "expense",
            ),
        }
        filled = []
        for field, (name, account_type) in wanted.items():
            if not company[field]:
                company[field] = self._create_account(source, name, account_type)
                filled.append(company._fields[field].string)
        # Both sides of a transfer meet there.
        company.transfer_account_id.reconcile = True
        return filled

    def _create_clearing_journal(self, source):
        """Return a new bank journal; Odoo gives it an account and a short code."""
        return self.env["account.journal"].create(
            {
                "name": self.env._("%s Clearing", source.name),
                "type": "bank",
                "company_id": source.company_id.id,
            }
        )

    def _set_up_clearing(self, journals):
        """Let payments of clearing journals land in their own accounts at once: the
        source holds that money already, nothing is outstanding.
        """
        for journal in journals.sudo():
            lines = (
                journal.inbound_payment_method_line_ids
                | journal.outbound_payment_method_line_ids
            )
            for line in lines.filtered(lambda line: not line.payment_account_id):
                line.payment_account_id = journal.default_account_id
