from odoo import fields, models

from ..canonical.actions import Action
from ..canonical.payments.collecting import CollectionState

_ACTIONS = {
    CollectionState.FAILED: Action.COLLECTION_REFUSED,
    CollectionState.NEEDS_CUSTOMER: Action.COLLECTION_NEEDS_CUSTOMER,
    CollectionState.CANCELED: Action.COLLECTION_CANCELED,
}


class SaasCollect(models.AbstractModel):
    """Does what follows from an answer without money: it is noted with the invoice and
    in the log, the customer gets the payment link by mail, or a person is asked.
    """

    _inherit = "saas.collect"

    def _follow(self, command):
        """Do what follows from the state that a command is in.

        :return: a sentence that says what was done.
        """
        state = CollectionState(command.state)
        if state not in _ACTIONS:
            return self.env._("There is nothing to do.")
        command._log(_ACTIONS[state])
        if state == CollectionState.CANCELED:
            return self.env._("It is noted.")
        move = command.move_id
        is_open = move._note_saas_collection_failed()
        self.env["saas.outbox"]._tell_done(
            Action.COLLECTION_FAILED,
            move.saas_source_id,
            move,
            move.saas_tenant_id,
            command.key,
        )
        is_new = state == CollectionState.NEEDS_CUSTOMER and not command.mailed_at
        if is_new and self._mail_link(command):
            return self.env._("The customer gets the payment link by mail.")
        self.env["saas.activities"]._ask(
            command.source_id,
            "mail_activity_payment_failed",
            is_open,
            " ".join((command.explanation, command.next_step)),
        )
        return self.env._("A person is asked.")

    def _mail_link(self, command):
        """Have Odoo's mail queue send the customer the payment link, once this is
        committed.

        :return: whether there is a link, and an address to send it to.
        """
        template = command._get_mail_template()
        if not command.link or not template or not command.partner_id.email:
            return False
        template.send_mail(command.id, force_send=False)
        command.sudo().mailed_at = fields.Datetime.now()
        return True
