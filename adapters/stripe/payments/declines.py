"""Why Stripe did not collect, by the codes of its errors.
https://docs.stripe.com/error-codes and https://docs.stripe.com/declines/codes
"""

from ....canonical.payments.collecting import CollectionReason

#: By the bank's code, which says more, and by Stripe's own.
_REASONS = {
    "authentication_required": CollectionReason.AUTHENTICATION,
    "authentication_not_handled": CollectionReason.AUTHENTICATION,
    "payment_intent_authentication_failure": CollectionReason.AUTHENTICATION,
    "insufficient_funds": CollectionReason.FUNDS,
    "expired_card": CollectionReason.METHOD_EXPIRED,
    "card_declined": CollectionReason.DECLINED,
    "payment_intent_payment_attempt_failed": CollectionReason.DECLINED,
    "payment_method_provider_decline": CollectionReason.DECLINED,
    "processing_error": CollectionReason.DECLINED,
    "payment_intent_mandate_invalid": CollectionReason.MANDATE_ENDED,
    "amount_too_small": CollectionReason.AMOUNT,
    "amount_too_large": CollectionReason.AMOUNT,
}
#: Where a parameter is wrong, by its name.
_PARAMS = {
    "amount": CollectionReason.AMOUNT,
    "currency": CollectionReason.CURRENCY,
    "customer": CollectionReason.CUSTOMER_UNKNOWN,
    "payment_method": CollectionReason.NO_METHOD,
}


def find_reason(error, default):
    """Return why an error, as Stripe tells it (a plain dict), stopped a payment.

    :param default: what it is if its codes aren't known here.
    """
    for key in ("decline_code", "code"):
        if reason := _REASONS.get(error.get(key)):
            return reason
    return _PARAMS.get(error.get("param"), default)


def describe(error):
    """Return what Stripe says of an error (a plain dict): its sentence, with the code
    that tells banks' reasons apart, of which there are more than are known here.
    """
    code = error.get("decline_code") or error.get("code")
    message = error.get("message") or ""
    return f"{message} ({code})".strip() if code else message
