"""Types of events that change no books, because another event tells their content with
its money. An endpoint need not be subscribed to them; if it is, the events are done.
"""

#: An authorisation, or a debit on its way, is not cash. That a charge got its balance
#: transaction is told by the balance transaction, which names the charge. What lies in
#: a cash balance is told by that balance's transactions. A top-up or an offer of
#: financing on its way moves nothing, nor does the plan of a reserve.
TYPES = (
    "cash_balance.funds_available",
    "charge.expired",
    "charge.pending",
    "charge.updated",
    "payment_intent.amount_capturable_updated",
    "payment_intent.canceled",
    "payment_intent.created",
    "payment_intent.partially_funded",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.requires_action",
    "capital.financing_offer.accepted",
    "capital.financing_offer.canceled",
    "capital.financing_offer.created",
    "capital.financing_offer.expired",
    "capital.financing_offer.fully_repaid",
    "capital.financing_offer.paid_out",
    "capital.financing_offer.rejected",
    "capital.financing_offer.replacement_created",
    "reserve.hold.updated",
    "reserve.plan.created",
    "reserve.plan.disabled",
    "reserve.plan.expired",
    "reserve.plan.updated",
    "topup.canceled",
    "topup.created",
    "topup.failed",
)


def read(_event):
    """Return no facts: nothing is booked from these types."""
    return []
