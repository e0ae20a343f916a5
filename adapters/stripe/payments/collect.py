"""Collects money by payment intents, from a customer who isn't there.

``off_session`` is the documented way: the bank is asked for an exemption, and where it
wants the customer to confirm, the intent fails with ``authentication_required`` and
waits for nobody. https://docs.stripe.com/payments/save-and-reuse

What has become of an order whose answer was lost is looked up in the customer's own
list of intents. Stripe's search by metadata is a minute or more behind, and not there
for all accounts. https://docs.stripe.com/search#data-freshness
"""

import json
from datetime import timedelta

import stripe

from odoo import models

from ....canonical.errors import Later, Quarantine, Transient, read_retry_after
from ....canonical.payments.collecting import (
    ORDER_LABEL,
    Collected,
    CollectionReason,
    CollectionRefused,
    CollectionState,
    Unclear,
)
from ..api import UNREACHED
from ..currency import get_exponent, get_step
from .declines import describe, find_reason

_CUSTOMERS, _INTENTS = "/v1/customers", "/v1/payment_intents"
#: So many of what a customer has saved are looked at: the most that Stripe lists.
_MANY = 100
#: An intent in one of these states needs nobody's doing.
_ON_ITS_WAY = ("processing", "requires_capture", "succeeded")
#: Clocks differ a little.
_BEFORE = timedelta(hours=1)
#: The library doesn't repeat what writes. If it did, the last error would say nothing
#: of what an earlier call has done.
_ONCE = 0
#: What the customer may mend on a page.
_BY_CUSTOMER = (
    CollectionReason.AUTHENTICATION,
    CollectionReason.DECLINED,
    CollectionReason.FUNDS,
    CollectionReason.MANDATE_ENDED,
    CollectionReason.METHOD_EXPIRED,
    CollectionReason.NO_METHOD,
)
#: After these, nobody knows whether it was done: trouble on the way or at Stripe, or
#: another call with the same key.
_UNCLEAR = (UNREACHED, stripe.APIError, stripe.IdempotencyError)
_FORBIDDEN = (stripe.AuthenticationError, stripe.PermissionError)


