"""What becomes of events that nothing is fetched for: they are ignored, and say why."""

from odoo import models

from ...canonical.errors import Ignore
from ...canonical.reasons import Reason


class SaasAdapterGoCardless(models.AbstractModel):
    """Says for each family of events that books nothing why that is so."""

    _inherit = "saas.adapter.gocardless"

    def _explain_unbooked(self, event_type):
        """Return why events of a type are stored only, as :class:`Ignore`."""
        if event_type.startswith("outbound_payments."):
            return Ignore(
                Reason.MONEY_NOT_BOOKED,
                self.env._("Money was sent from an account at GoCardless."),
            )
        for beginning, detail in self._get_unbooked().items():
            if event_type.startswith(beginning):
                return Ignore(Reason.UNSUPPORTED_TYPE, detail)
        return Ignore(
            Reason.UNSUPPORTED_TYPE,
            self.env._("The type %s is not known here.", event_type),
        )

    def _get_unbooked(self):
        """Return a sentence for each family of types without anything to book, by the
        beginning of the type; of two that fit, the first one counts.
        """
        pending = self.env._(
            "The payment is pending: the bank may still refuse it. It is booked when "
            "it is confirmed."
        )
        return {
            "payments.created": pending,
            "payments.submitted": pending,
            "payments.customer_approval_granted": pending,
            "payments.resubmission_requested": pending,
            "payments.surcharge_fee_": self.env._(
                "A surcharge is booked with the payout that holds it."
            ),
            "payments.": self.env._("Nothing is booked in this state of a payment."),
            "refunds.": self.env._(
                "The refund is pending: it is booked when the money has left."
            ),
            "payouts.": self.env._("Nothing is booked in this state of a payout."),
            "subscriptions.": self.env._(
                "A subscription is booked by the payments that it makes."
            ),
            "instalment_schedules.": self.env._(
                "A schedule is booked by the payments that it makes."
            ),
            "billing_requests.": self.env._(
                "A billing request is booked by the payment that it makes."
            ),
            "payer_authorisations.": self.env._(
                "An authorisation is mirrored as the mandate that it makes."
            ),
            "creditors.": self.env._(
                "The account's own settings are kept at GoCardless."
            ),
            "organisations.": self.env._(
                "The account's own settings are kept at GoCardless."
            ),
            "scheme_identifiers.": self.env._(
                "The account's own settings are kept at GoCardless."
            ),
            "exports.": self.env._("A file was made at GoCardless."),
        }
