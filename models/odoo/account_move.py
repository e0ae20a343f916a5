from odoo import fields, models

from ...canonical.kinds import Kind


class AccountMove(models.Model):
    """Names the object that an invoice, credit note or entry mirrors, and its state at
    the source.
    """

    _name = "account.move"
    _inherit = ["account.move", "saas.mirrored.mixin"]

    saas_state = fields.Selection(
        [
            ("open", "Open"),
            ("uncollectible", "Uncollectible"),
            ("paid", "Paid"),
            ("void", "Void"),
        ],
        string="State at Source",
        readonly=True,
        copy=False,
    )
    saas_state_date = fields.Date(
        string="In this State since",
        readonly=True,
        copy=False,
        help="When the invoice was paid, or the document voided, at its source.",
    )
    saas_failed_attempts = fields.Integer(
        string="Failed Collections", readonly=True, copy=False
    )
    saas_dispute_id = fields.Many2one(
        "saas.dispute",
        string="Dispute",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    # By its number, money of a linked source names a document.
    _saas_number_index = models.Index(
        "(saas_source_id, ref) WHERE saas_source_id IS NOT NULL"
    )

    def _invoice_paid_hook(self):
        """Stop asking for a payment outside the source once the invoice is paid."""
        res = super()._invoice_paid_hook()
        if mirrored := self.filtered("saas_source_id"):
            self.env["saas.activities"].sudo()._stop_asking(
                "mail_activity_paid_outside", mirrored
            )
        return res

    def _get_saas_kind(self):
        self.ensure_one()
        is_refund = self.move_type == "out_refund"
        return Kind.CREDIT_NOTE if is_refund else Kind.INVOICE
