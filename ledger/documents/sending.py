from odoo import models

from ..journal_items import SKIP_SYNC


class SaasLedgerSending(models.AbstractModel):
    """Marks the documents that Odoo issues for sending, in the transaction that posts
    them. Odoo's own sending job makes the PDF and the e-mail later, so neither can hold
    up the books, and what was rolled back is never sent.
    """

    _name = "saas.ledger.documents.sending"
    _description = "SaaS sending of own documents"

    def _mark(self, moves):
        """Have Odoo send those of ``moves`` that their tenants want sent.

        :param moves: own documents that were just posted.
        """
        wanted = moves.filtered(lambda move: move.saas_tenant_id.send_invoice != "no")
        if not wanted:
            return
        # It goes out in nobody's name: the template says whose address it has.
        author = self.env.ref("base.user_root")
        # No amount or due date hangs on it, so Odoo need not look for them again.
        wanted.with_context(
            **SKIP_SYNC, skip_is_manually_modified=True
        ).sending_data = {
            "author_user_id": author.id,
            "author_partner_id": author.partner_id.id,
        }
        # Who has removed the job sends by hand; the invoice says that it waits.
        job = self.env.ref(
            "account.ir_cron_account_move_send", raise_if_not_found=False
        )
        if job:
            job.sudo()._trigger()
