"""What GoCardless names and what we ask of it."""

#: The header with the signature of a webhook's body.
SIGNATURE_HEADER = "Webhook-Signature"
#: All currencies that GoCardless collects and pays out in have two decimals.
#: https://developer.gocardless.com/api-reference/#payments-create-a-payment
EXPONENT = 2
#: The type of a part of a webhook that is no event.
UNREADABLE = "unreadable"
