"""Covers ledger/chart."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..support.common import SaasCommon

_FIELDS = {
    "fee_account_id": "expense",
    "dispute_account_id": "asset_current",
    "chargeback_account_id": "expense",
    "bad_debt_account_id": "expense",
    "balance_account_id": "liability_current",
    "adjustment_account_id": "expense",
    "passed_fee_account_id": "expense",
    "application_fee_account_id": "expense",
    "withheld_tax_account_id": "asset_current",
    "connected_account_id": "asset_current",
    "application_income_account_id": "income",
    "reserve_account_id": "asset_current",
    "loan_account_id": "liability_current",
    "loan_cost_account_id": "expense",
}


@tagged("post_install", "-at_install")
class TestCreateAccounts(SaasCommon):
    """What a source lacks in the chart of accounts is created by pressing a button."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source.write(dict.fromkeys([*_FIELDS, "clearing_journal_id"], False))
        cls.accountant = cls._create_user(
            "accountant", "group_saas_reviewer", "account.group_account_manager"
        )
        cls.manager = cls._create_user("manager", "group_saas_manager")

    @classmethod
    def _create_user(cls, login, role, *groups):
        return new_test_user(
            cls.env,
            f"saas_{login}",
            groups=",".join((f"saas_billing_sync.{role}", *groups)),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _create(self, source=None):
        (source or self.source).with_user(
            self.accountant
        ).action_create_missing_accounts()

    def test_accounts_go_beside_their_like(self):
        accounts = self.env["account.account"].with_company(self.company)
        domain = accounts._check_company_domain(self.company)
        last = {
            account_type: max(
                accounts.search([("account_type", "=", account_type), *domain]).mapped(
                    "code"
                )
            )
            for account_type in set(_FIELDS.values())
        }
        self._create()
        for field, account_type in _FIELDS.items():
            account = self.source[field].with_company(self.company)
            self.assertEqual(account.account_type, account_type)
            self.assertEqual(account.company_ids, self.company)
            self.assertGreater(account.code, last[account_type])
        codes = [self.source[field].code for field in _FIELDS]
        self.assertEqual(len(set(codes)), len(codes))

    def test_clearing_journal_is_ready_for_payments(self):
        self._create()
        journal = self.source.clearing_journal_id
        self.assertEqual((journal.type, journal.company_id), ("bank", self.company))
        self.assertTrue(journal.default_account_id)
        for payment_type in ("inbound", "outbound"):
            self.assertTrue(
                self.env["saas.ledger.payment"]._get_method_line(
                    self.source, payment_type
                )
            )

    def test_what_is_chosen_stays(self):
        own = self.company_data["default_account_expense"]
        self.source.fee_account_id = own
        self._create()
        self.assertEqual(self.source.fee_account_id, own)
        count = self.env["account.account"].search_count([])
        before = self.source.read([*_FIELDS, "clearing_journal_id"])
        self._create()
        self.assertEqual(self.env["account.account"].search_count([]), count)
        self.assertEqual(self.source.read([*_FIELDS, "clearing_journal_id"]), before)

    def test_accounts_are_shared_between_sources_but_no_journal(self):
        self._create()
        other = self._create_source(
            name="Second", clearing_journal_id=False, tax_mapping_ids=False
        )
        self._create(other)
        for field in _FIELDS:
            self.assertEqual(other[field], self.source[field])
        self.assertNotEqual(other.clearing_journal_id, self.source.clearing_journal_id)

    def test_chart_without_such_accounts(self):
        company = self.env["res.company"].create({"name": "New"})
        source = self.env["saas.source"].create(
            {"name": "New", "company_id": company.id}
        )
        self.accountant.company_ids |= company
        self._create(source)
        for field, account_type in _FIELDS.items():
            account = source[field].with_company(company)
            self.assertEqual(account.account_type, account_type)
            self.assertTrue(account.code)

    def test_who_may_have_accounts_created(self):
        """Events that wait for an account name the integration manager."""
        operator = self._create_user("operator", "group_saas_operator")
        with self.assertRaisesRegex(AccessError, "Ask an integration manager"):
            self.source.with_user(operator).action_create_missing_accounts()
        self.assertFalse(self.source.fee_account_id)
        self.source.with_user(self.manager).action_create_missing_accounts()
        for field, account_type in _FIELDS.items():
            self.assertEqual(self.source[field].account_type, account_type)

    def test_what_the_company_lacks(self):
        """Transfers and exchange need accounts that are chosen in Accounting."""
        fields = (
            "transfer_account_id",
            "income_currency_exchange_account_id",
            "expense_currency_exchange_account_id",
        )
        kept = self.company[fields[1]]
        self.company.write({fields[0]: False, fields[2]: False})
        self.source.with_user(self.manager).action_create_missing_accounts()
        self.assertEqual(self.company[fields[1]], kept)
        for field in fields:
            self.assertEqual(self.company[field].company_ids, self.company)
        self.assertTrue(self.company.transfer_account_id.reconcile)

    def test_recommended_until_chosen(self):
        self.source.payout_journal_id = False
        self.assertEqual(
            len(self.source.setup_recommended.splitlines()), len(_FIELDS) + 1
        )
        self._create()
        self.assertIn("Payout Bank", self.source.setup_recommended)
        self.assertEqual(len(self.source.setup_recommended.splitlines()), 1)
        self.source.payout_journal_id = self.payout_journal
        self.assertFalse(self.source.setup_recommended)
        self.assertTrue(self.source.is_ready)
