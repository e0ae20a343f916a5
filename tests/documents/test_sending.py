"""What Odoo bills is sent by Odoo's own sending job, once, and whoever can't be sent to
is asked about. Covers ledger/documents/sending.
"""

import os
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..billing.common import BillingCommon, at
from ..support.session import create_person

_VARIABLE = "SAAS_BILLING_SYNC_ENVIRONMENT"


@tagged("post_install", "-at_install")
class TestSending(BillingCommon):
    """Invoices and credit notes on their way to tenants."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.email = "billing@example.com"
        cls.tenant = cls.create_tenant()
        cls.tenant.partner_id.email = "ada@example.com"
        cls.subscription = cls.subscribe(cls.tenant, cls.pro, at(2026, 4, 1), seats=3)

    def send(self):
        """Let Odoo's sending job run; the cursor of a test is not committed."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
            self.env["account.move"]._cron_account_move_send()

    def get_mails(self):
        """Return the e-mails that wait to go out or went out, oldest first."""
        return self.env["mail.mail"].search(
            [("model", "=", "account.move"), ("res_id", "in", self.move_ids)],
            order="id",
        )

    @property
    def move_ids(self):
        """Return the ids of the documents that Odoo has issued."""
        own = [("saas_source_id", "=", self.own.id)]
        return self.env["account.move"].search(own).ids

    def get_activities(self, move):
        """Return what somebody is asked about a document."""
        return move.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("saas_billing_sync.mail_activity_not_sent")
            )
        )

    def test_posting_only_marks(self):
        """The commit that posts an invoice marks it, and wakes Odoo's job."""
        cron = self.env.ref("account.ir_cron_account_move_send")
        triggers = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        self.bill(at(2026, 4, 2))
        move = self.get_moves(self.tenant)
        self.assertTrue(move.is_being_sent)
        self.assertFalse(move.is_move_sent or move.saas_sent_at or self.get_mails())
        self.assertGreater(self.env["ir.cron.trigger"].search_count(triggers), before)

    def test_sent_once(self):
        """One e-mail to the tenant, from the company, with the document; and none for
        another run, nor for the job that comes again.
        """
        self.bill(at(2026, 4, 2))
        for _time in range(2):
            self.send()
            self.bill(at(2026, 4, 2))
        move = self.get_moves(self.tenant)
        mail = self.get_mails().ensure_one()
        self.assertEqual(mail.recipient_ids, self.tenant.partner_id)
        self.assertIn("billing@example.com", mail.email_from)
        self.assertIn(move.name, mail.subject)
        # Where tests run, Odoo prints no PDF: the report is what it would print.
        self.assertTrue(mail.attachment_ids)
        self.assertIn(b"Seats", move.invoice_pdf_report_id.raw)
        self.assertTrue(move.is_move_sent and move.saas_sent_at)
        self.assertFalse(move.is_being_sent or self.get_activities(move))

    def test_credit_note(self):
        """A credit note is sent too, by Odoo's template for it."""
        self.bill(at(2026, 4, 2))
        self.change(self.subscription, "canceled", at(2026, 4, 11))
        self.bill(at(2026, 4, 12))
        self.send()
        _invoice, note = self.get_moves(self.tenant)
        self.assertEqual(note.move_type, "out_refund")
        self.assertTrue(note.saas_sent_at)
        self.assertIn("Credit Note", self.get_mails()[-1].subject)

    def test_templates(self):
        """The tenant's template counts, then the company's, then Odoo's."""
        odoo = self.env.ref("account.email_template_edi_invoice")
        own, of_company = odoo.copy(), odoo.copy()
        self.bill(at(2026, 4, 2))
        move = self.get_moves(self.tenant)
        sender = self.env["account.move.send"]
        self.assertEqual(sender._get_default_mail_template_id(move), odoo)
        self.company.tenant_invoice_template_id = of_company
        self.assertEqual(sender._get_default_mail_template_id(move), of_company)
        self.tenant.invoice_template_id = own
        own.subject = "Thank you, {{ object.partner_id.name }}"
        self.send()
        self.assertEqual(self.get_mails().subject, "Thank you, Ada")

    def test_who_wants_none(self):
        """Who wants no invoice by e-mail gets none."""
        self.tenant.send_invoice = "no"
        self.bill(at(2026, 4, 2))
        self.send()
        self.assertFalse(self.get_moves(self.tenant).is_being_sent or self.get_mails())

    def test_contact_that_says_by_hand(self):
        """The tenant says more than the contact."""
        self.tenant.partner_id.invoice_sending_method = "manual"
        self.bill(at(2026, 4, 2))
        self.send()
        self.assertEqual(len(self.get_mails()), 1)

    def test_no_address(self):
        """Without an e-mail address the books are the same, the invoice says what to
        do, and somebody is asked until it was sent; others are sent.
        """
        other = self.create_tenant("Grace")
        self.subscribe(other, self.pro, at(2026, 4, 1))
        run = self.bill(at(2026, 4, 2))
        self.assertEqual(run.done_count, 2)
        self.send()
        move = self.get_moves(other)
        self.assertEqual(self.get_mails().recipient_ids, self.tenant.partner_id)
        self.assertFalse(move.is_move_sent or move.is_being_sent)
        self.assertIn("Grace has no e-mail address", move.message_ids[0].body)
        self.assertEqual(len(self.get_activities(move)), 1)
        other.partner_id.email = "grace@example.com"
        # What its form's Send does.
        self.env["account.move.send"]._generate_and_send_invoices(move)
        self.assertTrue(move.saas_sent_at)
        self.assertFalse(self.get_activities(move))

    def test_one_that_can_not_be_sent(self):
        """A template that fails for one invoice keeps no other from being sent."""
        broken = self.env.ref("account.email_template_edi_invoice").copy()
        broken.subject = "{{ object.no_such_field }}"
        other = self.create_tenant("Grace", invoice_template_id=broken.id)
        other.partner_id.email = "grace@example.com"
        self.subscribe(other, self.pro, at(2026, 4, 1))
        self.bill(at(2026, 4, 2))
        with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
            self.send()
        move = self.get_moves(other)
        self.assertEqual(self.get_mails().recipient_ids, self.tenant.partner_id)
        self.assertFalse(move.is_being_sent)
        self.assertIn("It could not be sent.", move.message_ids[0].body)
        self.assertEqual(len(self.get_activities(move)), 1)

    def test_server_that_can_not_print(self):
        """Where nothing can be printed, invoices wait until it can, and nobody is asked
        about each of them.
        """
        self.bill(at(2026, 4, 2))
        move = self.get_moves(self.tenant)
        reports = type(self.env["ir.actions.report"])
        printing = self.env(context={**self.env.context, "force_report_rendering": 1})
        with (
            patch.object(reports, "get_wkhtmltopdf_state", return_value="install"),
            patch.object(type(self.env["ir.cron"]), "_commit_progress") as told,
        ):
            printing["account.move"]._cron_account_move_send()
        # Odoo's job is not begun again at once.
        told.assert_called_once_with(0, remaining=0)
        self.assertTrue(move.is_being_sent)
        self.assertFalse(self.get_mails() or self.get_activities(move))
        self.send()
        self.assertEqual(len(self.get_mails()), 1)

    def test_preview_sends_nothing(self):
        """Looking at what would be billed marks nothing."""
        cron = self.env.ref("account.ir_cron_account_move_send")
        triggers = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        finance = create_person(self, "finance_sending", "reviewer")
        look = self.env["saas.billing.look"].with_user(finance)
        look = look.with_context(allowed_company_ids=self.company.ids).sudo(False)
        with self.enter_registry_test_mode():
            action = look.action_open_tenant(self.tenant.id)
            page = str(look.browse(action["res_id"]).page)
        self.assertIn("Journal entries", page)
        self.send()
        self.assertFalse(self.move_ids or self.get_mails())
        self.assertEqual(self.env["ir.cron.trigger"].search_count(triggers), before)

    def test_copy_sends_nothing(self):
        """What waits in the real database is not sent by a copy of it."""
        environment = self.env["saas.environment"]
        self.startPatcher(patch.dict(os.environ, {_VARIABLE: "production"}))
        environment.search([]).unlink()
        environment.flush_model()
        self.assertTrue(environment._is_confirmed())
        self.bill(at(2026, 4, 2))
        with patch.dict(os.environ, {_VARIABLE: "staging"}):
            self.send()
        move = self.get_moves(self.tenant)
        self.assertTrue(move.is_being_sent)
        self.assertFalse(self.get_mails())
        self.send()
        self.assertEqual(len(self.get_mails()), 1)
