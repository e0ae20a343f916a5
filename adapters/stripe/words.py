"""Stripe's words for states and types that books depend on. These are open lists:
Stripe adds words without a new version of its API.
https://docs.stripe.com/upgrades#what-changes-does-stripe-consider-to-be-backward-compatible

A word that is not known here keeps what is known of the object. Its money is booked by
whatever else the object tells, and a person is asked.
"""

import re

from ...canonical.facts import UnknownWord

#: The words that are known here, by Stripe's name of the object and by the key.
KNOWN = {
    "capital.financing_transaction": {"type": "payment payout reversal"},
    "charge": {"status": "failed pending succeeded"},
    "credit_note": {
        "status": "issued void",
        "type": "mixed post_payment pre_payment",
    },
    "coupon": {"duration": "forever once repeating"},
    "customer": {"tax_exempt": "exempt none reverse"},
    "dispute": {
        "status": """
            appeal_needs_response appeal_under_review lost needs_response prevented
            under_review warning_closed warning_needs_response warning_under_review won
        """
    },
    "invoice": {"status": "draft open paid uncollectible void"},
    "invoice_payment": {"status": "canceled open paid"},
    "payment_intent": {
        "status": """
            canceled processing requires_action requires_capture requires_confirmation
            requires_payment_method succeeded
        """
    },
    "payout": {"status": "canceled failed in_transit paid pending"},
    "price": {
        "billing_scheme": "per_unit tiered",
        "tiers_mode": "graduated volume",
    },
    "recurring": {
        "interval": "day month week year",
        "usage_type": "licensed metered",
    },
    "refund": {"status": "canceled failed pending requires_action succeeded"},
    "subscription": {
        "status": """
            active canceled incomplete incomplete_expired past_due paused trialing
            unpaid
        """
    },
    "transform_quantity": {"round": "down up"},
}
KNOWN = {
    name: {key: frozenset(words.split()) for key, words in keys.items()}
    for name, keys in KNOWN.items()
}


def read_word(data, key, name, default=None):
    """Return the word at ``key`` of an object, or None if it is not known here.

    :param name: what Stripe calls the object. Objects inside others may not tell.
    :param default: the word where there is none; without it, there has to be one.
    """
    word = data.text(key) if default is None else data.text(key, default)
    return word if word in KNOWN[name][key] else None


def find_unknown(event):
    """Return one fact for each word of an event's object that is not known here."""
    data = event.data
    name = data.text("object", "")
    found = find_strange(data, name)
    if name == "invoice":
        known = KNOWN["invoice_payment"]["status"]
        words = {part.text("status", "paid") for part in data.objects("payments.data")}
        if words - known:
            found["invoice.payments.status"] = min(words - known)
    return make_unknown(data, found)


def find_strange(data, name):
    """Return the words of an object that are not known here, by its name and the key.

    :param name: what Stripe calls the object. Objects inside others may not tell.
    """
    return {
        f"{name}.{key}": word
        for key, known in KNOWN.get(name, {}).items()
        if (word := data.text(key, None)) is not None and word not in known
    }


def make_unknown(data, found):
    """Return one fact for each word that is not known here, of an event's object.

    :param found: the words by where they stand, as :func:`find_strange` returns them.
    """
    return [
        UnknownWord(
            external_id=f"{data.ref('id')[:100]}/{about.partition('.')[2]}",
            object_ref=data.ref("id")[:100],
            about=about,
            word=word if re.fullmatch(r"\w{1,64}", word, re.ASCII) else "?",
        )
        for about, word in found.items()
    ]
