import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..operations.halving import halve

_logger = logging.getLogger(__name__)


class NothingIsPrinted(UserError):
    """This server can make no PDF at all, which is no fault of any document."""


class AccountMoveSend(models.AbstractModel):
    """Sends the documents that Odoo issues for tenants: by the tenant's template, each
    so that it keeps no other from being sent, and so that a person sees which could not
    be, and why.
    """

    _inherit = "account.move.send"

    @api.model
    def _get_default_sending_methods(self, move):
        """Send own documents by e-mail where the contact says that its invoices are
        sent by hand: the tenant says more.
        """
        methods = super()._get_default_sending_methods(move)
        tenant = move.saas_tenant_id
        if move._is_saas_own() and tenant.send_invoice == "email":
            return {"email" if method == "manual" else method for method in methods}
        return methods

    @api.model
    def _get_default_mail_template_id(self, move):
        """Take the tenant's template for its invoices, or the company's."""
        if move._is_saas_own() and move.move_type == "out_invoice":
            own = move.saas_tenant_id.sudo().invoice_template_id
            if template := own or move.company_id.sudo().tenant_invoice_template_id:
                return template
        return super()._get_default_mail_template_id(move)

    @api.model
    def _generate_and_send_invoices(self, moves, from_cron=False, **kwargs):
        """Let Odoo's job send own documents in savepoints of their own, of one company
        at a time. Whatever one of them fails with stands on it.
        """
        own = moves.filtered(lambda move: move._is_saas_own())
        if not from_cron or not own:
            return super()._generate_and_send_invoices(
                moves, from_cron=from_cron, **kwargs
            )
        attachments = self.env["ir.attachment"]
        for company, each in own.grouped("company_id").items():
            attachments += self.with_company(company)._send_saas(each, kwargs)
        if others := moves - own:
            attachments += super()._generate_and_send_invoices(
                others, from_cron=True, **kwargs
            )
        return attachments

    def _send_saas(self, moves, kwargs):
        """Send own documents of one company; return what was attached to them."""
        made = {}

        def send(group):
            documents = self.env["account.move"].union(*group)
            made[documents] = super(AccountMoveSend, self)._generate_and_send_invoices(
                documents, from_cron=True, **kwargs
            )

        def forget(group):
            made.pop(self.env["account.move"].union(*group), None)
            self.env.invalidate_all()

        halve(self.env, list(moves), send, forget, self._fail_saas)
        return self.env["ir.attachment"].union(*made.values())

    def _fail_saas(self, move, error):
        """Note on a document why it can't be sent. Where nothing can be printed on this
        server, it goes on waiting.
        """
        if isinstance(error, NothingIsPrinted):
            _logger.info("an invoice waits to be sent: wkhtmltopdf is not installed")
            return
        text = str(error)
        if not isinstance(error, UserError):
            _logger.error("sending an invoice failed", exc_info=error)
            text = self.env._("An unexpected error occurred: %s.", type(error).__name__)
        move.sending_data = False
        self._hook_if_errors(
            {
                move: {
                    "error": {
                        "error_title": self.env._("It could not be sent."),
                        "errors": [text],
                    },
                    "author_partner_id": self.env.user.partner_id.id,
                }
            },
            allow_raising=False,
        )

    @api.model
    def _prepare_invoice_pdf_report(self, invoices_data):
        """Tell a server that can't print from a document that can't be printed."""
        try:
            return super()._prepare_invoice_pdf_report(invoices_data)
        except UserError as error:
            if self.env["ir.actions.report"].get_wkhtmltopdf_state() != "install":
                raise
            raise NothingIsPrinted(str(error)) from error

    @api.model
    def _hook_invoice_document_before_pdf_report_render(self, invoice, invoice_data):
        """Don't print an own document for nobody: one that is sent by e-mail needs an
        address.
        """
        if (
            invoice._is_saas_own()
            and "email" in invoice_data["sending_methods"]
            and not invoice_data["mail_partner_ids"]
        ):
            invoice_data["error"] = {
                "error_title": self.env._(
                    "It could not be sent: %s has no e-mail address. Add one to the "
                    "contact, and press Send.",
                    invoice.partner_id.display_name,
                )
            }
            return
        super()._hook_invoice_document_before_pdf_report_render(invoice, invoice_data)

    @api.model
    def _hook_if_errors(self, moves_data, allow_raising=True):
        """Ask somebody to look after own documents that could not be sent."""
        res = super()._hook_if_errors(moves_data, allow_raising=allow_raising)
        activities = self.env["saas.activities"].sudo()
        own = [move.sudo() for move in moves_data if move._is_saas_own()]
        for move in own:
            activities._ask(
                move.saas_source_id,
                "mail_activity_not_sent",
                move,
                self.env._("It could not be sent"),
            )
        return res

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        """Note when own documents were sent."""
        res = super()._hook_if_success(moves_data, from_cron=from_cron)
        own = self.env["account.move"].union(
            *(
                move
                for move, data in moves_data.items()
                if move._is_saas_own() and set(data["sending_methods"]) - {"manual"}
            )
        )
        own.sudo().saas_sent_at = fields.Datetime.now()
        self.env["saas.activities"].sudo()._stop_asking("mail_activity_not_sent", own)
        return res
