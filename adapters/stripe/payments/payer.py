"""Reads who paid, of money that belongs to no customer of Stripe: a guest's.
https://docs.stripe.com/api/charges/object#charge_object-billing_details
"""

from ....canonical.facts import Payer
from ..customers.customer import read_address


def read_payer(charge):
    """Return the payer that a charge names."""
    details = charge.object("billing_details")
    return Payer(
        name=details.text("name", ""),
        email=details.text("email", "") or charge.text("receipt_email", ""),
        phone=details.text("phone", ""),
        address=read_address(details.object("address")),
    )


def read_intent_payer(intent):
    """Return the payer of a payment intent, as its charge names them; None where only
    the charge's own event can tell.
    """
    if isinstance(intent.value.get("latest_charge"), dict):
        return read_payer(intent.object("latest_charge"))
    if charges := intent.objects("charges.data"):
        return read_payer(charges[-1])  # the list went with 2022-11-15
    if intent.has("latest_charge"):
        return None
    return Payer(email=intent.text("receipt_email", ""))


def read_refund_payer(refund):
    """Return what a refund without a payment says of who got the money."""
    return Payer(email=refund.text("instructions_email", ""))