class SaasAdapterStripe(models.AbstractModel):
    """Collects own invoices through Stripe. What can't be collected from somebody who
    isn't there, the customer pays on a page of Stripe's: see ``payment_page.py``.
    """

    _inherit = "saas.adapter.stripe"

    _can_collect = True

    def _get_minor_units(self, currency):
        return get_exponent(currency), get_step(currency)

    def _collect(self, source, order):
        method = self._find_method(source, order)
        if not method:
            return self._offer_page(source, order, CollectionReason.NO_METHOD)
        try:
            intent = self._post(
                source,
                _INTENTS,
                order.key,
                amount=order.amount,
                currency=order.currency.lower(),
                customer=order.customer,
                payment_method=method,
                # Of whatever kind the saved method is: some lead elsewhere if the
                # customer is there.
                automatic_payment_methods={"enabled": True},
                return_url=order.home,
                off_session=True,
                confirm=True,
                description=order.text,
                metadata=dict(order.labels),
            )
        except CollectionRefused as error:
            if error.reason not in _BY_CUSTOMER:
                raise
            body = _read_error(error.__cause__)
            return self._read_decline(source, order, body, body.get("payment_intent"))
        return self._read_intent(source, order, intent)

    def _find_collected(self, source, order):
        since = int((order.sent_at - _BEFORE).timestamp())
        pages = self._read_pages(
            source, _INTENTS, customer=order.customer, created={"gte": since}
        )
        found = [
            intent
            for page in pages
            for intent in page
            if (intent.get("metadata") or {}).get(ORDER_LABEL) == order.key
        ]
        if not found:
            return None
        # Beside what was declined there may be what the customer has paid since.
        coming = (i for i in found if i.get("status") in _ON_ITS_WAY)
        return self._read_intent(source, order, next(coming, found[-1]))

    def _find_method(self, source, order):
        """Return the id of what a customer pays by: what they have paid by on a page
        since they saved the default for invoices, or that default, or else the newest
        that is saved; an empty text if there is none.
        """
        path = f"{_CUSTOMERS}/{order.customer}"
        try:
            data = self._request(source, path)
        except Quarantine as error:
            if getattr(error.__cause__, "http_status", None) != 404:
                raise
            data = {"deleted": True}
        if data.get("deleted"):
            raise CollectionRefused(CollectionReason.CUSTOMER_UNKNOWN)
        settings = data.get("invoice_settings") or {}
        chosen = settings.get("default_payment_method") or data.get("default_source")
        if chosen and not order.paid_by:
            return chosen
        limit = _MANY if chosen else 1
        saved = self._request(source, f"{path}/payment_methods", limit=limit)["data"]
        if chosen:
            return self._find_newer(source, order, saved, chosen) or chosen
        return saved[0]["id"] if saved else ""

    def _find_newer(self, source, order, saved, chosen):
        """Return what a customer has paid by on a page, if it is still saved, and newer
        than the default. A page doesn't change the default, which may be the very card
        that was declined before.

        :param saved: what the customer has saved, the newest first.
        :param chosen: the id of the default.
        """
        refs = [method["id"] for method in saved]
        try:
            paid = self._request(source, f"{_INTENTS}/{order.paid_by}")
        except Quarantine:
            return ""
        method = paid.get("payment_method")
        newer = refs[: refs.index(chosen)] if chosen in refs else refs
        return method if method in newer else ""

    # -- what an answer means ------------------------------------------------------

    def _read_intent(self, source, order, intent):
        """Return what an intent says of an order. Instead of one that needs the
        customer, they get a page on which to pay.
        """
        status = intent.get("status")
        if status in _ON_ITS_WAY:
            return Collected(CollectionState.PENDING, intent["id"])
        failure = intent.get("last_payment_error")
        if status == "canceled" and not failure:
            return Collected(
                CollectionState.CANCELED, intent["id"], CollectionReason.CANCELED_THERE
            )
        missing = {"code": "authentication_required"}
        return self._read_decline(source, order, failure or missing, intent)

    def _read_decline(self, source, order, error, intent):
        """Return what comes of an order that was declined, after what stays of it at
        Stripe was canceled: nobody is to pay by it.

        :param error: why, as Stripe tells it.
        :param intent: what was declined, or None.
        """
        ref = intent["id"] if isinstance(intent, dict) else ""
        if ref and intent.get("status") != "canceled":
            self._cancel_intent(source, order, ref)
        reason = find_reason(error, CollectionReason.DECLINED)
        return self._offer_page(source, order, reason, describe(error), ref)

    def _cancel_intent(self, source, order, ref):
        path = f"{_INTENTS}/{ref}"
        try:
            self._post(source, f"{path}/cancel")
        except CollectionRefused:
            # It was canceled by the first of two equal calls.
            if self._request(source, path).get("status") != "canceled":
                raise

    # -- calling -------------------------------------------------------------------

    def _post(self, source, path, key=None, **params):
        """Write to Stripe, and return its answer as plain JSON.

        :param key: two calls with one key write once, and have one answer, also if that
            is an error of Stripe's own. None: for what can be done twice.
        :raises CollectionRefused: if Stripe refuses, or the customer's bank.
        :raises Unclear: if nobody knows whether it was done.
        :raises Transient: if it was not done, and may be later.
        """
        client = self._get_client(source)
        options = {"idempotency_key": key} if key else {}
        try:
            response = client.raw_request(
                "post", path, max_network_retries=_ONCE, **options, **params
            )
        except stripe.CardError as error:
            body = _read_error(error)
            reason = find_reason(body, CollectionReason.DECLINED)
            raise CollectionRefused(reason, describe(body)) from error
        except stripe.RateLimitError as error:
            if seconds := read_retry_after(error.headers):
                raise Later(str(error), seconds) from error
            raise Transient(str(error)) from error
        except _UNCLEAR as error:
            if isinstance(error.__cause__ or error.__context__, Later):
                # The library takes it for a network that is down.
                raise (error.__cause__ or error.__context__) from None
            raise Unclear(str(source._make_passing(error, UNREACHED))) from error
        except _FORBIDDEN as error:
            detail = self.env._(
                "The key has to be allowed to write Payment Intents and Checkout "
                "Sessions. Stripe says: %s",
                error,
            )
            raise CollectionRefused(CollectionReason.KEY_REFUSED, detail) from error
        except stripe.StripeError as error:
            reason = find_reason(_read_error(error), CollectionReason.REFUSED)
            raise CollectionRefused(reason, str(error)) from error
        return json.loads(response.body)


def _read_error(error):
    """Return what Stripe says in the body of an error, as a plain dict."""
    body = (getattr(error, "json_body", None) or {}).get("error")
    return body if isinstance(body, dict) else {}
