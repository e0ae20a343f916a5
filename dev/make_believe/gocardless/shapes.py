"""GoCardless' objects as JSON, with the keys that its own library's classes know.
https://developer.gocardless.com/api-reference/
"""

from datetime import UTC


def write_moment(moment):
    """Return an aware datetime as GoCardless writes it: in UTC, to the millisecond."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def write_tenths(amount):
    """Return a Decimal of minor units as a payout item has it: with one decimal."""
    return f"{amount:.1f}"


def customer(ref, made_at, **values):
    """Return a customer, a person unless ``company_name`` is given."""
    return {
        "id": ref,
        "created_at": write_moment(made_at),
        "email": None,
        "given_name": None,
        "family_name": None,
        "company_name": None,
        "address_line1": None,
        "address_line2": None,
        "address_line3": None,
        "city": None,
        "region": None,
        "postal_code": None,
        "country_code": None,
        "language": "en",
        "phone_number": None,
        "swedish_identity_number": None,
        "danish_identity_number": None,
        "metadata": {},
        **values,
    }


def mandate(ref, made_at, customer_ref, creditor, **values):
    """Return a mandate of a customer."""
    return {
        "id": ref,
        "created_at": write_moment(made_at),
        "reference": f"REF-{ref}",
        "status": "active",
        "scheme": "bacs",
        "next_possible_charge_date": None,
        "payments_require_approval": False,
        "metadata": {},
        "links": {
            "customer": customer_ref,
            "creditor": creditor,
            "customer_bank_account": f"BA{ref[2:]}",
        },
        **values,
    }


def payment(ref, made_at, mandate_ref, creditor, **values):
    """Return a payment; amounts are in minor units."""
    return {
        "id": ref,
        "created_at": write_moment(made_at),
        "charge_date": None,
        "amount": 0,
        "amount_refunded": 0,
        "description": None,
        "currency": "GBP",
        "status": "pending_submission",
        "reference": None,
        "scheme": "bacs",
        "retry_if_possible": False,
        "metadata": {},
        "fx": no_fx(),
        "links": {"mandate": mandate_ref, "creditor": creditor},
        **values,
    }


def billing_request(ref, made_at, asked, customer_ref, creditor, **values):
    """Return a billing request: what a customer is asked for, here a mandate.

    :param asked: its currency and scheme, and what the customer reads.
    """
    return {
        "id": ref,
        "created_at": write_moment(made_at),
        "status": "pending",
        "actions": [],
        "fallback_enabled": False,
        "fallback_occurred": False,
        "instalment_schedule_request": None,
        "mandate_request": {
            "currency": None,
            "scheme": None,
            "description": None,
            "consent_type": None,
            "constraints": None,
            "links": {},
            "metadata": {},
            "verify": "recommended",
            **asked,
        },
        "metadata": {},
        "payment_request": None,
        "purpose_code": None,
        "resources": {"customer": {"id": customer_ref}} if customer_ref else {},
        "subscription_request": None,
        "links": {
            "creditor": creditor,
            "customer": customer_ref,
            "mandate_request": f"MRQ{ref[3:]}",
        },
        **values,
    }


def billing_request_flow(ref, made_at, expires_at, request_ref, **values):
    """Return a flow: the page on which a customer answers a billing request."""
    return {
        "id": ref,
        "created_at": write_moment(made_at),
        "expires_at": write_moment(expires_at),
        "authorisation_url": (
            f"https://pay-sandbox.gocardless.com/billing/static/flow?id={ref}"
        ),
        "auto_fulfil": True,
        "customer_details_captured": False,
        "exit_uri": None,
        "language": None,
        "lock_bank_account": False,
        "lock_currency": False,
        "lock_customer_details": False,
        "prefilled_bank_account": None,
        "prefilled_customer": None,
        "redirect_uri": None,
        "session_token": None,
        "show_redirect_buttons": False,
        "show_success_redirect_button": False,
        "skip_success_screen": False,
        "links": {"billing_request": request_ref},
        **values,
    }


def refund(ref, made_at, payment_ref, mandate_ref, **values):
    """Return a refund of a payment, in minor units."""
    return {
        "id": ref,
        "created_at": write_moment(made_at),
        "amount": 0,
        "currency": "GBP",
        "reference": None,
        "status": "created",
        "metadata": {},
        "fx": no_fx(),
        "links": {"payment": payment_ref, "mandate": mandate_ref},
        **values,
    }


def payout(ref, made_at, creditor, **values):
    """Return a payout: net of fees, in minor units."""
    return {
        "id": ref,
        "created_at": write_moment(made_at),
        "amount": 0,
        "arrival_date": None,
        "currency": "GBP",
        "deducted_fees": 0,
        "payout_type": "merchant",
        "reference": f"GC-{ref}",
        "status": "pending",
        "tax_currency": None,
        "metadata": {},
        "fx": no_fx(),
        "links": {"creditor": creditor, "creditor_bank_account": "BA000CREDITOR"},
        **values,
    }


def payout_item(kind, amount, links, taxes=None):
    """Return an item of a payout. ``taxes`` is left out unless it was asked for."""
    item = {"type": kind, "amount": write_tenths(amount), "links": links}
    return item if taxes is None else {**item, "taxes": taxes}


def tax(amount, currency, rate="GB_VAT_1"):
    """Return the tax in a fee, which the fee's amount holds already."""
    return {
        "amount": write_tenths(amount),
        "currency": currency,
        "destination_amount": write_tenths(amount),
        "destination_currency": currency,
        "exchange_rate": None,
        "tax_rate_id": rate,
    }


def no_fx():
    """Return how an object says that its money is not exchanged."""
    return {
        "fx_currency": None,
        "fx_amount": None,
        "exchange_rate": None,
        "estimated_exchange_rate": None,
    }


def event(ref, made_at, resource_type, action, links, **details):
    """Return an event, as a webhook and the list of events have it."""
    return {
        "id": ref,
        "created_at": write_moment(made_at),
        "resource_type": resource_type,
        "action": action,
        "links": links,
        "details": {
            "origin": "gocardless",
            "cause": f"{resource_type.rstrip('s')}_{action}",
            "description": f"This is what {action} means.",
            **details,
        },
        "metadata": {},
        "resource_metadata": {},
    }
