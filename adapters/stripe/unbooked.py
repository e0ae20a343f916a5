"""What becomes of events that no normaliser reads: they are ignored, and say why."""

from odoo import models

from ...canonical.errors import Ignore
from ...canonical.reasons import Reason


class SaasAdapterStripe(models.AbstractModel):
    """Says for each family of events that books nothing why that is so."""

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
            self.env._("The type %s is not known here.", event_type),
        )

    def _get_unbooked_money(self):
        """Return a sentence for each family of types that move money at Stripe in a
        way that is not booked yet, by the beginning of the type.
        """
        return {
            "issuing_transaction.": self.env._("A card issued with Stripe was used."),
            "treasury.": self.env._(
                "The money is in a financial account at Stripe, which is not part of "
                "Stripe's balance."
            ),
            "climate.order": self.env._(
                "A climate order is paid from Stripe's balance."
            ),
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
        """Return the sentences about prices, subscriptions and documents."""
        return {
            "coupon.": self.env._(
                "A coupon is booked when an invoice states its discount."
            ),
            "promotion_code.": self.env._(
                "A promotion code is booked when an invoice states its discount."
            ),
            "customer.discount.": self.env._(
                "A discount is booked when an invoice states it."
            ),
            "subscription_schedule.": self.env._(
                "A schedule takes effect when it changes its subscription, which has "
                "its own events."
            ),
            "invoiceitem.": self.env._(
                "An invoice item is booked when it is on an invoice."
            ),
            "invoice.": self.env._("Nothing is booked in this state of an invoice."),
            "invoice_payment.": self.env._("Nothing was paid."),
            "credit_note.": self.env._(
                "Nothing is booked in this state of a credit note."
            ),
            "quote.": self.env._("A quote is booked when it becomes an invoice."),
            "billing": self.env._(
                "Metering and the portal are booked by the invoices that follow."
            ),
        }

    def _get_unbooked_payments(self):
        """Return the sentences about payments and ways to pay."""
        return {
            "payment_intent.": self.env._(
                "A payment intent moves no money before it succeeds."
            ),
            "charge.": self.env._("Nothing is booked in this state of a charge."),
            "setup_intent.": self.env._("A way to pay moves no money."),
            "payment_method.": self.env._("A way to pay moves no money."),
            "payment_link.": self.env._(
                "A payment link is booked when a charge is made by it."
            ),
            "checkout.": self.env._(
                "A checkout is booked by the charge and the invoice it leads to."
            ),
            "customer.source.": self.env._("A way to pay moves no money."),
            "source.": self.env._("A way to pay moves no money."),
            "mandate.": self.env._("A way to pay moves no money."),
        }

    def _get_unbooked_clearing(self):
        """Return the sentences about Stripe's balance and payouts."""
        return {
            "balance.": self.env._(
                "The balance is proved by its transactions, which are read."
            ),
            "payout.": self.env._("Nothing is booked in this state of a payout."),
            "topup.": self.env._("Nothing is booked in this state of a top-up."),
            "transfer.": self.env._("Nothing is booked in this state of a transfer."),
            "application_fee.": self.env._(
                "Nothing is booked in this state of an application fee."
            ),
            "reserve.": self.env._("Nothing is booked in this state of a reserve."),
            "capital.": self.env._(
                "Financing is booked by its balance transactions, which are read."
            ),
        }

    def _get_unbooked_settings(self):
        """Return the sentences about the account itself."""
        return {
            "account": self.env._("The account's own settings are kept at Stripe."),
            "capability.": self.env._("The account's own settings are kept at Stripe."),
            "tax.": self.env._("The account's own settings are kept at Stripe."),
            "entitlements.": self.env._("What customers may use is kept at Stripe."),
            "reporting.": self.env._("A report was made at Stripe."),
            "file.": self.env._("A file was made at Stripe."),
        }
