"""``radar.early_fraud_warning.*`` and ``review.*``: somebody doubts a payment.
https://docs.stripe.com/api/radar/early_fraud_warnings/object
https://docs.stripe.com/api/radar/reviews/object
"""

import re

from ....canonical.facts import RiskFlag

#: Why a review is closed that has found a fraud: nobody said that the payer may pay on.
#: The list is open; any other reason says that the payment is looked at no more.
_CONFIRMED = ("disputed", "refunded_as_fraud")
_WORD = re.compile(r"\w{1,64}", re.ASCII)


def read_warning(event):
    """Return one fact about what a card's issuer warns of, in a list. Stripe takes no
    warning back: one that is not actionable is disputed or refunded by now.
    """
    data = event.data
    return [
        RiskFlag(
            form="warning",
            state="open",
            reason=_read_word(data, "fraud_type"),
            is_actionable=data.flag("actionable", True),
            **_read_common(event),
        )
    ]


def read_review(event):
    """Return one fact about a payment that somebody reviews, or has reviewed, in a
    list.
    """
    data = event.data
    is_open = data.flag("open")
    closed = _read_word(data, "closed_reason")
    is_cleared = not is_open and closed not in _CONFIRMED
    return [
        RiskFlag(
            form="review",
            state="cleared" if is_cleared else "open",
            reason=(not is_open and closed) or _read_word(data, "reason"),
            is_actionable=is_open,
            **_read_common(event),
        )
    ]


def _read_common(event):
    data = event.data
    return {
        "external_id": data.ref("id"),
        "version": event.text("id"),
        "payment": data.ref("payment_intent", None) or data.ref("charge"),
        "told_at": event.occurred_at,
        "opened_at": data.moment("created"),
    }


def _read_word(data, key):
    """Return the word at a key; an empty text for what is no word."""
    text = data.text(key, "")
    return text if _WORD.fullmatch(text) else ""
