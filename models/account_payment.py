from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountPayment(models.Model):
    _inherit = "account.payment"

    saas_source_id = fields.Many2one(
        "saas.source",
        string="SaaS Source",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    saas_tenant_id = fields.Many2one(
        "saas.tenant",
        string="Tenant",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    saas_external_id = fields.Char(
        string="Payment at Source", readonly=True, copy=False, index="btree_not_null"
    )

    def _generate_journal_entry(self, *args, **kwargs):
        """Link a batch's entries to their payments in one go.

        Odoo's own loop writes one payment after the other, and after each of these
        writes looks for all documents reconciled with it: half the time of booking
        a payment, for nothing, because there can be none yet. A test compares what
        both ways write.
        """
        if args or kwargs or not self.env.context.get("saas_pipeline"):
            return super()._generate_journal_entry(*args, **kwargs)
        payments = self.filtered(lambda p: not p.move_id and p.outstanding_account_id)
        moves = self.env["account.move"].create(
            [payment._generate_move_vals() for payment in payments]
        )
        linked = [self._fields["move_id"], self._fields["state"]]
        with self.env.protecting(linked, payments):
            for payment, move in zip(payments, moves, strict=True):
                payment.move_id = move
                payment.state = "in_process"
        payments.modified(["move_id", "state"])
        return None

    @api.ondelete(at_uninstall=False)
    def _unlink_except_mirrored(self):
        """What a source knows of must stay to be found: reverse it instead."""
        if mirrored := self.filtered("saas_external_id"):
            raise UserError(
                self.env._(
                    "%(name)s mirrors %(reference)s of a billing system and can't be "
                    "deleted. Reverse it instead.",
                    name=mirrored[0].display_name,
                    reference=mirrored[0].saas_external_id,
                )
            )

    def action_view_saas_events(self):
        """Open the events that wrote or touched this payment."""
        self.ensure_one()
        logs = self.env["saas.sync.log"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        return self.env["saas.subscription.event"]._action_open(logs.event_id)
