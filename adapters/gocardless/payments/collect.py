"""Collects money by payments of a customer's mandate.
https://developer.gocardless.com/api-reference/#payments-create-a-payment
"""

from datetime import timedelta

from odoo import models

from ....canonical.errors import Transient
from ....canonical.facts import USABLE_MANDATES
from ....canonical.payments.collecting import (
    ORDER_LABEL,
    Collected,
    CollectionReason,
    CollectionRefused,
    CollectionState,
    Unclear,
)
from ..const import EXPONENT
from ..event import write_moment

#: The currency that a scheme collects in; of others, GoCardless says.
#: https://developer.gocardless.com/api-reference/#mandates-create-a-mandate
_CURRENCIES = {
    "ach": "USD",
    "autogiro": "SEK",
    "bacs": "GBP",
    "becs": "AUD",
    "becs_nz": "NZD",
    "betalingsservice": "DKK",
    "faster_payments": "GBP",
    "pad": "CAD",
    "pay_to": "AUD",
    "sepa_core": "EUR",
}
#: Why GoCardless refuses, by the reasons and the fields of its errors.
#: https://developer.gocardless.com/api-reference/#errors-payment-errors
_REASONS = {
    "mandate_is_inactive": CollectionReason.MANDATE_ENDED,
    "mandate_suspended": CollectionReason.MANDATE_ENDED,
    "mandate_replaced": CollectionReason.MANDATE_ENDED,
    "customer_data_removed": CollectionReason.CUSTOMER_UNKNOWN,
    "amount": CollectionReason.AMOUNT,
    "currency": CollectionReason.CURRENCY,
}
#: States of a payment that will bring nothing.
_FAILED = ("failed", "customer_approval_denied")
#: Clocks differ a little.
_BEFORE = timedelta(hours=1)


class SaasAdapterGoCardless(models.AbstractModel):
    """Collects own invoices through GoCardless. A customer without a mandate gives one
    on a page of GoCardless': see ``page.py``.
    """

    _inherit = "saas.adapter.gocardless"

    _can_collect = True

    def _get_minor_units(self, currency):
        return EXPONENT, 1

    def _collect(self, source, order):
        mandate = _choose_mandate(order)
        if not mandate:
            reason = CollectionReason.NO_MANDATE
            states = {state for _ref, _scheme, state in order.mandates}
            if states and states.isdisjoint(USABLE_MANDATES):
                reason = CollectionReason.MANDATE_ENDED
            return self._offer_page(source, order, reason)
        try:
            return self._debit(source, order, mandate)
        except CollectionRefused as error:
            if error.reason != CollectionReason.MANDATE_ENDED:
                raise
            # The mirror is behind. GoCardless may name the mandate that came instead.
            if new := _find_link(error.__cause__, "new_mandate"):
                return self._debit(source, order, new)
            return self._offer_page(source, order, error.reason, error.detail)

    def _debit(self, source, order, mandate):
        """Create the payment of an order, and return what it says.

        :param mandate: the id of the mandate to debit, on the first day possible.
        """
        values = {
            "amount": order.amount,
            "currency": order.currency,
            "description": order.text,
            "metadata": dict(order.labels),
            "links": {"mandate": mandate},
        }
        payment = self._create(source, "payments", values, order.key)
        return self._read_collected(payment)

    def _find_collected(self, source, order):
        made = {
            "customer": order.customer,
            "created_at[gte]": write_moment(order.sent_at - _BEFORE),
        }
        for payment in self._get_all(source, "payments", **made):
            if (payment.get("metadata") or {}).get(ORDER_LABEL) == order.key:
                return self._read_collected(payment)
        return None

    def _read_collected(self, payment):
        """Return what a payment says of its order."""
        ref, status = payment["id"], payment.get("status")
        if status == "cancelled":
            reason = CollectionReason.CANCELED_THERE
            return Collected(CollectionState.CANCELED, ref, reason)
        if status in _FAILED:
            return Collected(CollectionState.FAILED, ref, CollectionReason.DECLINED)
        return Collected(CollectionState.PENDING, ref)

    # -- calling -------------------------------------------------------------------

    def _create(self, source, name, values, key=None):
        """Create an object, and return it as plain JSON.

        :param name: what GoCardless calls such objects, such as ``payments``.
        :param key: two calls with one key create one. None: each call creates one.
        :raises CollectionRefused: if GoCardless refuses.
        :raises Unclear: if nobody knows whether it was created.
        :raises Transient: if it was not, and may be later.
        """
        headers = {"Idempotency-Key": key} if key else None
        client, _own = self._open(source)
        try:
            return self._write(source, name, "create", values, headers)
        except client.CREATED as error:
            # While the first of two equal calls is at work, none is named.
            ref = _find_link(error, "conflicting_resource_id")
            created = ref and self._get_one(source, name, ref)
            if not created:
                raise Unclear(error.message) from error
            return created

    def _write(self, source, name, method, *arguments):
        """Call a method of GoCardless' library that writes, once, and return the object
        as plain JSON. It raises what :meth:`_create` raises, and the library's own
        error if an earlier call with the same key has created it.
        """
        client, own = self._open(source)
        service = getattr(own, name)
        # If the library repeated it, the last error would say nothing of what an
        # earlier call has done.
        service.max_network_retries = 1
        try:
            return getattr(service, method)(*arguments).attributes
        except client.CREATED:
            raise
        except client.RATE_LIMITED as error:
            raise Transient(str(error)) from error
        except client.REFUSING as error:
            detail = self.env._(
                "The access token has to be one with read-write access. GoCardless "
                "says: %s",
                error,
            )
            raise CollectionRefused(CollectionReason.KEY_REFUSED, detail) from error
        except (client.UNREACHED, client.ERROR) as error:
            if client.is_unclear(error):
                passing = source._make_passing(error, client.UNREACHED)
                raise Unclear(str(passing)) from error
            raise CollectionRefused(_find_reason(error), str(error)) from error


def _choose_mandate(order):
    """Return the id of the mandate to debit: the newest in the best state that collects
    in the order's currency; an empty text if there is none.
    """
    usable = [
        (USABLE_MANDATES.index(state), number, ref)
        for number, (ref, scheme, state) in enumerate(order.mandates)
        if state in USABLE_MANDATES
        and _CURRENCIES.get(scheme, order.currency) == order.currency
    ]
    return min(usable)[-1] if usable else ""


def _find_reason(error):
    """Return why GoCardless refuses, by what its error names."""
    named = [
        str(part.get(key))
        for part in getattr(error, "errors", None) or ()
        for key in ("reason", "field")
    ]
    found = (_REASONS[name] for name in named if name in _REASONS)
    return next(found, CollectionReason.REFUSED)


def _find_link(error, name):
    """Return an id that an error of GoCardless' names, or an empty text."""
    for part in getattr(error, "errors", None) or ():
        if ref := (part.get("links") or {}).get(name):
            return ref
    return ""
