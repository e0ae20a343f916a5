"""The scenarios that GoCardless' own scenario simulators play, by their names.
https://developer.gocardless.com/api-reference/#scenario-simulators
"""

from decimal import Decimal

_FAILED = {
    "origin": "bank",
    "cause": "insufficient_funds",
    "scheme": "bacs",
    "reason_code": "ARUDD-0",
    "will_attempt_retry": False,
}


def payment_submitted(account, ref):
    """Send a payment to the bank."""
    account.set("payments", ref, "submitted", "submitted")


def payment_confirmed(account, ref):
    """Collect a payment."""
    payment_submitted(account, ref)
    account.pass_days(4)
    account.set("payments", ref, "confirmed", "confirmed")
    account.owe_payment(ref)


def payment_paid_out(account, ref):
    """Collect a payment, unless it is collected already, and pay it out."""
    if account.get("payments", ref)["status"] != "confirmed":
        payment_confirmed(account, ref)
    account.pay_out(account.get("payments", ref)["currency"])


def payment_failed(account, ref):
    """Have the bank refuse a payment."""
    payment_submitted(account, ref)
    account.pass_days(4)
    account.set("payments", ref, "failed", "failed", **_FAILED)


def payment_late_failure(account, ref):
    """Have the bank take a payment back that seemed to be collected, some days after it
    was paid out unless it is already.
    """
    _reach_paid_out(account, ref)
    account.pass_days(5)
    account.set("payments", ref, "failed", "failed", **_FAILED)
    account.owe_back(ref, "payment_failed")


def payment_late_failure_settled(account, ref):
    """Play a late failure, and take it off a payout."""
    payment_late_failure(account, ref)
    account.pay_out(account.get("payments", ref)["currency"])


def payment_charged_back(account, ref):
    """Have the customer take a payment back after it was paid out."""
    _reach_paid_out(account, ref)
    account.pass_days(5)
    cause = {"origin": "bank", "cause": "authorisation_disputed", "scheme": "bacs"}
    account.set("payments", ref, "charged_back", "charged_back", **cause)
    account.owe_back(ref, "payment_charged_back")


def payment_chargeback_settled(account, ref):
    """Play a chargeback, and take it off a payout."""
    payment_charged_back(account, ref)
    account.pay_out(account.get("payments", ref)["currency"])


def payment_chargeback_cancelled(account, ref):
    """Have the bank withdraw a chargeback, before a payout or after it. GoCardless has
    no simulator of its own for this.
    """
    paid = account.get("payments", ref)
    due = account.due.get(paid["currency"], [])
    mine = [
        item
        for item in due
        if item["links"].get("payment") == ref
        and item["type"] in ("payment_charged_back", "gocardless_fee")
    ]
    account.pass_days(3)
    account.set("payments", ref, "paid_out", "chargeback_cancelled")
    if any(item["type"] == "payment_charged_back" for item in mine):
        for item in mine:
            due.remove(item)
    else:
        account.owe_payment(ref)


def payment_resubmitted(account, ref):
    """Have a payment that failed tried again, as a person may ask for."""
    account.set("payments", ref, "pending_submission", "resubmission_requested")
    charged = account.at.date()
    account.get("payments", ref)["charge_date"] = str(charged)


def refund_paid(account, ref):
    """Send a refund to the customer."""
    account.set("refunds", ref, "submitted", "submitted")
    account.pass_days(1)
    account.set("refunds", ref, "paid", "paid")


def refund_settled(account, ref):
    """Send a refund, and take it off a payout."""
    if account.get("refunds", ref)["status"] != "paid":
        refund_paid(account, ref)
    account.pay_out(account.get("refunds", ref)["currency"])


def refund_bounced(account, ref):
    """Have a refund come back from the customer's bank."""
    refund_paid(account, ref)
    account.pass_days(2)
    account.set("refunds", ref, "bounced", "bounced")


def refund_returned(account, ref):
    """Have a refund come back, and its money become part of the next payout."""
    refund_bounced(account, ref)
    refund = account.get("refunds", ref)
    account.set("refunds", ref, "funds_returned", "funds_returned")
    links = {"refund": ref, "payment": refund["links"]["payment"]}
    amount = Decimal(refund["amount"])
    account.owe(refund["currency"], "refund_funds_returned", amount, links)


def mandate_activated(account, ref):
    """Have the bank accept a mandate."""
    account.set("mandates", ref, "submitted", "submitted")
    account.pass_days(3)
    account.set("mandates", ref, "active", "active")


def mandate_failed(account, ref):
    """Have the bank refuse a mandate."""
    account.set("mandates", ref, "failed", "failed")


def mandate_expired(account, ref):
    """Let a mandate expire."""
    account.set("mandates", ref, "expired", "expired")


def mandate_cancelled(account, ref):
    """Have the customer cancel a mandate. GoCardless has no simulator of its own for
    this: people do it.
    """
    account.set("mandates", ref, "cancelled", "cancelled", origin="customer")


def mandate_replaced(account, ref):
    """Have a mandate replaced by another, as when a company's account moves; return the
    new one's id. GoCardless has no simulator of its own for this.
    """
    old = account.get("mandates", ref)
    new = account.add_mandate(old["links"]["customer"], old["scheme"])
    old["links"]["new_mandate"] = new
    account.set("mandates", ref, "cancelled", "replaced")
    return new


def billing_request_fulfilled(account, ref):
    """Have the customer give the mandate that a billing request asks for; return its
    id.
    """
    request = account.get("billing_requests", ref)
    customer = request["links"]["customer"]
    asked = request["mandate_request"]
    mandate = account.add_mandate(customer, asked["scheme"], "pending_submission")
    asked["links"]["mandate"] = mandate
    request["links"]["mandate_request_mandate"] = mandate
    request["status"] = "fulfilled"
    links = {"customer": customer, "mandate_request_mandate": mandate}
    account.tell("billing_requests", ref, "fulfilled", links)
    return mandate


def _reach_paid_out(account, ref):
    if account.get("payments", ref)["status"] != "paid_out":
        payment_paid_out(account, ref)


#: By the names that the API takes.
SIMULATORS = {
    function.__name__: function
    for function in (
        payment_submitted,
        payment_confirmed,
        payment_paid_out,
        payment_failed,
        payment_late_failure,
        payment_late_failure_settled,
        payment_charged_back,
        payment_chargeback_settled,
        refund_paid,
        refund_settled,
        refund_bounced,
        refund_returned,
        mandate_activated,
        mandate_failed,
        mandate_expired,
        billing_request_fulfilled,
    )
}
