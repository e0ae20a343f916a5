"""What becomes of events that no normaliser reads: they are set aside, and say why."""

from odoo import models

from ...canonical.errors import Ignore
from ...canonical.reasons import Reason


class SaasAdapterStripe(models.AbstractModel):
    _inherit = "saas.adapter.stripe"

    def _get_set_aside(self, event_type):
        """Return why events of a type are stored only, as :class:`Ignore`."""
        for reason, by_prefix in (
            (Reason.MONEY_NOT_BOOKED, self._get_unbooked_money()),
            (Reason.UNSUPPORTED_TYPE, self._get_unbooked()),
        ):
            for prefix, detail in by_prefix.items():
                if event_type.startswith(prefix):
                    return Ignore(reason, detail)
        return Ignore(
            Reason.UNSUPPORTED_TYPE,
            self.env._("%s is a type that nothing is known of here", event_type),
        )

    def _get_unbooked_money(self):
        """Return a sentence for each family of types that move money at Stripe in a
        way that is not booked yet, by the beginning of the type.
        """
        return {
            "topup.": self.env._(
                "a top-up moves money from a bank into Stripe's balance"
            ),
            "transfer.": self.env._("a transfer moves money to a connected account"),
            "application_fee.": self.env._(
                "an application fee comes from a connected account"
            ),
            "reserve.": self.env._("a reserve holds money of the balance back"),
            "issuing_transaction.": self.env._("a card issued with Stripe was used"),
            "treasury.": self.env._("a financial account at Stripe is another account"),
            "capital.": self.env._(
                "financing by Stripe is paid out and back by the balance"
            ),
            "climate.order": self.env._("a climate order is paid from the balance"),
        }

    def _get_unbooked(self):
        """Return the same for types without anything to book."""
        return {
            "balance.": self.env._("the balance itself is proved by its transactions"),
            "coupon.": self.env._(
                "a coupon counts where an invoice's line states its discount"
            ),
            "promotion_code.": self.env._(
                "a promotion code counts where an invoice's line states its discount"
            ),
            "customer.discount.": self.env._(
                "a discount counts where an invoice's line states it"
            ),
            "subscription_schedule.": self.env._(
                "a schedule counts when it changes its subscription, which has events "
                "of its own"
            ),
            "invoiceitem.": self.env._(
                "an invoice item counts when it is on an invoice"
            ),
            "invoice.": self.env._("nothing is booked from this state of an invoice"),
            "invoice_payment.": self.env._("nothing was paid"),
            "payment_intent.": self.env._("an intent is no money before it succeeds"),
            "charge.": self.env._("nothing is booked from this state of a charge"),
            "payout.": self.env._("nothing is booked from this state of a payout"),
            "credit_note.": self.env._(
                "nothing is booked from this state of a credit note"
            ),
            "setup_intent.": self.env._("a way to pay is no money"),
            "payment_method.": self.env._("a way to pay is no money"),
            "payment_link.": self.env._(
                "a payment link counts when a charge is made by it"
            ),
            "checkout.": self.env._(
                "a checkout counts by the charge and invoice it leads to"
            ),
            "customer.source.": self.env._("a way to pay is no money"),
            "source.": self.env._("a way to pay is no money"),
            "mandate.": self.env._("a way to pay is no money"),
            "quote.": self.env._("a quote counts when it becomes an invoice"),
            "account": self.env._("the account's own settings are kept at Stripe"),
            "capability.": self.env._("the account's own settings are kept at Stripe"),
            "billing": self.env._(
                "metering and the portal count by the invoices that follow"
            ),
            "entitlements.": self.env._("what customers may use is kept at Stripe"),
            "radar.": self.env._("a warning counts when it becomes a dispute"),
            "review.": self.env._(
                "a review counts when it becomes a refund or dispute"
            ),
            "reporting.": self.env._("a report was made at Stripe"),
            "file.": self.env._("a file was made at Stripe"),
            "tax.": self.env._("the account's own settings are kept at Stripe"),
        }
