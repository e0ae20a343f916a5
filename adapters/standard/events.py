"""How an event's data becomes facts, by its type and the version of the data.

Each function takes the event and its data, as the version's model read it, and returns
a list of facts. What has none here is checked and kept, and books nothing.
"""

from . import clearing, customers, documents, payments, subscriptions, usage

NORMALISERS = {
    # customers
    ("customer.upserted", "1"): customers.read_upserted,
    ("customer.merged", "1"): customers.read_merged,
    # subscriptions
    ("subscription.created", "0"): subscriptions.read_changed,
    ("subscription.updated", "0"): subscriptions.read_changed,
    ("subscription.canceled", "0"): subscriptions.read_changed,
    ("contract.won", "0"): subscriptions.read_contract,
    # usage
    ("usage.recorded", "0"): usage.read_recorded,
    # documents
    ("invoice.issued", "1"): documents.read_issued,
    ("invoice.voided", "1"): documents.read_voided,
    ("credit_note.issued", "1"): documents.read_credit_note,
    # payments
    ("payment.succeeded", "1"): payments.read_succeeded,
    ("payment.reversed", "1"): payments.read_reversed,
    ("refund.succeeded", "1"): payments.read_refund,
    # clearing
    ("payout.paid", "1"): clearing.read_paid,
}
