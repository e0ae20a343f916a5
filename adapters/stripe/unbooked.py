"""What becomes of events that no normaliser reads: they are ignored, and say why."""

from odoo import models

from ...canonical.errors import Ignore
from ...canonical.reasons import Reason


class SaasAdapterStripe(models.AbstractModel):
    """Says of each family of events that books nothing why that is so."""

    _inherit = "saas.adapter.stripe"

    def _explain_unbooked(self, event_type):
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
        """Return a sentence for each family of types without anything to book, by the
        beginning of the type.
        """
        return {
            **self._get_unbooked_documents(),
            **self._get_unbooked_payments(),
            **self._get_unbooked_clearing(),
            **self._get_unbooked_settings(),
        }

    def _get_unbooked_documents(self):
        """Return those about prices, subscriptions, invoices and credit notes."""
        return {
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
            "credit_note.": self.env._(
                "nothing is booked from this state of a credit note"
            ),
            "quote.": self.env._("a quote counts when it becomes an invoice"),
            "billing": self.env._(
                "metering and the portal count by the invoices that follow"
            ),
        }

    def _get_unbooked_payments(self):
        """Return those about payments, and ways to pay."""
        return {
            "payment_intent.": self.env._("an intent is no money before it succeeds"),
            "charge.": self.env._("nothing is booked from this state of a charge"),
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
            "radar.": self.env._("a warning counts when it becomes a dispute"),
            "review.": self.env._(
                "a review counts when it becomes a refund or dispute"
            ),
        }

    def _get_unbooked_clearing(self):
        """Return those about the balance and payouts."""
        return {
            "balance.": self.env._("the balance itself is proved by its transactions"),
            "payout.": self.env._("nothing is booked from this state of a payout"),
        }

    def _get_unbooked_settings(self):
        """Return those about the account itself."""
        return {
            "account": self.env._("the account's own settings are kept at Stripe"),
            "capability.": self.env._("the account's own settings are kept at Stripe"),
            "tax.": self.env._("the account's own settings are kept at Stripe"),
            "entitlements.": self.env._("what customers may use is kept at Stripe"),
            "reporting.": self.env._("a report was made at Stripe"),
            "file.": self.env._("a file was made at Stripe"),
        }
