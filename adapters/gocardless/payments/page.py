"""Asks a customer for a mandate, on a page of GoCardless': by a billing request, and a
flow that leads through it.
https://developer.gocardless.com/billing-requests/overview

The page takes no money. It could, by a payment request, but in two currencies only, and
only where the account and the customer's bank have instant payments. The mandate works
everywhere, for this order and the next ones: once it is there, the order is collected.
"""

from odoo import models

from ....canonical.payments.collecting import (
    Collected,
    CollectionReason,
    CollectionRefused,
    CollectionState,
    Unclear,
)
from ....canonical.reader import Reader

#: States of a billing request in which the customer can still answer it.
_OPEN = ("pending", "ready_to_fulfil")
#: Refusals that a page would not help with.
_HOPELESS = (
    CollectionReason.CURRENCY,
    CollectionReason.CUSTOMER_UNKNOWN,
    CollectionReason.KEY_REFUSED,
)


class SaasAdapterGoCardless(models.AbstractModel):
    """Offers a page to give a mandate on, and takes it back."""

    _inherit = "saas.adapter.gocardless"

    def _offer_page(self, source, order, reason, detail=""):
        """Return that an order needs its customer, with a page on which to give a
        mandate. Without one, if GoCardless makes none.

        :param reason: why it could not be collected.
        :param detail: what GoCardless says about that.
        """
        try:
            request = self._create(
                source,
                "billing_requests",
                {
                    "mandate_request": {
                        # Of the schemes for it, GoCardless knows the best.
                        "currency": order.currency,
                        "description": order.text,
                    },
                    "metadata": dict(order.labels),
                    "links": {"customer": order.customer},
                },
                f"{order.key}-page",
            )
            if mandate := request["links"].get("mandate_request_mandate"):
                # The customer has answered, and the mirror doesn't know yet.
                return self._debit(source, order, mandate)
            # A flow can't be read again, so each call makes one. They lead to the same
            # request, which is answered once.
            flow = self._create(
                source,
                "billing_request_flows",
                {
                    "redirect_uri": order.home,
                    "exit_uri": order.home,
                    "links": {"billing_request": request["id"]},
                },
            )
        except CollectionRefused as error:
            if error.reason in _HOPELESS:
                raise
            detail = " ".join(filter(None, (detail, error.detail)))
            return Collected(CollectionState.NEEDS_CUSTOMER, "", reason, detail)
        return Collected(
            CollectionState.NEEDS_CUSTOMER,
            "",
            reason,
            detail,
            link=flow["authorisation_url"],
            link_ref=request["id"],
            link_until=Reader(flow).iso_moment("expires_at"),
        )

    def _withdraw(self, source, order):
        # Whatever the page says: by the mandate of an earlier answer the order may have
        # been collected already.
        if found := self._find_collected(source, order):
            return found
        ref = order.link_ref
        request = ref and self._get_one(source, "billing_requests", ref)
        if request and request["status"] in _OPEN:
            self._cancel_request(source, ref)
        return Collected(CollectionState.CANCELED)

    def _cancel_request(self, source, ref):
        """Cancel a billing request. One that the customer has answered since stays: it
        brought a mandate, and no money.
        """
        try:
            self._write(source, "billing_requests", "cancel", ref, {})
        except CollectionRefused:
            request = self._get_one(source, "billing_requests", ref)
            if request and request["status"] in _OPEN:
                raise Unclear("The payment link could not be ended.") from None
