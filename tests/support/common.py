"""A source that is set up, and events that go through it as in real life."""

import json
import os
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import SUPERUSER_ID, Command
from odoo.tools import SQL

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ...models.vault import settings as vault_settings
from ..outbound.no_network import no_network

#: Whether to try everything, however long it takes: `make test FULL=1`.
FULL = os.environ.get("FULL") == "1"
#: What every random test begins with. `make test` sets it, and says so when one fails.
SEED = int(os.environ.get("SEED") or 0)

#: Tables that events fill.
_GROWING = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "account_payment",
    "mail_activity",
    "mail_message",
    "queue_job",
    "res_partner",
    "saas_balance_transaction",
    "saas_binding",
    "saas_payout",
    "saas_subscription_event",
    "saas_sync_log",
    "saas_tenant",
)

#: Any text will do; Stripe's own begin like this.
SECRET = "whsec_5zQ1fjordmoonlanternquarryhaze"
OTHER_SECRET = "whsec_8kW2harborvelvetcopperwillow"


class SaasCommon(AccountTestInvoicingCommon):
    """A company in US dollars with a source. Nothing is mocked: events are stored
    by what the webhook calls, and drained by what the job runner calls.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not vault_settings.get_keys():
            # `make test` gives Odoo one; another runner may not.
            key = {vault_settings.KEY_VARIABLE: Fernet.generate_key().decode()}
            cls.startClassPatcher(patch.dict(os.environ, key))
        # Who may see and do what has tests of its own.
        cls.env = cls.env(su=True)
        cls.company = cls.company_data["company"]
        # So has who signs what: `approvals/` decides for four eyes.
        cls.company.sudo().saas_four_eyes = "off"
        # How grave a case is must not hang on the day of the test.
        cls.company.sudo().exception_closing_day = 0
        cls.responsible = cls.user
        # Rates that turn the fixtures' amounts into round ones.
        cls.eur = cls.setup_other_currency("EUR", rates=[("2024-01-01", 0.8)])
        cls.jpy = cls.setup_other_currency("JPY", rates=[("2024-01-01", 100.0)])
        cls.tax_account = cls.company_data["default_account_tax_sale"]
        cls.vat_19 = cls._create_vat(19)
        cls.clearing_journal = cls._create_clearing_journal("Stripe clearing", "STR")
        cls.payout_journal = cls._create_clearing_journal("Bank", "BNKS")
        others = cls._create_accounts()
        cls.source = cls._create_source(
            payout_journal_id=cls.payout_journal.id,
            **{field: account.id for field, (_name, account) in others.items()},
        )
        cls.accounts = {
            cls.company_data["default_account_receivable"]: "AR",
            cls.company_data["default_account_revenue"]: "REV",
            cls.tax_account: "TAX",
            cls.clearing_journal.default_account_id: "SC",
            **{account: name for name, account in others.values()},
            cls.company.transfer_account_id: "TRF",
            cls.company.income_currency_exchange_account_id: "GAIN",
            cls.company.expense_currency_exchange_account_id: "LOSS",
        }

    @classmethod
    def _create_accounts(cls):
        """Return the accounts of a source's rarer facts with their names in the
        books of a test, by the source's field.
        """
        kinds = {
            "fee_account_id": ("FEE", "expense_direct_cost"),
            "dispute_account_id": ("DISP", "asset_current"),
            "chargeback_account_id": ("CB", "expense"),
            "bad_debt_account_id": ("BAD", "expense"),
            "balance_account_id": ("BAL", "liability_current"),
            "adjustment_account_id": ("ADJ", "expense"),
            "application_fee_account_id": ("APP", "expense"),
            "withheld_tax_account_id": ("WHT", "asset_current"),
            "connected_account_id": ("DUE", "asset_current"),
            "application_income_account_id": ("EARN", "income"),
            "reserve_account_id": ("RES", "asset_current"),
            "loan_account_id": ("LOAN", "liability_current"),
            "loan_cost_account_id": ("INT", "expense"),
        }
        return {
            field: (
                name,
                cls.env["account.account"].create(
                    {
                        "code": f"SAAS.{name}",
                        "name": name,
                        "account_type": account_type,
                        "company_ids": cls.company.ids,
                    }
                ),
            )
            for field, (name, account_type) in kinds.items()
        }

    @classmethod
    def _create_vat(cls, percent, **vals):
        repartition = [
            Command.create({"repartition_type": "base"}),
            Command.create(
                {"repartition_type": "tax", "account_id": cls.tax_account.id}
            ),
        ]
        return cls.env["account.tax"].create(
            {
                "name": f"{percent}% VAT",
                "amount": percent,
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
                "company_id": cls.company.id,
                "invoice_repartition_line_ids": repartition,
                "refund_repartition_line_ids": repartition,
                **vals,
            }
        )

    @classmethod
    def _create_clearing_journal(cls, name, code):
        return cls.env["account.journal"].create(
            {
                "name": name,
                "code": code,
                "type": "bank",
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _create_source(cls, **vals):
        return cls.env["saas.source"].create(
            {
                "name": "Stripe test account",
                "adapter": "stripe",
                "company_id": cls.company.id,
                "tz": "UTC",
                "responsible_id": cls.responsible.id,
                "sale_journal_id": cls.company_data["default_journal_sale"].id,
                "clearing_journal_id": cls.clearing_journal.id,
                "default_product_id": cls.product_a.id,
                "secret_ids": [Command.create({"new_value": SECRET})],
                "tax_mapping_ids": [
                    Command.create({"external_id": rate, "tax_id": cls.vat_19.id})
                    for rate in ("txr_vat19", "txr_vat19incl")
                ],
                **vals,
            }
        )

    # -- events ---------------------------------------------------------------

    def deliver(self, *payloads, source=None):
        """Store events as the webhook does, and drain until nothing is due.

        :return: the events that were new.
        """
        events = self.store(*payloads, source=source)
        self.drain(source)
        return events

    def store(self, *payloads, source=None):
        """Store events as the webhook does; return those that were new."""
        source = source or self.source
        adapter = source._get_adapter()
        events = source.env["saas.subscription.event"]
        for payload in payloads:
            body = json.dumps(payload).encode()
            events |= source._store_event(adapter._identify(payload), body)
        return events

    def drain(self, source=None):
        """Run drain jobs as the job runner does, until nothing is due. None of them may
        call anybody.
        """
        source = (source or self.source).with_user(SUPERUSER_ID)
        for _round in range(1000):
            with no_network():
                source._job_drain()
            if not source._has_due_events():
                # Each job begins with an empty cache, and so do assertions.
                self.env.flush_all()
                self.env.invalidate_all()
                return
        self.fail("the inbox does not get empty")

    def analyze(self):
        """Let PostgreSQL know how many rows there are: autovacuum never sees those of a
        test, and without statistics the planner reads whole tables, once for each row
        of others.
        """
        for name in _GROWING:
            table = SQL.identifier(name)
            # Of an empty one that is full of what others rolled back, it would learn
            # that no page holds a row, and so of all rows to come.
            if self.env.execute_query(SQL("SELECT 1 FROM %s LIMIT 1", table)):
                self.env.cr.execute(SQL("ANALYZE %s", table))

    def assertState(self, events, state, reason=None):
        """Check that all events ended in a state; show why one did not."""
        for event in events:
            self.assertEqual(
                (event.state, event.reason or None),
                (state, reason),
                f"{event.event_type}: {event.detail} {event.trace or ''}",
            )

    # -- books ----------------------------------------------------------------

    def journal_items(self, moves):
        """Return the journal items of moves as comparable texts, such as
        ``AR +148.75 (+119.00 EUR) open +69.00``: account, debit (+) or credit (-)
        in the company's currency, the amount in the document's where it is another
        one, taxes, the tags of tax reports, and what is not reconciled yet, in the
        document's currency.
        """
        return [
            self._format_item(line)
            for line in moves.line_ids.sorted(
                lambda line: (
                    [*self.accounts].index(line.account_id)
                    if line.account_id in self.accounts
                    else len(self.accounts),
                    line.balance,
                    line.id,
                )
            )
        ]

    def _format_item(self, line):
        account = self.accounts.get(line.account_id) or line.account_id.code
        currency, own = line.currency_id, line.company_id.currency_id
        parts = [account, _signed(line.balance, own)]
        if currency != own:
            amount = _signed(line.amount_currency, currency)
            parts.append(f"({amount} {currency.name})")
        if line.tax_ids:
            parts.append(f"{{{', '.join(line.tax_ids.mapped('name'))}}}")
        if line.tax_tag_ids:
            parts.append(f"[{', '.join(line.tax_tag_ids.mapped('name'))}]")
        if line.account_id.reconcile and not currency.is_zero(
            line.amount_residual_currency
        ):
            parts.append(f"open {_signed(line.amount_residual_currency, currency)}")
        return " ".join(parts)

    def books(self):
        """Return all that is posted in the company, as a text: for each move, by
        day and kind, its date, type and payment state, and its journal items.
        """
        moves = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted")]
        )
        texts = []
        for move in moves:
            state = f" {move.payment_state}" if move.is_invoice() else ""
            head = f"{move.date} {move.move_type}{state}"
            items = [f"    {item}" for item in self.journal_items(move)]
            texts.append("\n".join([head, *items]))
        return "\n".join(sorted(texts))

    def assertWhole(self, source=None):
        """Check that nothing is half-written: no draft, and a log that verifies."""
        source = source or self.source
        domain = [("company_id", "=", self.company.id), ("state", "=", "draft")]
        self.assertFalse(self.env["account.move"].search(domain))
        self.assertFalse(self.env["account.payment"].search(domain))
        self.assertEqual(self.env["saas.sync.log"]._verify_chain(source), 0)


def _signed(amount, currency):
    return f"{amount:+.{currency.decimal_places}f}"
