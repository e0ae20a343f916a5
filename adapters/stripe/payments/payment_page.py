"""Offers the customer a page of Stripe's on which to pay: a Checkout Session.

A payment intent has no page of its own, and a Payment Link knows no customer. A session
belongs to the customer, saves the payment method for the next time, and is over after a
day at most, so no forgotten page takes money.
https://docs.stripe.com/api/checkout/sessions
"""

from dataclasses import replace
from datetime import UTC, datetime

from odoo import models

from ....canonical.errors import Transient
from ....canonical.payments.collecting import (
    Collected,
    CollectionReason,
    CollectionRefused,
    CollectionState,
)

_SESSIONS = "/v1/checkout/sessions"


class SaasAdapterStripe(models.AbstractModel):
    """Offers a page to pay on, and takes it back."""

    _inherit = "saas.adapter.stripe"

    def _offer_page(self, source, order, reason, detail="", intent_ref=""):
        """Return that an order needs its customer, with a page to pay on. Without one,
        if Stripe makes none.

        :param reason: why it could not be collected.
        :param detail: what Stripe says about that.
        :param intent_ref: the id of the payment intent that was declined.
        """
        labels = dict(order.labels)
        price = {
            "currency": order.currency.lower(),
            "unit_amount": order.amount,
            "product_data": {"name": order.text},
        }
        answer = Collected(CollectionState.NEEDS_CUSTOMER, intent_ref, reason, detail)
        try:
            session = self._post(
                source,
                _SESSIONS,
                f"{order.key}-page",
                mode="payment",
                customer=order.customer,
                line_items=[{"price_data": price, "quantity": 1}],
                payment_intent_data={
                    "description": order.text,
                    "metadata": labels,
                    "setup_future_usage": "off_session",
                },
                metadata=labels,
                success_url=order.home,
            )
        except CollectionRefused as error:
            if error.reason == CollectionReason.KEY_REFUSED:
                raise
            return replace(answer, detail=" ".join((detail, error.detail)).strip())
        return replace(
            answer,
            link=session["url"],
            link_ref=session["id"],
            link_until=datetime.fromtimestamp(session["expires_at"], UTC),
        )

    def _withdraw(self, source, order):
        if not order.link_ref:
            return Collected(CollectionState.CANCELED)
        path = f"{_SESSIONS}/{order.link_ref}"
        session = self._request(source, path)
        if session["status"] == "open":
            try:
                session = self._post(source, f"{path}/expire")
            except CollectionRefused:
                # The customer has paid since, or another call has ended it.
                session = self._request(source, path)
        if session["status"] == "complete":
            ref = session.get("payment_intent") or ""
            return Collected(CollectionState.PENDING, ref)
        if session["status"] == "open":
            raise Transient("The payment link could not be ended.")
        return Collected(CollectionState.CANCELED)
