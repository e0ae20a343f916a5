from odoo import fields, models
from odoo.exceptions import UserError

from ...canonical.actions import Action
from ...canonical.kinds import Kind
from ...canonical.marks import PIPELINE


class AccountPayment(models.Model):
    """A payment or refund that mirrors one of a source."""

    _name = "account.payment"
    _inherit = ["account.payment", "saas.mirrored.mixin"]

    saas_attempt = fields.Char(
        string="Attempt at Source",
        readonly=True,
        copy=False,
        help="Which of several attempts to get the money this payment came in by.",
    )
    saas_superseded = fields.Boolean(
        string="Booked Otherwise",
        readonly=True,
        copy=False,
        help="It was reversed because the money is booked otherwise: on another day, "
        "or because less came in than was told first.",
    )

    def _generate_journal_entry(self, *args, **kwargs):
        """Link a batch's entries to their payments in one go.

        Odoo's own loop writes one payment after the other, and after each of these
        writes looks for all documents reconciled with it: half the time of booking
        a payment, for nothing, because there can be none yet. A test compares what
        both ways write.
        """
        if args or kwargs or not PIPELINE.is_in(self.env):
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

    def _supersede(self):
        """Mark payments whose money is booked otherwise. Nobody has to look at them any
        longer.
        """
        self.saas_superseded = True
        self.env["saas.activities"]._stop_asking(
            "mail_activity_refund_without_credit_note", self
        )

    def action_choose_saas_customer(self):
        """Ask a person whose money this is. Of a refund, that is asked for the payment
        that it gives back.

        :raises UserError: if no event of the source tells of it.
        """
        self.ensure_one()
        self.check_access("read")
        # What was booked anew on another day is told of by its first booking.
        same = self
        if self.saas_external_id:
            same |= self.search(
                [
                    ("saas_source_id", "=", self.saas_source_id.id),
                    ("saas_external_id", "=", self.saas_external_id),
                ]
            )
        logs = self.env["saas.sync.log"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", same.ids),
                ("event_id", "!=", False),
                ("action", "in", (Action.PAYMENT_POSTED, Action.REFUND_POSTED)),
            ],
            order="id",
        )
        if not logs:
            raise UserError(
                self.env._(
                    "No event of a source booked this payment. Change its contact in "
                    "Accounting instead."
                )
            )
        event = logs[-1].event_id
        event._check_may_decide()
        given_back = event._get_payment()
        if given_back and given_back != self:
            return given_back.action_choose_saas_customer()
        return event._action_wizard(
            "saas.customer.choose", self.env._("Choose Customer")
        )

    def _get_saas_kind(self):
        self.ensure_one()
        return Kind.REFUND if self.payment_type == "outbound" else Kind.PAYMENT
