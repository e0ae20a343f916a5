from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from ...canonical.facts import REFUND_RANK
from ...canonical.kinds import Kind
from ...canonical.money import to_decimal
from ...canonical.payments.collecting import CollectionReason, CollectionState
from ..notification import notify
from ..roles import FINANCE

_TEMPLATE = "saas_billing_sync.mail_template_payment_link"
#: States in which nothing is with the gateway but a link.
_HERE = (CollectionState.WAITING, CollectionState.NEEDS_CUSTOMER)


class SaasCollection(models.Model):
    """What people do to a command to collect: end it, and send its link again."""

    _inherit = "saas.collection"

    partner_id = fields.Many2one(related="move_id.partner_id", string="Customer")
    payment_state = fields.Selection(
        related="move_id.payment_state", string="State of the Invoice"
    )

    def _get_decimal(self):
        """Return the amount of this command, as an exact Decimal."""
        self.ensure_one()
        return to_decimal(self.amount, self.exponent)

    def _get_kept(self):
        """Return by command what it has collected, less what the gateway has sent back
        of its payment: exact Decimals.
        """
        refunds = self.env["saas.binding"].sudo()
        sent_back = {}
        if self:
            groups = refunds._read_group(
                [
                    ("source_id", "in", self.source_id.ids),
                    ("kind", "=", Kind.REFUND),
                    ("parent_ref", "in", [*filter(None, self.mapped("external_id"))]),
                    ("res_id", "!=", False),
                    ("rank", "<", REFUND_RANK["returned"]),
                ],
                ["source_id", "parent_ref"],
                ["amount:sum"],
            )
            sent_back = {(source, ref): amount for source, ref, amount in groups}
        return {
            command: max(
                command._get_decimal()
                - to_decimal(
                    sent_back.get((command.source_id, command.external_id), 0),
                    command.exponent,
                ),
                Decimal(0),
            )
            for command in self
        }

    def _get_mail_template(self):
        """Return what the customer is written with the link: the payer's own mail, the
        company's, or the one that comes with the app, if nobody has deleted it.
        """
        self.ensure_one()
        return (
            self.tenant_id.collection_mail_template_id
            or self.company_id.saas_collection_mail_template_id
            or self.env.ref(_TEMPLATE, raise_if_not_found=False)
            or self.env["mail.template"]
        )

    def action_cancel(self):
        """End these commands: no money is to come by them any more. A payment link is
        taken back by a job.
        """
        self._check_may_act(*FINANCE)
        for command in self:
            if command.state not in _HERE:
                raise UserError(
                    self.env._(
                        "%s is with the gateway already. Cancel the payment there.",
                        command.display_name,
                    )
                )
        self._give_up(CollectionReason.BY_PERSON)
        return True

    def _give_up(self, reason):
        """End those of these commands that wait here or for their customer.

        :param reason: a :class:`~...canonical.payments.collecting.CollectionReason`.
        """
        commands = self.sudo().filtered(lambda c: c.state in _HERE)
        linked = commands.filtered(
            lambda c: c.link_ref and c.state == CollectionState.NEEDS_CUSTOMER
        )
        linked.is_withdrawn = True
        linked._enqueue_send()
        idle = commands - linked
        idle._set_state(CollectionState.CANCELED, reason)
        idle._enqueue_tell()
        # The next command is written at once, and there may be only one.
        commands.flush_recordset()

    def action_mail_link(self):
        """Send the customer the payment link once more."""
        self.ensure_one()
        self._check_may_act(*FINANCE)
        self.env["saas.environment"]._check_confirmed()
        command = self.sudo()
        if command.state != CollectionState.NEEDS_CUSTOMER or not command.link:
            raise UserError(
                self.env._("There is no payment link that the customer could use.")
            )
        if not self.env["saas.collect"].sudo()._mail_link(command):
            raise UserError(
                self.env._(
                    "Enter an e-mail address on the customer's contact, and choose a "
                    "mail template on the company or the tenant."
                )
            )
        return notify(self.env._("The mail is on its way."), "success", reload=True)

    def action_view_move(self):
        """Open the invoice."""
        self.ensure_one()
        return self._in_company(
            {
                "type": "ir.actions.act_window",
                "res_model": "account.move",
                "view_mode": "form",
                "res_id": self.move_id.id,
            }
        )
