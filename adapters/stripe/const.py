"""Names and limits that Stripe's documentation gives."""

#: The first API version with the new invoice shape. A payload keeps the shape of
#: its ``api_version`` for ever. https://docs.stripe.com/changelog/basil
BASIL = "2025-03-31"

SIGNATURE_HEADER = "Stripe-Signature"

#: The version that objects are asked for in: that of the library we are pinned to.
#: Objects that are fetched or read have the shape of this version, whatever the
#: account's default is.
API_VERSION = "2026-10-28.endive"
