"""How an event's data becomes facts, by its type and the version of the data.

Each function takes the event and its data, as the version's model read it, and returns
a list of facts. What has none here is checked and kept, and books nothing.
"""

from . import clearing, customers, documents, payments, risks, subscriptions, usage

NORMALISERS = {
    # customers
    ("customer.upserted", "1"): customers.read_upserted,
    ("customer.merged", "1"): customers.read_merged,
    # subscriptions
    ("subscription.created", "0"): subscriptions.read_snapshot,
    ("subscription.created", "1"): subscriptions.read_snapshot,
    ("subscription.updated", "0"): subscriptions.read_snapshot,
    ("subscription.updated", "1"): subscriptions.read_snapshot,
    ("subscription.activated", "1"): subscriptions.read_change,
    ("subscription.changed", "1"): subscriptions.read_change,
    ("subscription.trial_ended", "1"): subscriptions.read_change,
    ("subscription.paused", "1"): subscriptions.read_change,
    ("subscription.resumed", "1"): subscriptions.read_change,
    ("subscription.renewed", "1"): subscriptions.read_change,
    ("subscription.canceled", "0"): subscriptions.read_snapshot,
    ("subscription.canceled", "1"): subscriptions.read_change,
    ("subscription.change_withdrawn", "1"): subscriptions.read_withdrawn,
    ("contract.won", "0"): subscriptions.read_contract,
    ("contract.won", "1"): subscriptions.read_contract,
    # usage
    ("usage.recorded", "0"): usage.read_recorded,
    ("usage.recorded", "1"): usage.read_recorded,
    ("usage.corrected", "1"): usage.read_corrected,
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
    # notices
    ("risk.flagged", "1"): risks.read_flagged,
    ("risk.cleared", "1"): risks.read_cleared,
}
