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
        _ = self.env._
        return {
            "topup.": _("a top-up moves money from a bank into Stripe's balance"),
            "transfer.": _("a transfer moves money to a connected account"),
            "application_fee.": _("an application fee comes from a connected account"),
            "reserve.": _("a reserve holds money of the balance back"),
            "customer_cash_balance_transaction.": _(
                "a customer's cash balance at Stripe changed"
            ),
            "cash_balance.": _("money of a customer lies in a cash balance at Stripe"),
            "issuing_transaction.": _("a card issued with Stripe was used"),
            "treasury.": _("a financial account at Stripe is another account"),
            "capital.": _("financing by Stripe is paid out and back by the balance"),
            "climate.order": _("a climate order is paid from the balance"),
        }

    def _get_unbooked(self):
        """Return the same for types without anything to book."""
        _ = self.env._
        return {
            "balance.": _("the balance itself is proved by its transactions"),
            "coupon.": _("a coupon counts where an invoice's line states its discount"),
            "promotion_code.": _(
                "a promotion code counts where an invoice's line states its discount"
            ),
            "customer.discount.": _(
                "a discount counts where an invoice's line states it"
            ),
            "subscription_schedule.": _(
                "a schedule counts when it changes its subscription, which has events "
                "of its own"
            ),
            "invoiceitem.": _("an invoice item counts when it is on an invoice"),
            "invoice.": _("nothing is booked from this state of an invoice"),
            "invoice_payment.": _("nothing was paid"),
            "payment_intent.": _("an intent is no money before it succeeds"),
            "charge.": _("nothing is booked from this state of a charge"),
            "payout.": _("nothing is booked from this state of a payout"),
            "credit_note.": _("nothing is booked from this state of a credit note"),
            "setup_intent.": _("a way to pay is no money"),
            "payment_method.": _("a way to pay is no money"),
            "payment_link.": _("a payment link counts when a charge is made by it"),
            "checkout.": _("a checkout counts by the charge and invoice it leads to"),
            "customer.source.": _("a way to pay is no money"),
            "source.": _("a way to pay is no money"),
            "mandate.": _("a way to pay is no money"),
            "quote.": _("a quote counts when it becomes an invoice"),
            "account.": _("the account's own settings are kept at Stripe"),
            "capability.": _("the account's own settings are kept at Stripe"),
            "billing": _("metering and the portal count by the invoices that follow"),
            "entitlements.": _("what customers may use is kept at Stripe"),
            "radar.": _("a warning counts when it becomes a dispute"),
            "review.": _("a review counts when it becomes a refund or dispute"),
            "reporting.": _("a report was made at Stripe"),
            "file.": _("a file was made at Stripe"),
            "tax.": _("the account's own settings are kept at Stripe"),
        }
