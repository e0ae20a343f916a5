from odoo import api, fields, models

from ...canonical.payments.collecting import CollectionReason, CollectionState


class SaasCollection(models.Model):
    """Says in words why a command did not bring the money, and what to do next."""

    _inherit = "saas.collection"

    reason = fields.Selection(
        [
            (CollectionReason.NO_METHOD.value, "No payment method"),
            (CollectionReason.NO_MANDATE.value, "No mandate"),
            (CollectionReason.MANDATE_ENDED.value, "Mandate ended"),
            (CollectionReason.AUTHENTICATION.value, "The customer has to confirm"),
            (CollectionReason.DECLINED.value, "Declined by the bank"),
            (CollectionReason.FUNDS.value, "Not enough money"),
            (CollectionReason.METHOD_EXPIRED.value, "Payment method expired"),
            (CollectionReason.FAILED_LATE.value, "Taken back by the bank"),
            (CollectionReason.CHARGED_BACK.value, "Taken back by the customer"),
            (CollectionReason.LINK_EXPIRED.value, "Payment link expired"),
            (CollectionReason.AMOUNT.value, "Amount not taken"),
            (CollectionReason.CURRENCY.value, "Currency not taken"),
            (CollectionReason.CUSTOMER_UNKNOWN.value, "Customer not known there"),
            (CollectionReason.KEY_REFUSED.value, "Key may not collect"),
            (CollectionReason.SET_UP.value, "Set-up incomplete"),
            (CollectionReason.REFUSED.value, "Refused by the gateway"),
            (CollectionReason.UNREACHABLE.value, "Gateway out of reach"),
            (CollectionReason.CANCELED_THERE.value, "Canceled at the gateway"),
            (CollectionReason.NOTHING_DUE.value, "Nothing due any more"),
            (CollectionReason.NOT_OPEN.value, "Invoice not open any more"),
            (CollectionReason.BY_PERSON.value, "Canceled by a person"),
            (CollectionReason.REPLACED.value, "Collected anew"),
            (CollectionReason.AT_RISK.value, "Payer is at risk"),
        ],
        readonly=True,
    )
    explanation = fields.Text(
        compute="_compute_words", string="What Happened", compute_sudo=True
    )
    next_step = fields.Text(compute="_compute_words", compute_sudo=True)

    @api.depends("reason", "state", "source_id", "is_unclear")
    def _compute_words(self):
        steps = self._get_steps()
        for command in self:
            happened, todo = command._get_words_of_state(), ""
            if command.reason:
                happened, todo = steps[CollectionReason(command.reason)]
            command.explanation, command.next_step = happened, todo

    def _get_words_of_state(self):
        """Return what happens to a command that nothing is wrong with."""
        gateway = self.source_id.name
        if self.is_unclear:
            return self.env._(
                "The answer of %s did not come. It is asked what became of the order "
                "before anything else is sent.",
                gateway,
            )
        return {
            CollectionState.WAITING: self.env._("It goes to %s next.", gateway),
            CollectionState.SENT: self.env._("It is on its way to %s.", gateway),
            CollectionState.PENDING: self.env._(
                "%s has taken it. The payment is booked when the gateway tells of it.",
                gateway,
            ),
            CollectionState.SUCCEEDED: self.env._("The money is at %s.", gateway),
        }.get(CollectionState(self.state), "")

    @api.model
    def _get_steps(self):
        """Return for each reason what happened and what to do next, as sentences."""
        return {
            **self._get_steps_of_customer(),
            **self._get_steps_of_method(),
            **self._get_steps_of_money(),
            **self._get_steps_of_gateway(),
            **self._get_steps_of_ours(),
        }

    def _get_steps_of_customer(self):
        ask = self.env._(
            "The customer pays by the payment link, if there is one, or by transfer. "
            "Ask for another payment method, then collect again."
        )
        return {
            CollectionReason.AUTHENTICATION: (
                self.env._("The bank wants the customer to confirm the payment."),
                self.env._(
                    "The customer confirms and pays by the payment link. If it was "
                    "not sent, send it."
                ),
            ),
            CollectionReason.DECLINED: (
                self.env._("The customer's bank has declined the payment."),
                ask,
            ),
            CollectionReason.FUNDS: (
                self.env._("The customer's account has not enough money."),
                self.env._("Collect again later, or ask for another payment method."),
            ),
            CollectionReason.FAILED_LATE: (
                self.env._(
                    "The bank has taken the money back. The invoice is open again."
                ),
                ask,
            ),
            CollectionReason.CHARGED_BACK: (
                self.env._(
                    "The customer has taken the money back. The invoice is open again."
                ),
                self.env._("Speak with the customer before you collect again."),
            ),
            CollectionReason.LINK_EXPIRED: (
                self.env._("The customer has not paid by the payment link in time."),
                self.env._("Collect again: the customer gets a new link if needed."),
            ),
        }

    def _get_steps_of_method(self):
        return {
            CollectionReason.NO_METHOD: (
                self.env._("The customer has no saved payment method at the gateway."),
                self.env._(
                    "The customer pays by the payment link, which also saves the "
                    "method for the next time."
                ),
            ),
            CollectionReason.NO_MANDATE: (
                self.env._(
                    "The customer has no mandate that may be debited in this currency."
                ),
                self.env._(
                    "Have the customer set up a mandate at the gateway, then collect "
                    "again."
                ),
            ),
            CollectionReason.MANDATE_ENDED: (
                self.env._("The customer's mandate has ended."),
                self.env._(
                    "Have the customer set up a new mandate at the gateway, then "
                    "collect again."
                ),
            ),
            CollectionReason.METHOD_EXPIRED: (
                self.env._("The customer's payment method has expired."),
                self.env._(
                    "The customer pays by the payment link with another method, which "
                    "is saved for the next time."
                ),
            ),
        }

    def _get_steps_of_money(self):
        choose = self.env._(
            "Collect in another way: by transfer, or through another gateway that is "
            "chosen on the tenant."
        )
        return {
            CollectionReason.AMOUNT: (
                self.env._("The gateway does not collect this amount."),
                choose,
            ),
            CollectionReason.CURRENCY: (
                self.env._("The gateway does not collect in this currency."),
                choose,
            ),
        }

    def _get_steps_of_gateway(self):
        return {
            CollectionReason.CUSTOMER_UNKNOWN: (
                self.env._("The gateway does not know the customer any longer."),
                self.env._(
                    "Look under IDs at Sources on the tenant which customer it is at "
                    "the gateway, or choose another way to collect."
                ),
            ),
            CollectionReason.KEY_REFUSED: (
                self.env._("The source's key may not collect."),
                self.env._(
                    "Ask an integration manager to let the key collect, or to paste "
                    "one that may, then collect again."
                ),
            ),
            CollectionReason.SET_UP: (
                self.env._("Something is missing to call the gateway."),
                self.env._(
                    "Ask an integration manager to complete the source, then collect "
                    "again."
                ),
            ),
            CollectionReason.REFUSED: (
                self.env._("The gateway has refused the order."),
                self.env._(
                    "Read what the gateway says, put it right there, then collect "
                    "again."
                ),
            ),
            CollectionReason.UNREACHABLE: (
                self.env._("The gateway was out of reach for too long."),
                self.env._("Collect again once the gateway can be reached."),
            ),
            CollectionReason.CANCELED_THERE: (
                self.env._("Somebody has canceled the payment at the gateway."),
                self.env._("Collect again if the invoice is to be collected."),
            ),
        }

    def _get_steps_of_ours(self):
        return {
            CollectionReason.NOTHING_DUE: (
                self.env._("The invoice was settled before it was collected."),
                "",
            ),
            CollectionReason.NOT_OPEN: (
                self.env._("The invoice was taken back before it was collected."),
                "",
            ),
            CollectionReason.BY_PERSON: (
                self.env._("A person has canceled the collection."),
                self.env._("Collect again if the invoice is to be collected."),
            ),
            CollectionReason.REPLACED: (
                self.env._("The invoice is collected by a later order."),
                "",
            ),
            CollectionReason.AT_RISK: (
                self.env._(
                    "Nothing is collected from the payer: a fraud warning or a review "
                    "is open."
                ),
                self.env._(
                    "Open the payer's risks. Once they are cleared, the order goes out "
                    "by itself."
                ),
            ),
        }
