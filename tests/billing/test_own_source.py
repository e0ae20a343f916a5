"""Odoo itself as the issuer of a company's invoices: its source is there as soon as a
tenant is billed in Odoo, nobody can send to it, and nothing that goes through all
sources stumbles over it. Covers adapters/odoo/adapter.
"""

import psycopg2

from odoo import SUPERUSER_ID, Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...canonical import facts
from ...canonical.display.metric import Board
from ...canonical.errors import Unauthentic
from ..customers.ownership_common import OwnershipCommon
from ..metrics.reading import ReadingMixin
from ..outbound.no_network import no_network
from ..support.common import SaasCommon
from ..support.session import create_person
from ..support.webhook import SaasHttpCommon


class OwnCommon(SaasCommon):
    """A company that issues invoices of its own, beside its Stripe account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.env["saas.source"]._ensure_own(cls.company)


@tagged("post_install", "-at_install")
class TestOwnSource(OwnCommon):
    """One source for each company and invoice journal, with nothing else to set up."""

    def test_it_is_made_once(self):
        self.assertEqual(self.env["saas.source"]._ensure_own(self.company), self.own)
        self.assertEqual(
            self.own.sale_journal_id, self.company_data["default_journal_sale"]
        )
        self.assertTrue(self.own.is_own)
        self.assertFalse(self.source.is_own)

    def test_it_is_ready_with_a_journal_alone(self):
        self.assertEqual((self.own.setup_missing, self.own.is_ready), ("", True))
        self.assertFalse(self.own.setup_recommended)
        self.own.sale_journal_id = False
        self.assertEqual(self.own.setup_missing, "☐ The journal for invoices.")

    def test_it_only_issues_documents(self):
        self.assertTrue(self.own.issues_documents)
        self.assertFalse(self.own.receives or self.own.holds_money)
        self.assertFalse(self.own.takes_credential or self.own.can_read)
        self.assertIn("2. On each tenant", self.own.setup_steps)

    @mute_logger("odoo.sql_db")
    def test_a_journal_has_one(self):
        with self.assertRaises(psycopg2.errors.UniqueViolation):
            self.own.copy({"name": "Another"})
        journal = self.own.sale_journal_id.copy({"code": "INV2"})
        other = self.own.copy({"name": "Another", "sale_journal_id": journal.id})
        self.assertEqual(self.env["saas.source"]._ensure_own(self.company), self.own)
        self.own.sale_journal_id.sequence = 20
        journal.sequence = 1
        self.assertEqual(self.env["saas.source"]._ensure_own(self.company), other)

    def test_companies_have_their_own(self):
        data = self.setup_other_company(name="Other Inc")
        other = self.env["saas.source"]._ensure_own(data["company"])
        self.assertEqual(other.company_id, data["company"])
        self.assertEqual(other.sale_journal_id, data["default_journal_sale"])
        self.assertNotEqual(other, self.own)

    def test_its_form_shows_what_concerns_it(self):
        manager = create_person(self, "own_manager", "manager")
        form = Form(self.own.with_user(manager))
        for name in (
            *("livemode", "account_ref", "platform_id", "webhook_url", "secret_ids"),
            *("new_api_key", "reconcile_days", "clearing_journal_id", "rate_limit"),
            *("default_product_id", "fee_account_id", "guest_policy", "issuer_ids"),
            *("product_mapping_ids", "tax_rule_ids", "stage_documents", "park_hours"),
            *("cutover_date", "fetch_minutes"),
        ):
            self.assertTrue(form._get_modifier(name, "invisible"), name)
        for name in ("sale_journal_id", "payer_ids", "setup_steps", "responsible_id"):
            self.assertFalse(form._get_modifier(name, "invisible"), name)

    def test_nothing_verifies_or_reads_it(self):
        adapter = self.own._get_adapter()
        with self.assertRaises(Unauthentic):
            adapter._verify_request(["whsec_lantern"], None, 300)
        with self.assertRaises(UserError):
            self.own._start_reading("recovery", self.own.create_date)
        self.assertFalse(self.own._can_fetch("invoice", "in_1"))


@tagged("post_install", "-at_install")
class TestOwnAddress(OwnCommon, SaasHttpCommon):
    """Whatever is sent to its address is refused, also with a secret."""

    def test_its_address_is_unknown(self):
        self.own.secret_ids = [Command.create({"new_value": "whsec_lantern_harbor"})]
        for secrets in ((), ("whsec_lantern_harbor",)):
            response = self.post_webhook(
                {"id": "evt_1"}, secrets=secrets, token=self.own.token
            )
            self.assertEqual(response.status_code, 404)
        self.assertFalse(
            self.env["saas.subscription.event"].search(
                [("source_id", "=", self.own.id)]
            )
        )


@tagged("post_install", "-at_install")
class TestAroundOwnSource(ReadingMixin, OwnCommon):
    """What goes through all sources leaves it out."""

    def test_schedules_find_nothing_to_do(self):
        before = self.env["queue.job"].search([])
        source = self.env["saas.source"].with_user(SUPERUSER_ID)
        with no_network():
            source._cron_sweep()
            source._cron_read_streams()
            source._cron_pull_balance()
            source._cron_recover()
            self.env["saas.reconciliation"]._cron_reconcile()
            self.env["saas.observing"]._cron_observe()
            watch = self.env["saas.alert.watch"]
            watch._cron_watch_quick()
            watch._cron_watch_slow()
        jobs = self.env["queue.job"].search([]) - before
        self.assertFalse([job for job in jobs if str(self.own) in job.func_string])
        for model in ("saas.cursor", "saas.pull.run", "saas.reconciliation"):
            self.assertFalse(
                self.env[model].search([("source_id", "=", self.own.id)]), model
            )
        self.assertFalse(self.env["saas.alert"].search([]))

    def test_figures_leave_it_out(self):
        """Neither silence nor proofs ask for what never comes."""
        with_own = self.read_figures(*Board)
        self.own.sudo().write({"adapter": "stripe", "sale_journal_id": False})
        as_another = self.read_figures(*Board)
        self.assertEqual(with_own["saas_source_active",], 1)
        self.assertEqual(as_another["saas_source_active",], 2)
        alone = self.env["saas.source"]._ensure_own(
            self.setup_other_company(name="Other Inc")["company"]
        )
        months = self.env["saas.metrics.months"].with_context(
            allowed_company_ids=alone.company_id.ids
        )
        self.assertEqual(months._read(), [])

    def test_pages_leave_it_out(self):
        person = create_person(self, "own_pages", "operator", "manager", "reviewer")
        board = self.env["saas.metrics.board"].with_user(person)
        pages = (
            board.get_home(),
            board.get_operations(),
            board.get_finance(),
            board.get_flows(),
        )
        for page in pages:
            self.assertNotIn(self.own.name, str(page))

    def test_the_one_source_is_still_proposed(self):
        start = self.env["saas.reconciliation.start"].with_context(
            allowed_company_ids=self.company.ids
        )
        self.assertEqual(start._default_source(), self.source)

    def test_it_clears_nothing(self):
        balances = self.env["saas.clearing.balance"]
        self.assertFalse(balances.search([("source_id", "=", self.own.id)]))
        self.own.action_create_missing_accounts()
        self.assertFalse(self.own.clearing_journal_id or self.own.fee_account_id)

    def test_one_source_still_owns_all(self):
        rules = self.env["saas.ownership"]._read_rules(self.company)
        self.assertTrue(rules.is_plain)
        self.assertTrue(rules.bills)


@tagged("post_install", "-at_install")
class TestBilledTenants(OwnershipCommon):
    """A billing platform's documents for a tenant that Odoo bills are refused in sight,
    and a person may take one all the same.
    """

    def bill(self):
        self.tell(self.platform, self.customer())
        self.tenant.billing_policy = "odoo"

    def test_choosing_it_makes_the_source(self):
        self.assertFalse(self.env["saas.source"]._find_own(self.company))
        self.bill()
        self.assertTrue(self.env["saas.source"]._find_own(self.company))

    def test_amendments_follow_who_issues(self):
        self.tell(self.platform, self.customer())
        self.assertEqual(self.tenant.amendment_policy, "credit_note")
        self.tenant.billing_policy = "odoo"
        self.assertEqual(self.tenant.amendment_policy, "adjust")
        self.tenant.amendment_policy = "replace"
        self.tenant.name = "Fjord"
        self.assertEqual(self.tenant.amendment_policy, "replace")
        self.tenant.billing_policy = "mirror"
        self.assertEqual(self.tenant.amendment_policy, "credit_note")
        partner = self.env["res.partner"].create({"name": "New"})
        tenant = self.env["saas.tenant"].create(
            {
                "name": "New",
                "partner_id": partner.id,
                "company_id": self.company.id,
                "billing_policy": "odoo",
            }
        )
        self.assertEqual(tenant.amendment_policy, "adjust")

    def test_a_mirrored_invoice_is_refused_in_sight(self):
        self.bill()
        event = self.tell(self.platform, self.invoice())
        self.assertState(event, "ignored", "not_owner")
        self.assertIn("Odoo issues this tenant's invoices", event.detail)
        self.assertIn("Odoo", event.figures_html)
        self.assertFalse(
            self.env["account.move"].search([("saas_external_id", "=", "I-1")])
        )
        told = self.invoice().model_dump(include={"currency", "exponent", "issued_at"})
        note = facts.CreditNote(
            external_id="CN-1",
            customer="C-1",
            invoice="I-1",
            state="issued",
            lines=(),
            total=0,
            **told,
        )
        self.assertState(self.tell(self.platform, note), "ignored", "not_owner")

    def test_it_can_be_accepted_once(self):
        self.bill()
        event = self.tell(self.platform, self.invoice())
        self.accept_once(event)
        self.drain()
        self.assertState(event, "done")
        again = self.tell(self.platform, self.invoice("I-2"))
        self.assertState(again, "ignored", "not_owner")

    def test_what_is_mirrored_already_is_followed(self):
        self.tell(self.platform, self.customer(), self.invoice())
        self.tenant.billing_policy = "odoo"
        event = self.tell(self.platform, self.invoice(state="void"))
        self.assertState(event, "done")
        move = self.env["account.move"].search([("saas_external_id", "=", "I-1")])
        self.assertEqual(move.saas_state, "void")

    def test_other_tenants_are_mirrored(self):
        self.bill()
        other = self.customer("C-2", name="Other", vat_numbers=(), stub=True)
        event = self.tell(
            self.platform,
            self.customer("C-2", name="Other", vat_numbers=()),
            self.invoice("I-3", customer="C-2", party=other),
        )
        self.assertState(event, "done")

    def test_money_is_booked_whoever_bills(self):
        self.bill()
        event = self.tell(self.platform, self.payment())
        self.assertState(event, "done")

    def test_who_may_choose_it(self):
        self.tell(self.platform, self.customer())
        self.tenant.with_user(self.reviewer).billing_policy = "odoo"
        auditor = create_person(self, "own_auditor", "auditor")
        for user in (self.operator, auditor):
            with self.assertRaises(AccessError):
                self.tenant.with_user(user).billing_policy = "mirror"
