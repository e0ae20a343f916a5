"""What Stripe makes when it is told to collect, as JSON: with the keys of the newest
version of its API, and amounts in minor units.
https://docs.stripe.com/api/payment_intents/object
https://docs.stripe.com/api/checkout/sessions/object
"""


def method(ref, made_at, customer, kind, **details):
    """Return a way to pay that a customer has saved; ``kind`` such as card."""
    return {
        "id": ref,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {
            "address": {},
            "email": None,
            "name": None,
            "phone": None,
            "tax_id": None,
        },
        "created": made_at,
        "customer": customer,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
        kind: details,
    }


def intent(ref, made_at, customer, **values):
    """Return a payment intent."""
    return {
        "id": ref,
        "object": "payment_intent",
        "amount": 0,
        "amount_capturable": 0,
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{ref}_secret_counterpart",
        "confirmation_method": "automatic",
        "created": made_at,
        "currency": "usd",
        "customer": customer,
        "customer_account": None,
        "description": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_types": ["card"],
        "receipt_email": None,
        "setup_future_usage": None,
        "shipping": None,
        "statement_descriptor": None,
        "status": "requires_payment_method",
        "transfer_group": None,
        **values,
    }


def charge(ref, made_at, paying, **values):
    """Return a charge of a payment intent, with the metadata that the intent has now.
    https://docs.stripe.com/payments/payment-intents#storing-information-in-metadata
    """
    amount = paying["amount"]
    return {
        "id": ref,
        "object": "charge",
        "amount": amount,
        "amount_captured": amount,
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": {"address": {}, "email": None, "name": None, "phone": None},
        "captured": True,
        "created": made_at,
        "currency": paying["currency"],
        "customer": paying["customer"],
        "description": paying["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": paying["livemode"],
        "metadata": dict(paying["metadata"]),
        "outcome": None,
        "paid": True,
        "payment_intent": paying["id"],
        "payment_method": paying["payment_method"],
        "receipt_email": None,
        "receipt_url": None,
        "refunded": False,
        "status": "succeeded",
        **values,
    }


def movement(ref, made_at, paid, fee):
    """Return the balance transaction that a charge brought about."""
    part = {
        "amount": fee,
        "application": None,
        "currency": paid["currency"],
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }
    return {
        "id": ref,
        "object": "balance_transaction",
        "amount": paid["amount"],
        "available_on": made_at,
        "balance_type": "payments",
        "created": made_at,
        "currency": paid["currency"],
        "description": paid["description"],
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [part],
        "net": paid["amount"] - fee,
        "reporting_category": "charge",
        "source": paid["id"],
        "status": "available",
        "type": "charge",
        "_payout": "",
    }


def payout(ref, made_at, **values):
    """Return a payout on its way to the bank."""
    return {
        "id": ref,
        "object": "payout",
        "amount": 0,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": made_at,
        "automatic": True,
        "balance_transaction": None,
        "created": made_at,
        "currency": "usd",
        "description": "STRIPE PAYOUT",
        "destination": "ba_counterpart",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "reconciliation_status": "in_progress",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "in_transit",
        "trace_id": None,
        "type": "bank_account",
        **values,
    }


def payout_movement(ref, made_at, paid):
    """Return the balance transaction by which a payout left."""
    return {
        "id": ref,
        "object": "balance_transaction",
        "amount": -paid["amount"],
        "available_on": made_at,
        "balance_type": "payments",
        "created": made_at,
        "currency": paid["currency"],
        "description": paid["description"],
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": -paid["amount"],
        "reporting_category": "payout",
        "source": paid["id"],
        "status": "available",
        "type": "payout",
        "_payout": paid["id"],
    }


def session(ref, made_at, customer, **values):
    """Return a Checkout Session: a page to pay on. It has no intent before the customer
    pays.
    """
    return {
        "id": ref,
        "object": "checkout.session",
        "amount_subtotal": 0,
        "amount_total": 0,
        "automatic_tax": {"enabled": False, "liability": None, "status": None},
        "billing_address_collection": None,
        "cancel_url": None,
        "client_reference_id": None,
        "created": made_at,
        "currency": "usd",
        "customer": customer,
        "customer_creation": None,
        "customer_details": None,
        "customer_email": None,
        "expires_at": made_at + 24 * 3600,
        "invoice": None,
        "livemode": False,
        "locale": None,
        "metadata": {},
        "mode": "payment",
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "recovered_from": None,
        "setup_intent": None,
        "status": "open",
        "submit_type": None,
        "subscription": None,
        "success_url": None,
        "total_details": {
            "amount_discount": 0,
            "amount_shipping": 0,
            "amount_tax": 0,
        },
        "ui_mode": "hosted",
        "url": f"https://checkout.stripe.com/c/pay/{ref}",
        **values,
    }
