from collections import defaultdict

from odoo import models

from ..journal_items import get_open


class SaasLedgerOwnCredit(models.AbstractModel):
    """Uses up what tenants were credited: an own credit note pays the tenant's own
    invoices of the same currency that are open, the oldest first, and each new invoice
    what is left of the credit notes before it.
    """

    _name = "saas.ledger.documents.own_credit"
    _description = "SaaS own credit"

    def _use_up(self, source, moves):
        """Reconcile own documents of the tenants of ``moves`` with each other.

        :param moves: documents that were just posted.
        """
        documents = self.env["account.move"]
        is_open = [
            ("saas_source_id", "=", source.id),
            ("state", "=", "posted"),
            ("payment_state", "in", ("not_paid", "partial")),
        ]
        credit_notes = documents.search(
            [
                *is_open,
                ("saas_tenant_id", "in", moves.saas_tenant_id.ids),
                ("move_type", "=", "out_refund"),
            ]
        )
        if not credit_notes:
            return
        # Of the others no document is read: one has them from many months.
        tenants = credit_notes.saas_tenant_id
        open_moves = documents.search([*is_open, ("saas_tenant_id", "in", tenants.ids)])
        groups = defaultdict(self.env["account.move.line"].browse)
        for line in get_open(open_moves):
            place = line.account_id, line.currency_id, line.partner_id
            groups[line.move_id.saas_tenant_id, *place] |= line
        plan = [
            lines
            for lines in groups.values()
            if len({line.balance > 0 for line in lines}) == 2
        ]
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)
