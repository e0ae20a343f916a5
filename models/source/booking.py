from odoo import fields, models

from ...canonical.errors import Missing

_EXPENSES = "('expense', 'expense_direct_cost', 'expense_other')"


class SaasSource(models.Model):
    """Holds the accounts and the journal for money that is neither an invoice nor its
    payment, and says how that is booked: that of guests too, who are no customers of
    the source.

    An account is needed when the first fact needs it: until it is set, such events wait
    as ``incomplete_setup``.
    """

    _inherit = "saas.source"

    fee_account_id = fields.Many2one(
        "account.account",
        string="Processing Fees",
        check_company=True,
        domain=f"[('account_type', 'in', {_EXPENSES})]",
        help="What the source keeps for its service, disputes included.",
    )
    dispute_account_id = fields.Many2one(
        "account.account",
        string="Disputed Funds",
        check_company=True,
        domain="[('account_type', '=', 'asset_current')]",
        help="Money withdrawn by a dispute that is not decided yet.",
    )
    chargeback_account_id = fields.Many2one(
        "account.account",
        string="Chargeback Losses",
        check_company=True,
        domain=f"[('account_type', 'in', {_EXPENSES})]",
        help="Money of disputes that were lost.",
    )
    bad_debt_account_id = fields.Many2one(
        "account.account",
        string="Bad Debt",
        check_company=True,
        domain=f"[('account_type', 'in', {_EXPENSES})]",
        help="What is still due on invoices that were given up as uncollectible.",
    )
    balance_account_id = fields.Many2one(
        "account.account",
        string="Customer Credit",
        check_company=True,
        domain="[('account_type', '=', 'liability_current')]",
        help="What customers have to their credit, for their next invoices.",
    )
    adjustment_account_id = fields.Many2one(
        "account.account",
        string="Credit Adjustments",
        check_company=True,
        help="The other side of customer credit that was changed by hand.",
    )
    connected_account_id = fields.Many2one(
        "account.account",
        string="Due from Connected Accounts",
        check_company=True,
        domain="[('account_type', 'in', ('asset_current', 'liability_current'))]",
        help="Money that was transferred to connected accounts, less what came back; "
        "on the side of a connected account, what its platform has handed to it.",
    )
    application_income_account_id = fields.Many2one(
        "account.account",
        string="Application Fees Earned",
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        help="What this platform keeps of the payments of connected accounts.",
    )
    reserve_account_id = fields.Many2one(
        "account.account",
        string="Reserve at the Source",
        check_company=True,
        domain="[('account_type', '=', 'asset_current')]",
        help="Money that the source holds back. It is still there, but can't be paid "
        "out for now.",
    )
    loan_account_id = fields.Many2one(
        "account.account",
        string="Loan from the Source",
        check_company=True,
        domain="[('account_type', 'in', "
        "('liability_current', 'liability_non_current'))]",
        help="Money that the source has lent, less what was repaid.",
    )
    loan_cost_account_id = fields.Many2one(
        "account.account",
        string="Cost of the Loan",
        check_company=True,
        domain=f"[('account_type', 'in', {_EXPENSES})]",
        help="The fee that is a part of each repayment. Where the source does not tell "
        "it, the loan is repaid in full, and the fee is left there to be booked.",
    )
    payout_journal_id = fields.Many2one(
        "account.journal",
        string="Payout Bank",
        check_company=True,
        domain="[('type', '=', 'bank')]",
        help="The journal of the bank account that the source pays out to.",
    )
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
    match_policy = fields.Selection(
        [
            ("propose", "Propose it to a person"),
            ("email", "Take the one contact with the same e-mail"),
            ("never", "Leave it at that"),
        ],
        string="Similar Contacts",
        required=True,
        default="propose",
        help="What to do where only an e-mail, a phone number, a domain or a name says "
        "that a customer is a contact of Odoo's. IDs of other systems, VAT numbers and "
        "registration numbers always count. A proposal holds nothing up.",
    )
    guest_policy = fields.Selection(
        [
            ("payer", "A contact made of the payer's name and e-mail"),
            ("contact", "One contact for all guests"),
        ],
        string="Guests' Money",
        required=True,
        default="payer",
        help="Where to book the money of people who pay without being customers at the "
        "source. Afterwards, Choose Customer on a payment says whose it is.",
    )
    guest_partner_id = fields.Many2one(
        "res.partner",
        string="Contact for Guests",
        check_company=True,
        help="The contact for guests, or for those of whom neither a name nor an "
        "e-mail is known. Each payment stays an open credit of its own.",
    )
    transfers_receivables = fields.Boolean(
        string="Transfer Between Receivables",
        help="If a payment belongs to an invoice on another receivable account or "
        "contact, its open credit is transferred there by an entry, and reconciled. "
        "Otherwise a person is asked.",
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

    def _get_missing_account(self, *fields):
        """Return which accounts this source lacks, a
        :class:`~...canonical.errors.Missing`, or None.

        :param fields: names of the accounts' fields.
        """
        self.ensure_one()
        missing = tuple(field for field in fields if not self[field])
        if not missing:
            return None
        labels = [self._fields[f]._description_string(self.env) for f in missing]
        text = self.env._(
            "The source has no account for: %s. Choose one on the source, under "
            "Accounting.",
            ", ".join(labels),
        )
        return Missing(missing, text)
