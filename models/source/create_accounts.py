from odoo import api, fields, models

from ...canonical.actions import Action


class SaasSource(models.Model):
    """Creates what a person would have to create by hand in the chart of accounts."""

    _inherit = "saas.source"

    setup_recommended = fields.Text(
        compute="_compute_setup_recommended",
        compute_sudo=True,
        string="Recommended",
        help="It is not needed before the first event of its kind, which waits if "
        "it is missing.",
    )

    @api.depends(
        "clearing_journal_id",
        "payout_journal_id",
        "fee_account_id",
        "dispute_account_id",
        "chargeback_account_id",
        "bad_debt_account_id",
        "balance_account_id",
        "adjustment_account_id",
        "passed_fee_account_id",
        "application_fee_account_id",
        "withheld_tax_account_id",
        "connected_account_id",
        "application_income_account_id",
        "reserve_account_id",
        "loan_account_id",
        "loan_cost_account_id",
    )
    def _compute_setup_recommended(self):
        for source in self:
            missing = source._get_setup_recommended()
            source.setup_recommended = "\n".join(f"☐ {step}" for step in missing)

    def _get_setup_recommended(self):
        """Return a sentence for each account or journal that is not chosen yet."""
        self.ensure_one()
        if self.is_own:
            return []
        uses = {
            "fee_account_id": self.env._("Processing Fees: what the source keeps"),
            "dispute_account_id": self.env._(
                "Disputed Funds: money of disputes that are not decided"
            ),
            "chargeback_account_id": self.env._(
                "Chargeback Losses: money of disputes that were lost"
            ),
            "bad_debt_account_id": self.env._(
                "Bad Debt: invoices given up as uncollectible"
            ),
            "balance_account_id": self.env._(
                "Customer Credit: what customers have to their credit"
            ),
            "adjustment_account_id": self.env._(
                "Credit Adjustments: customer credit that was changed by hand"
            ),
            "payout_journal_id": self.env._(
                "Payout Bank: the journal of the bank account that is paid out to"
            ),
            **self._get_uses_of_money(),
        }
        return [text for field, text in uses.items() if not self[field]]

    def _get_uses_of_money(self):
        """Return what the accounts are for that only some sources ever need."""
        return {
            "passed_fee_account_id": self.env._(
                "Passed-Through Fees: what card networks and payment methods ask"
            ),
            "application_fee_account_id": self.env._(
                "Application Fees Paid: what a platform keeps of your payments"
            ),
            "withheld_tax_account_id": self.env._(
                "Withheld Tax: an asset if you get it back, or else a cost"
            ),
            "connected_account_id": self.env._(
                "Due from Connected Accounts: transfers between accounts at the source"
            ),
            "application_income_account_id": self.env._(
                "Application Fees Earned: what your platform keeps of others' payments"
            ),
            "reserve_account_id": self.env._(
                "Reserve at the Source: money that is held back for now"
            ),
            "loan_account_id": self.env._(
                "Loan from the Source: what it has lent, less what was repaid"
            ),
            "loan_cost_account_id": self.env._(
                "Cost of the Loan: the fee in its repayments"
            ),
        }

    def _get_missing_accounts(self):
        """Return name and type of the accounts to create, by this source's field."""
        self.ensure_one()
        accounts = {
            "fee_account_id": (self.env._("Payment Processing Fees"), "expense"),
            "dispute_account_id": (self.env._("Disputed Payments"), "asset_current"),
            "chargeback_account_id": (self.env._("Chargeback Losses"), "expense"),
            "bad_debt_account_id": (self.env._("Bad Debt"), "expense"),
            "balance_account_id": (
                self.env._("Customer Credit"),
                "liability_current",
            ),
            "adjustment_account_id": (
                self.env._("Customer Credit Adjustments"),
                "expense",
            ),
            "passed_fee_account_id": (
                self.env._("Passed-Through Payment Fees"),
                "expense",
            ),
            "application_fee_account_id": (self.env._("Application Fees"), "expense"),
            "withheld_tax_account_id": (self.env._("Withheld Tax"), "asset_current"),
            "connected_account_id": (
                self.env._("Due from Connected Accounts"),
                "asset_current",
            ),
            "application_income_account_id": (
                self.env._("Application Fees Earned"),
                "income",
            ),
            "reserve_account_id": (
                self.env._("Reserve at the Payment Provider"),
                "asset_current",
            ),
            "loan_account_id": (
                self.env._("Loan from the Payment Provider"),
                "liability_current",
            ),
            "loan_cost_account_id": (self.env._("Cost of Financing"), "expense"),
        }
        return {field: vals for field, vals in accounts.items() if not self[field]}

    def action_create_missing_accounts(self):
        """Fill the accounts and the clearing journal that are not chosen yet: with
        those another source of the company has, or with new ones.

        Who may create accounts may do this, and so may an integration manager, whom
        the events that wait for an account name: it only fills what is empty.
        """
        self.ensure_one()
        if not self._may_create_accounts():
            self._check_may_act("manager")
        self.check_access("read")
        if self.is_own:
            return True
        source = self.with_company(self.company_id)
        vals = source._find_shared_accounts()
        shared = list(vals)
        chart = source.env["saas.ledger.chart"].sudo()
        for field, (name, account_type) in source._get_missing_accounts().items():
            if field not in shared:
                vals[field] = chart._create_account(source, name, account_type).id
        if not source.clearing_journal_id:
            vals["clearing_journal_id"] = chart._create_clearing_journal(source).id
        if filled := chart._complete_company(source.sudo()):
            self.sudo().message_post(
                body=self.env._(
                    "These settings of Accounting were filled: %s.", "; ".join(filled)
                )
            )
        if vals:
            source.sudo().write(vals)
            source._note_accounts(vals)
            source._log_by_person(Action.CHANGED_BY_PERSON, vals)
            self.env["saas.exception"]._free_set_up(source, vals)
        return True

    def _may_create_accounts(self):
        """Return whether the user may create accounts and journals in Accounting."""
        models = ("account.account", "account.journal")
        return all(self.env[model].has_access("create") for model in models)

    def _find_shared_accounts(self):
        """Return the accounts that another source of the company has, for the fields
        that are empty here. Its journals are its own.
        """
        others = self.sudo().search(
            [("company_id", "=", self.company_id.id), ("id", "!=", self.id)], order="id"
        )
        return {
            field: account.id
            for field in self._get_missing_accounts()
            if (account := others[field][:1])
        }

    def _note_accounts(self, vals):
        """Tell in the source's history what was chosen for it."""
        chosen = [
            f"{self._fields[field].string}: {self.sudo()[field].display_name}"
            for field in vals
        ]
        self.sudo().message_post(
            body=self.env._("These were chosen or created: %s.", "; ".join(chosen))
        )
