from odoo import api, fields, models
from odoo.tools import SQL

from ...canonical.kinds import Kind
from ...canonical.marks import PIPELINE


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

    saas_sent_at = fields.Datetime(
        string="Sent to the Tenant",
        readonly=True,
        copy=False,
        help="When Odoo sent this document to the tenant, most recently.",
    )

    saas_source_adapter = fields.Selection(related="saas_source_id.adapter")

    # By its number, money of a linked source names a document.
    _saas_number_index = models.Index(
        "(saas_source_id, ref) WHERE saas_source_id IS NOT NULL"
    )

    def _invoice_paid_hook(self):
        """Stop asking for a payment outside the source once the invoice is paid, and
        for one by a link.
        """
        res = super()._invoice_paid_hook()
        if mirrored := self.filtered("saas_source_id"):
            self.env["saas.activities"].sudo()._stop_asking(
                "mail_activity_paid_outside", mirrored
            )
            mirrored._end_saas_collection()
        return res

    def _compute_reconciled_payment_ids(self):
        """Look in a drain for the payments of those invoices only that something
        settles.

        Odoo asks at each change of an invoice which payments' state depends on it, by
        a join of seven tables; a new one is asked for three times. A test compares
        what both ways find.
        """
        settled = self
        if PIPELINE.is_in(self.env):
            settled = self._filter_settled()
            (self - settled).reconciled_payment_ids = False
        return super(AccountMove, settled)._compute_reconciled_payment_ids()

    def _filter_settled(self):
        """Return those of these moves that a payment or another entry is reconciled
        with, in whole or in part, or that a payment is linked to.
        """
        if not self.ids:
            return self
        # Drafts can't be reconciled, and new moves are asked for as such.
        posted = self.filtered(lambda move: move.state == "posted")
        self.env["account.move.line"].flush_model(["move_id"])
        self.env["account.partial.reconcile"].flush_model(
            ["debit_move_id", "credit_move_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_id FROM account_move_line line
                  JOIN account_partial_reconcile part ON part.debit_move_id = line.id
                 WHERE line.move_id = ANY(%(posted)s)
                 UNION
                SELECT line.move_id FROM account_move_line line
                  JOIN account_partial_reconcile part ON part.credit_move_id = line.id
                 WHERE line.move_id = ANY(%(posted)s)
                 UNION
                SELECT invoice_id FROM account_move__account_payment
                 WHERE invoice_id = ANY(%(moves)s)
                """,
                posted=posted.ids,
                moves=self.ids,
            )
        )
        return self.browse(row[0] for row in rows)

    @api.model
    def _cron_account_move_send(self, job_count=10):
        """Send what Odoo issues for tenants first, so that no other invoice that can't
        be sent stands before it. A copy of the database sends nobody anything.
        """
        if not self.env["saas.environment"]._is_confirmed():
            return None
        own = self.search(
            [
                ("sending_data", "!=", False),
                ("state", "=", "posted"),
                ("saas_source_id.is_own", "=", True),
            ],
            order="date, sequence_number, id",
            limit=job_count,
        ).try_lock_for_update()
        if own:
            self.env["account.move.send"]._generate_and_send_invoices(
                own, from_cron=True
            )
            waiting = own.filtered("sending_data")
            left = self.search_count([("sending_data", "!=", False)])
            self.env["ir.cron"]._commit_progress(
                len(own - waiting), remaining=0 if waiting else left
            )
            if waiting:
                return None
        return super()._cron_account_move_send(job_count=job_count)

    def _is_saas_own(self):
        """Return whether Odoo issued this document for a tenant."""
        self.ensure_one()
        return self.sudo().saas_source_id.is_own

    def _get_saas_kind(self):
        self.ensure_one()
        is_refund = self.move_type == "out_refund"
        return Kind.CREDIT_NOTE if is_refund else Kind.INVOICE

    def action_view_saas_charges(self):
        """Open the charges that this document bills: which component, for which
        days.
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "saas_billing_sync.saas_charge_action"
        )
        return {**action, "domain": [("move_id", "=", self.id)]}
