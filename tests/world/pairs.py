"""Which fates can't follow upon which of the same invoice, and why Stripe refuses.
https://docs.stripe.com/invoicing/overview
"""

from .fates import FATES

#: Reasons, with the fates that come first and those that can't follow.
IMPOSSIBLE = (
    (
        "A void invoice stays void; only money that once paid it still moves.",
        ("void",),
        (
            *("pay_part", "pay_rest", "overpay", "detach", "attach", "credit_line"),
            *("credit_all", "credit_shipping", "void_credit", "give_up", "void"),
        ),
    ),
    (
        "What was overpaid is the customer's credit, so its payments stay where they "
        "are, and the invoice stays paid.",
        ("overpay",),
        (
            *("pay_part", "pay_rest", "overpay", "detach", "attach", "void_credit"),
            *("give_up", "void"),
        ),
    ),
    (
        "A whole credit note leaves nothing to pay or to credit; where it gave money "
        "back, the payments stay where they are.",
        ("credit_all",),
        (
            *("pay_part", "pay_rest", "overpay", "detach", "attach", "credit_line"),
            *("credit_all", "credit_shipping", "void_credit", "give_up", "void"),
        ),
    ),
)


def find_possible():
    """Return all ordered pairs of fates of one invoice that Stripe allows."""
    refused = {
        (first, second)
        for _reason, firsts, seconds in IMPOSSIBLE
        for first in firsts
        for second in seconds
    }
    return {(a, b) for a in FATES for b in FATES} - refused
